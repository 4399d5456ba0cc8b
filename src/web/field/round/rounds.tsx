import { listVisits } from '../../../modules/rounds/contract/visits.ts';
import { readCoverage, step } from '../../../modules/rounds/contract/patrol.ts';
import { attachPlate } from '../../../modules/components/contract/plates.ts';
import { giveConsent } from '../../../modules/identity/contract.ts';
import { hrefOf } from '../../shared/router.ts';
import { may, useSession } from '../../shared/session.tsx';
import { BackIcon } from '../../ui/icons.tsx';
import { useSay } from '../texts.ts';
import { Handover } from './handover.tsx';
import { Hang } from './hang.tsx';
import { Patrol } from './patrol.tsx';
import { Proxy } from './proxy.tsx';
import { Visits } from './visit.tsx';

/** Everything outdoors that is no task: patrol, visits, acting for residents, handing over; as far as the account may. */
export const Rounds = ({ part }: { readonly part: string | undefined }) => {
  const say = useSay();
  const { session } = useSession();
  const doors = [
    ...(may(session, step) && may(session, readCoverage) ? [['patrol', 'patrol.title', 'patrol.door'] as const] : []),
    ...(may(session, listVisits) ? [['visits', 'visit.title', 'visit.door'] as const] : []),
    ...(may(session, giveConsent) ? [['proxy', 'proxy.title', 'proxy.door'] as const] : []),
    ...(may(session, attachPlate) ? [['hang', 'hang.title', 'hang.door'] as const] : []),
    ['handover', 'handover.title', 'handover.door'] as const,
  ];
  const open = doors.find(([name]) => name === part)?.[0];
  if (open === undefined)
    return (
      <>
        <div className="page-head"><h1>{say('rounds.title')}</h1></div>
        <ul className="task-list">{doors.map(([name, title, words]) => <li key={name}><a className="task-card" href={hrefOf(['rounds', name])}><span className="task-title">{say(title)}</span><span className="task-where">{say(words)}</span></a></li>)}</ul>
      </>
    );
  return (
    <>
      <a className="page-back" href={hrefOf(['rounds'])}><BackIcon />{say('rounds.back')}</a>
      {open === 'patrol' ? <Patrol /> : open === 'visits' ? <Visits /> : open === 'proxy' ? <Proxy /> : open === 'hang' ? <Hang /> : <Handover />}
    </>
  );
};
