import { useState } from 'react';
import { PageFrame, Views } from '../table.tsx';
import { Programs } from './programs.tsx';
import { Systems } from './systems.tsx';
import { usePartnersSay } from './texts.ts';
import { Webhooks } from './webhooks.tsx';
import './partners.css';

const views = ['webhooks', 'systems', 'programs'] as const;

/** Other systems: what is sent to them, what is exchanged with them, and by which keys they come in. */
const Partners = () => {
  const say = usePartnersSay();
  const [view, setView] = useState<(typeof views)[number]>('webhooks');
  return (
    <PageFrame title={say('title')} tools={<Views label={say('view')} value={view} choose={setView} views={views.map((id) => ({ id, label: say(id) }))} />}>
      {view === 'webhooks' ? <Webhooks /> : view === 'systems' ? <Systems /> : <Programs />}
    </PageFrame>
  );
};

export default Partners;
