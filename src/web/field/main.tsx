import 'virtual:tokens.css';
import '../ui/base.css';
import '../map/map.css';
import './field.css';
import { createRoot } from 'react-dom/client';
import { LanguageProvider } from '../shared/language.tsx';
import { PictureStoreContext } from '../shared/pictures/picture-store.tsx';
import { SessionGate } from '../shared/session.tsx';
import { FieldApp } from './app.tsx';
import { learnTime } from './phone/clock.ts';
import { sessionMemory, startOffline } from './phone/offline.ts';
import { keepPicture, keptAddress } from './phone/pictures.ts';

startOffline();
learnTime();
const phone = { keep: keepPicture, address: keptAddress };

createRoot(document.getElementById('root')!).render(
  <LanguageProvider>
    <PictureStoreContext value={phone}>
      <SessionGate end="field" memory={sessionMemory}>
        <FieldApp />
      </SessionGate>
    </PictureStoreContext>
  </LanguageProvider>,
);
