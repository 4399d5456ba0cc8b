import type { ClockView } from '../../../modules/matters/contract.ts';
import { useRemaining, useTimeWords } from '../../shared/time.tsx';
import { useWebSay } from '../../shared/language.tsx';
import { useSay } from '../texts.ts';

/** The clock that counts: of those that run the one that ends first, else one that stands still. */
const leading = (clocks: readonly ClockView[]): ClockView | undefined => {
  const open = clocks.filter((clock) => clock.stoppedAt === null);
  const byDue = (a: ClockView, b: ClockView): number => Date.parse(a.dueAt ?? '9999-12-31') - Date.parse(b.dueAt ?? '9999-12-31');
  return open.filter((clock) => clock.pausedAt === null).sort(byDue)[0] ?? open[0];
};

const far = 100 * 86_400_000;

/** The remaining time, large, with how it comes about and how much of the limit is used; the other limits in a line below. */
export const ClockBox = ({ clocks }: { readonly clocks: readonly ClockView[] }) => {
  const say = useSay();
  const webSay = useWebSay();
  const remaining = useRemaining();
  const { moment } = useTimeWords();
  const clock = leading(clocks);
  if (!clock) return null;
  const { words, urgency } = remaining(clock, far);
  const percent = Math.round(clock.spent * 100);
  const others = clocks.filter((each) => each !== clock && each.stoppedAt === null);
  return (
    <section className={`clock clock-${urgency}`} aria-label={say('matter.clock.label')}>
      <p className="clock-left">{words}</p>
      <div className="clock-working">
        <p className="strong">{clock.label}{clock.dueAt && ` · ${webSay('clock.due', { when: moment(clock.dueAt) })}`}</p>
        {clock.working.map((line) => <p key={line}>{line}</p>)}
        {clock.provisional && <p>{say('matter.clock.provisional')}</p>}
        {others.map((each) => <p key={each.name} className="clock-other">{each.label}：{remaining(each, far).words}</p>)}
      </div>
      <div className="clock-bar" role="progressbar" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.min(100, percent)} aria-label={say('matter.clock.used', { name: clock.label, percent })}>
        <span style={{ width: `${Math.max(2, Math.min(100, percent))}%` }} />
      </div>
    </section>
  );
};
