import type { MatterItem } from '../../../modules/matters/contract.ts';
import { useRemaining, useTimeWords } from '../../shared/time.tsx';
import { Chip, toneOf } from '../../ui/status.tsx';
import { DueWhy } from './due-why.tsx';

/** One matter in a list: what it is, its state in a word, where, and how long there is. */
export const InboxRow = ({ item, open, href, pick }: {
  readonly item: MatterItem; readonly open: boolean; readonly href: string;
  /** While rows are being selected: whether this one is, and what turns it. */
  readonly pick?: { readonly picked: boolean; readonly turn: () => void; readonly label: string };
}) => {
  const remaining = useRemaining();
  const { brief } = useTimeWords();
  const { words, urgency } = remaining(item.clock);
  return (
    <li className={pick ? 'row-item row-picking' : 'row-item'}>
      {pick && <label className="row-pick"><input type="checkbox" checked={pick.picked} onChange={pick.turn} aria-label={pick.label} /></label>}
      <a className="row-link" href={href} {...(open && { 'aria-current': 'true' as const })} data-urgency={urgency}>
        <span className="row-title">{item.title}</span>
        <Chip tone={toneOf(item.state)}>{item.stateLabel}</Chip>
        <span className="row-where"><span className="number">{item.number}</span>{item.place && <span>{item.place.names.slice(-2).join(' · ')}</span>}</span>
        <span className={`row-time ${urgency === 'late' ? 'late-words' : urgency === 'warn' ? 'warn-words' : ''}`}>{item.clock ? words : brief(item.updatedAt)}</span>
      </a>
      {item.clock && <DueWhy matter={item.id} words={words} />}
    </li>
  );
};
