import { go, usePlace } from '../../../shared/router.ts';
import { PageFrame, Views } from '../table.tsx';
import { History } from './history/history.tsx';
import { Programs } from './programs.tsx';
import { Systems } from './systems.tsx';
import { usePartnersSay } from './texts.ts';
import { Webhooks } from './webhooks.tsx';
import './partners.css';

const views = ['webhooks', 'systems', 'programs', 'history'] as const;
type View = (typeof views)[number];

/** Other systems: what is sent to them, what is exchanged with them, by which keys they come in, and what was kept in one before. */
const Partners = () => {
  const say = usePartnersSay();
  const named = usePlace().path[1];
  const view: View = views.find((one) => one === named) ?? 'webhooks';
  return (
    <PageFrame title={say('title')} tools={<Views label={say('view')} value={view} choose={(next) => go(['partners', next])} views={views.map((id) => ({ id, label: say(id) }))} />}>
      {view === 'webhooks' ? <Webhooks /> : view === 'systems' ? <Systems /> : view === 'programs' ? <Programs /> : <History />}
    </PageFrame>
  );
};

export default Partners;
