import { type Calendar, spentTime } from '../../src/base/time/calendar.ts';
import type { Entry } from '../../src/modules/ledger/index.ts';
import type { ActionDeclaration, Workflow } from '../../src/modules/matters/index.ts';

/** A matter as its entries alone tell it. */
interface Course {
  state: string;
  version: number;
  at: number;
  leadUnit: string | null;
  handler: string | null;
  /** What each clock was last set to: a moment (milliseconds since 1970), `paused` or `stopped`. */
  readonly clocks: Map<string, number | 'paused' | 'stopped'>;
  /** When and with how long to go a clock was paused. */
  readonly paused: Map<string, { readonly at: number; readonly due: number }>;
  /** Moments for which a clock's running out has been acted on. */
  readonly fired: Set<string>;
  readonly doers: Map<string, Set<string>>;
  readonly counts: Map<string, number>;
  /** Who asked for what is still undecided. */
  asked: string | null;
}

/** Actions that may be taken so often on one case at most. */
const atMost: Readonly<Record<string, number>> = { approveExtension: 2, approveHold: 1, decideAppeal: 1, rate: 1 };
const asks = new Set(['requestExtension', 'requestHold', 'appeal']);
const decides = new Set(['approveExtension', 'refuseExtension', 'approveHold', 'refuseHold', 'decideAppeal']);
/** States of a case in which somebody is bound to act on it: exactly one unit leads. */
const led = new Set(['dispatched', 'handling', 'held', 'verifying']);
const tolerance = 1;

/** @param rides whether the entry's operation began with an action of somebody's own: what it brings with it is declared as the system's. */
const mayAct = (declaration: ActionDeclaration, { actor }: Entry, rides: boolean): boolean =>
  actor.role === 'system' || (rides && declaration.who.includes('system')) || declaration.who.includes(actor.role) || declaration.who.includes('anyone')
  || (actor.role === 'resident' && declaration.who.includes('reporter'));

/**
 * Plays a county's entries forward, in the order of its log, and holds every step against what its kind declares: no gap, no
 * step that the state does not allow, nobody in another's place, nobody verifying their own work, clocks that add up, one lead,
 * limits kept. It reads nothing but entries: rows may say what they like.
 * @returns what does not hold, in words; empty for a lawful history
 */
export const brokenCourses = (entries: Iterable<Entry>, workflows: ReadonlyMap<string, Workflow>, calendar: Calendar): string[] => {
  const wrong: string[] = [];
  const courses = new Map<string, Course>();
  const ops = new Map<string, string>();
  const absorbed = new Map<string, number>();
  const begun = new Set<string>();

  const stepClocks = (course: Course, entry: Entry, say: (what: string) => void): void => {
    const at = Date.parse(entry.at);
    for (const [name, value] of Object.entries(entry.set ?? {})) {
      if (!name.startsWith('clock.')) continue;
      const clock = name.slice('clock.'.length);
      const before = course.clocks.get(clock);
      if (value === 'paused') {
        if (typeof before !== 'number') say(`pauses clock ${clock}, which is not running`);
        else course.paused.set(clock, { at, due: before });
      }
      const due = Date.parse(String(value));
      const pause = course.paused.get(clock);
      if (!Number.isNaN(due) && before === 'paused' && pause) {
        // What was left when it stopped is left when it goes on, in working time or in all time.
        const same = (['workingHour', 'urgentHour'] as const).some((unit) =>
          Math.abs(spentTime(calendar, pause.at, pause.due, unit) - spentTime(calendar, at, due, unit)) <= tolerance);
        if (!same) say(`clock ${clock} goes on with another time than was left`);
      }
      course.clocks.set(clock, value === 'paused' || value === 'stopped' ? value : due);
    }
    const clock = entry.set?.['clock'];
    if (entry.actor.role === 'system' && (entry.action === 'overdue' || entry.action === 'remind') && typeof clock === 'string') {
      const due = course.clocks.get(clock);
      if (typeof due !== 'number') say(`${entry.action} of clock ${clock}, which is not running`);
      else {
        if (entry.action === 'overdue' && at + tolerance < due) say(`clock ${clock} is overdue before its time`);
        const once = `${entry.action} ${clock} ${due}`;
        if (course.fired.has(once)) say(`${once} comes twice`);
        course.fired.add(once);
      }
    }
  };

  for (const entry of entries) {
    if (entry.subject !== 'matter') continue;
    const { matter, action } = entry;
    const say = (what: string): void => { wrong.push(`${entry.kind} ${matter} version ${entry.mv} ${action}: ${what}`); };
    const workflow = workflows.get(entry.kind);
    const declaration = workflow?.actions[action];
    if (!workflow || !declaration) { say('nothing declares it'); continue; }
    const course: Course = courses.get(matter!) ?? {
      state: '', version: 0, at: 0, leadUnit: null, handler: null, clocks: new Map(), paused: new Map(), fired: new Set(), doers: new Map(), counts: new Map(), asked: null,
    };
    courses.set(matter!, course);

    if (entry.mv !== course.version + 1) say(`follows version ${course.version}`);
    const fresh = course.version === 0;
    if ((declaration.from === null) !== fresh) say(fresh ? 'is the first and makes nothing' : 'makes what is there');
    if (!fresh && entry.from !== course.state) say(`says that it came from ${entry.from}, where it stood in ${course.state}`);
    if (!fresh && (declaration.from === 'any' ? workflow.final.includes(course.state) : !declaration.from?.includes(course.state))) say(`is not possible in ${course.state}`);
    const to = entry.to ?? course.state;
    if (declaration.to === 'same' ? to !== course.state : declaration.to !== 'rule' && to !== declaration.to && action !== 'check') say(`leads to ${to}`);
    if (!mayAct(declaration, entry, begun.has(entry.op!))) say(`is taken as ${entry.actor.role}`);
    if (declaration.ownUnit?.includes(entry.actor.role) && entry.actor.unit !== course.leadUnit) say(`is taken by ${entry.actor.unit}, where ${course.leadUnit} leads`);
    for (const other of declaration.notWho ?? []) if (course.doers.get(other)?.has(entry.actor.id)) say(`is taken by who did ${other}`);
    if (decides.has(action) && course.asked === entry.actor.id) say('is decided by who asked');
    if (!declaration.who.includes('system')) begun.add(entry.op!);
    const at = Date.parse(entry.at);
    if (at < course.at) say('is earlier than what it follows');
    if (entry.op !== undefined && entry.actor.role !== 'system') {
      const key = `${entry.op} ${matter} ${action}`;
      if (ops.has(key)) say('its operation is there twice');
      ops.set(key, matter!);
    }
    stepClocks(course, entry, say);

    if (entry.set && 'leadUnit' in entry.set) course.leadUnit = entry.set['leadUnit'] as string | null;
    if (entry.set && 'handler' in entry.set) course.handler = entry.set['handler'] as string | null;
    const count = (course.counts.get(action) ?? 0) + 1;
    // A case that is opened anew may be rated anew.
    if (action === 'reopen') course.counts.delete('rate');
    course.counts.set(action, count);
    if (atMost[action] !== undefined && count > atMost[action]) say(`comes ${count} times`);
    if (asks.has(action)) course.asked = entry.actor.id;
    if (decides.has(action)) course.asked = null;
    if (action === 'merge') absorbed.set(entry.op!, (absorbed.get(entry.op!) ?? 0) + 1);
    if (action === 'absorb') absorbed.set(entry.op!, (absorbed.get(entry.op!) ?? 0) - 1);
    course.doers.set(action, (course.doers.get(action) ?? new Set()).add(entry.actor.id));
    Object.assign(course, { state: to, version: entry.mv, at });

    if (entry.kind === 'case' && led.has(to) && course.leadUnit === null) say('leaves it with no unit in the lead');
    if (workflow.final.includes(to)) for (const [clock, value] of course.clocks) if (value !== 'stopped') say(`ends it with clock ${clock} running`);
  }
  for (const [op, left] of absorbed) if (left !== 0) wrong.push(`op ${op}: a merge and what takes it in do not come in pairs`);
  return wrong;
};
