import { theSystem } from '../../base/actor.ts';
import type { CountyCode } from '../../base/ids.ts';
import { say } from '../../base/text/language.ts';
import { isRefusal, refuse, type Refusal, type Result } from '../../base/result.ts';
import { table, WrongUse, type Command, type CommandCall, type CommandResult } from '../../platform/command/command.ts';
import { textsOf } from '../../platform/texts.ts';
import { hoursOf, weekdaysOf, type Identity } from '../identity/index.ts';
import type { Places } from './index.ts';
import type { PostDraft } from './service/duty.ts';

interface Parts {
  readonly places: Places;
  readonly identity: Pick<Identity, 'county' | 'accounts' | 'world' | 'zone'>;
}

const acting = { actor: theSystem, role: 'system' } as const;
const countyOption = { name: 'county', value: 'text' } as const;

const refusedResult = (call: CommandCall, { reason, params, errors = [] }: Refusal): CommandResult => {
  const said = (key: string, values?: Refusal['params']): string => say(textsOf('reasons'), call.language, key, values);
  return {
    done: false, data: { done: false, reason, params: { ...params }, errors: errors.map((one) => ({ path: one.path, reason: one.reason })) },
    lines: [said(reason, params), ...errors.map((one) => `  ${one.path}  ${said(one.reason, one.params)}`)],
  };
};

const clock = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** A moment that was typed: a day, or a day with a time of the county. @throws WrongUse */
const moment = (option: string, text: string | undefined, offsetMinutes: number): number => {
  const said = text ?? '';
  const local = /^\d{4}-\d{2}-\d{2}$/u.test(said) ? `${said}T00:00:00Z` : /[Z+]/u.test(said) ? undefined : `${said}Z`;
  const at = local === undefined ? Date.parse(said) : Date.parse(local) - offsetMinutes * 60_000;
  if (Number.isNaN(at)) throw new WrongUse('wrong.date', { option, value: text ?? '' });
  return at;
};

/** `duty`: rosters, absences and gaps, and `import official`, the names that the state publishes. */
export const dutyCommands = (open: () => Promise<Parts>): readonly Command[] => {
  const at = async (call: CommandCall): Promise<Result<Parts & { readonly county: CountyCode }>> => {
    const parts = await open();
    const county = await parts.identity.county(call.text('county'));
    return isRefusal(county) ? county : { ...parts, county: county as CountyCode };
  };
  /** Who an account name stands for, as duty writes persons. */
  const person = async ({ identity }: Parts, login: string): Promise<Result<string>> => {
    const id = (await identity.accounts.byLogin(identity.world.db, [login.toLowerCase()])).get(login.toLowerCase());
    return id === undefined ? refuse(404, 'places.no_login', { login }) : `account:${id}`;
  };
  const rosterOf = async ({ places, identity, county }: Parts & { readonly county: CountyCode }, place: string) => {
    const posts = await places.roster(county, place);
    const keys = [...new Set(posts.flatMap(({ shifts }) => shifts.flatMap((shift) => [shift.person, ...(shift.standIn === null ? [] : [shift.standIn])])))];
    const names = await identity.accounts.names(identity.world.db, keys.filter((key) => key.startsWith('account:')).map((key) => key.slice(8)));
    return posts.flatMap(({ role, rank, shifts }) => shifts.map((shift) => ({
      id: shift.id, role, rank, person: names.get(shift.person.slice(8)) ?? shift.person, standIn: shift.standIn === null ? null : names.get(shift.standIn.slice(8)) ?? shift.standIn,
      weekdays: shift.weekdays, hours: `${clock(shift.starts)}-${clock(shift.ends)}`, from: shift.fromDay, until: shift.untilDay,
    })));
  };
  const shown = async (call: CommandCall, parts: Parts & { readonly county: CountyCode }, place: string): Promise<CommandResult> => {
    const shifts = await rosterOf(parts, place);
    return {
      done: true, data: { done: true, place, shifts },
      lines: shifts.length === 0 ? [call.say('duty.none', { place })]
        : table(shifts.map((one) => [one.id, `${one.role} ${one.rank}`, one.weekdays, one.hours, one.person, one.standIn ?? '', `${one.from}…${one.until ?? ''}`])),
    };
  };
  /** Writes the posts of a place anew; one that is left without a shift stays, so that its gap is seen. */
  const rewrite = async (call: CommandCall, parts: Parts & { readonly county: CountyCode }, place: string, change: (posts: readonly PostDraft[]) => readonly PostDraft[]): Promise<CommandResult> => {
    const posts = (await parts.places.roster(parts.county, place)).map(({ role, rank, shifts }): PostDraft => ({
      place, role, rank, shifts: shifts.map(({ id: _, post: __, ...shift }) => shift),
    }));
    const done = await parts.places.setRoster(parts.county, acting, change(posts));
    return isRefusal(done) ? refusedResult(call, done) : shown(call, parts, place);
  };

  return [{
    name: 'import official', options: [{ name: 'within', value: 'text' }, countyOption],
    async run(call) {
      const parts = await at(call);
      if (isRefusal(parts)) return refusedResult(call, parts);
      const done = await parts.places.importOfficial(parts.county, acting, call.text('within') ?? parts.county);
      return isRefusal(done) ? refusedResult(call, done) : { done: true, data: { done: true, ...done }, lines: [call.say('import.official.done', { added: done.added, version: done.version })] };
    },
  }, {
    name: 'duty gaps', options: [countyOption],
    async run(call) {
      const parts = await at(call);
      if (isRefusal(parts)) return refusedResult(call, parts);
      const gaps = (await parts.places.gaps(parts.county, parts.identity.world.now())).map(({ place, reason }) => ({ code: place.code, name: place.name, reason }));
      return {
        done: true, data: { county: parts.county, gaps },
        lines: gaps.length === 0 ? [call.say('duty.no_gaps')] : table(gaps.map(({ code, name, reason }) => [code, name, say(textsOf('places'), call.language, `gap.${reason}`)])),
      };
    },
  }, {
    name: 'duty show', args: [{ name: 'place', required: true }], options: [countyOption],
    async run(call) {
      const parts = await at(call);
      if (isRefusal(parts)) return refusedResult(call, parts);
      return shown(call, parts, call.arg('place'));
    },
  }, {
    name: 'duty set', args: [{ name: 'place', required: true }, { name: 'login', required: true }],
    options: [
      { name: 'role', value: 'text' }, { name: 'rank', value: 'number' }, { name: 'hours', value: 'text' }, { name: 'days', value: 'text' },
      { name: 'stand-in', value: 'text' }, { name: 'from', value: 'date' }, { name: 'until', value: 'date' }, countyOption,
    ],
    async run(call) {
      const hours = hoursOf(call.text('hours') ?? '0-24');
      const weekdays = weekdaysOf(call.text('days') ?? '1-7');
      if (!hours) throw new WrongUse('wrong.word', { word: call.text('hours') ?? '', right: '08:00-20:00' });
      if (weekdays === undefined) throw new WrongUse('wrong.word', { word: call.text('days') ?? '', right: '1-5' });
      const parts = await at(call);
      if (isRefusal(parts)) return refusedResult(call, parts);
      const who = await person(parts, call.arg('login'));
      const standIn = call.text('stand-in') === undefined ? null : await person(parts, call.text('stand-in')!);
      for (const found of [who, standIn]) if (isRefusal(found)) return refusedResult(call, found);
      const [role, rank] = [call.text('role') ?? 'gridworker', call.number('rank') ?? 1];
      const shift = {
        ...hours, weekdays, person: who as string, standIn: standIn as string | null, untilDay: call.text('until') ?? null,
        fromDay: call.text('from') ?? new Date(parts.identity.world.now() + (await parts.identity.zone(parts.county)).offsetMinutes * 60_000).toISOString().slice(0, 10),
      };
      return rewrite(call, parts, call.arg('place'), (posts) => {
        const own = posts.find((post) => post.role === role && post.rank === rank);
        return [...posts.filter((post) => post !== own), { place: call.arg('place'), role, rank, shifts: [...(own?.shifts ?? []), shift] }];
      });
    },
  }, {
    name: 'duty remove', args: [{ name: 'place', required: true }, { name: 'shift', required: true }], options: [countyOption],
    async run(call) {
      const parts = await at(call);
      if (isRefusal(parts)) return refusedResult(call, parts);
      const place = call.arg('place');
      const posts = await parts.places.roster(parts.county, place);
      const gone = call.arg('shift');
      if (!posts.some(({ shifts }) => shifts.some(({ id }) => id === gone))) return refusedResult(call, refuse(404, 'places.no_shift', { shift: gone }));
      const left = posts.map(({ role, rank, shifts }): PostDraft => ({ place, role, rank, shifts: shifts.filter(({ id }) => id !== gone).map(({ id: _, post: __, ...shift }) => shift) }));
      return rewrite(call, parts, place, () => left);
    },
  }, {
    name: 'duty away', args: [{ name: 'login', required: true }], options: [{ name: 'from', value: 'text', required: true }, { name: 'until', value: 'text', required: true }, countyOption],
    async run(call) {
      const parts = await at(call);
      if (isRefusal(parts)) return refusedResult(call, parts);
      const { offsetMinutes } = await parts.identity.zone(parts.county);
      const [from, until] = [moment('from', call.text('from'), offsetMinutes), moment('until', call.text('until'), offsetMinutes)];
      const who = await person(parts, call.arg('login'));
      if (isRefusal(who)) return refusedResult(call, who);
      const done = await parts.places.addAbsence(parts.county, acting, { person: who, from, until });
      return isRefusal(done) ? refusedResult(call, done)
        : { done: true, data: { done: true, id: done.id, from: new Date(from).toISOString(), until: new Date(until).toISOString() }, lines: [call.say('duty.away.done', { login: call.arg('login') })] };
    },
  }];
};
