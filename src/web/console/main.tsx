import 'virtual:tokens.css';
import '../ui/base.css';
import '../map/map.css';
import './console.css';
import './matter/matter.css';
import './pages/pages.css';
import { createRoot } from 'react-dom/client';
import { LanguageProvider } from '../shared/language.tsx';
import { SessionGate } from '../shared/session.tsx';
import { Shell } from './frame/shell.tsx';

createRoot(document.getElementById('root')!).render(
  <LanguageProvider>
    <SessionGate end="console">
      <Shell />
    </SessionGate>
  </LanguageProvider>,
);
