import { theSystem } from '../../base/actor.ts';
import type { Json } from '../../base/canonical.ts';
import { say } from '../../base/text/language.ts';
import { isRefusal, type Refusal, type Result } from '../../base/result.ts';
import { WrongUse, type Command, type CommandCall, type CommandResult } from '../../platform/command/command.ts';
import { textsOf } from '../../platform/texts.ts';
import { dayKinds, isCalendarDay } from '../../modules/matters/rules/calendar-shape.ts';
import type { Modules } from '../town/modules.ts';

const refusedResult = (call: CommandCall, { reason, params, errors = [] }: Refusal): CommandResult => {
  const said = (key: string, values?: Refusal['params']): string => say(textsOf('reasons'), call.language, key, values);
  return {
    done: false,
    data: { done: false, reason, params: { ...params }, errors: errors.map((one) => ({ path: one.path, reason: one.reason, message: said(one.reason, one.params) })) },
    lines: [said(reason, params), ...errors.map((one) => `  ${one.path}  ${said(one.reason, one.params)}`)],
  };
};

/** What a person types as a value: JSON, or the words themselves. */
const valueOf = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
};

/** A day of the calendar that was typed. @throws WrongUse */
const dayArgument = (text: string): string => {
  if (!isCalendarDay(text)) throw new WrongUse('wrong.date', { option: 'DATE', value: text });
  return text;
};

const county = { name: 'county', value: 'text' } as const;

/** Modules that the commands work through. */
type Parts = Pick<Modules, 'identity' | 'matters' | 'settings'>;

/** `settings` of a county and its `calendar`, through the same service as the console's pages: each change is a version. */
export const settingsCommands = (open: () => Promise<Parts>): readonly Command[] => {
  const opened = async (call: CommandCall): Promise<Result<{ readonly modules: Parts; readonly county: string }>> => {
    const modules = await open();
    const found = await modules.identity.county(call.text('county'));
    return isRefusal(found) ? found : { modules, county: found };
  };
  const setting = async (call: CommandCall, name: readonly string[], value: Json | undefined): Promise<CommandResult> => {
    const at = await opened(call);
    if (isRefusal(at)) return refusedResult(call, at);
    const done = await at.modules.settings.set(theSystem, at.county, name, value);
    if (isRefusal(done)) return refusedResult(call, done);
    const clocks = done.said.find(({ words }) => words === 'effect.calendar.recomputed')?.params?.['clocks'];
    return {
      done: true, data: { done: true, county: at.county, name: name.join('.'), value: value ?? null, version: done.version, ...(clocks !== undefined && { clocks }) },
      lines: [call.say(value === undefined ? 'settings.removed' : 'settings.written', { name: name.join('.') }), ...(clocks === undefined ? [] : [call.say('calendar.recomputed', { clocks })])],
    };
  };
  return [{
    name: 'settings show', options: [county],
    async run(call) {
      const at = await opened(call);
      if (isRefusal(at)) return refusedResult(call, at);
      const all = await at.modules.settings.all(at.county);
      const members = [...new Set(at.modules.settings.areas().map(({ path }) => path[0]!))];
      const own = Object.fromEntries(Object.entries(all).filter(([name]) => members.includes(name))) as Readonly<Record<string, Json>>;
      return { done: true, data: { county: at.county, settings: own }, lines: [JSON.stringify(own, null, 2), call.say('settings.members', { names: members.join(', ') })] };
    },
  }, {
    name: 'settings set', args: [{ name: 'name', required: true }, { name: 'value', required: true }], options: [county],
    run: (call) => setting(call, call.arg('name').split('.'), valueOf(call.arg('value'))),
  }, {
    name: 'settings unset', args: [{ name: 'name', required: true }], options: [county],
    run: (call) => setting(call, call.arg('name').split('.'), undefined),
  }, {
    name: 'calendar show', args: [{ name: 'year' }], options: [county],
    async run(call) {
      const at = await opened(call);
      if (isRefusal(at)) return refusedResult(call, at);
      const year = call.arg('year') || String(new Date(at.modules.identity.world.now() + at.modules.matters.calendar(at.county).offsetMinutes * 60_000).getUTCFullYear());
      const calendar = at.modules.matters.calendar(at.county);
      const own = (await at.modules.settings.document(at.county, 'calendar')) as { readonly days?: Readonly<Record<string, unknown>> } | null;
      const days = [...calendar.days].filter(([date]) => date.startsWith(`${year}-`)).sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([date, { kind, name }]) => ({ date, kind, name, own: own?.days?.[date] !== undefined }));
      const published = calendar.publishedYears.has(Number(year));
      return {
        done: true, data: { county: at.county, year, published, days },
        lines: [
          ...days.map(({ date, kind, name, own: ours }) => `${date}  ${call.say(`calendar.kind.${kind}`)}  ${name}${ours ? `  (${call.say('calendar.own')})` : ''}`),
          ...(published ? [] : [call.say('calendar.provisional', { year })]),
        ],
      };
    },
  }, {
    name: 'calendar set', args: [{ name: 'date', required: true }, { name: 'kind', required: true, oneOf: dayKinds }, { name: 'words', many: true }], options: [county],
    run: (call) => setting(call, ['calendar', 'days', dayArgument(call.arg('date'))], { kind: call.arg('kind'), name: call.args('words').join(' ') }),
  }, {
    name: 'calendar clear', args: [{ name: 'date', required: true }], options: [county],
    run: (call) => setting(call, ['calendar', 'days', dayArgument(call.arg('date'))], undefined),
  }, {
    name: 'calendar recompute',
    async run(call) {
      const clocks = await (await open()).matters.reloadCalendars();
      return { done: true, data: { done: true, clocks }, lines: [call.say('calendar.recomputed', { clocks })] };
    },
  }];
};
