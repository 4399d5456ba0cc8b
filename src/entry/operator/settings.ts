import { Type } from 'typebox';
import { theSystem } from '../../base/actor.ts';
import type { Json } from '../../base/canonical.ts';
import { say } from '../../base/text/language.ts';
import { isRefusal, refuse, type Refusal, type Result } from '../../base/result.ts';
import { WrongUse, type Command, type CommandCall, type CommandResult } from '../../platform/command/command.ts';
import { bodyCheck } from '../../platform/http/reading/values.ts';
import { textsOf } from '../../platform/texts.ts';
import { areSessions } from '../../modules/matters/index.ts';
import { Open311Settings } from '../../modules/open311/contract.ts';
import type { Modules } from '../town/modules.ts';

const closed = { additionalProperties: false } as const;
const whole = (minimum: number, maximum: number) => Type.Optional(Type.Integer({ minimum, maximum }));
const yesNo = Type.Optional(Type.Boolean());
const limit = Type.Optional(Type.Object({
  amount: Type.Number({ exclusiveMinimum: 0, maximum: 1000, multipleOf: 0.5 }),
  unit: Type.Union(['workingHour', 'workingDay', 'urgentHour', 'urgentDay'].map((unit) => Type.Literal(unit))),
}, closed));
const words = Type.Object({ 'zh-Hans': Type.String({ minLength: 1, maxLength: 120 }), 'zh-Hant': Type.String({ minLength: 1, maxLength: 120 }), en: Type.String({ minLength: 1, maxLength: 200 }) }, closed);
/** A message of up to 300 signs in each language. */
const long = Type.Object({ 'zh-Hans': Type.String({ minLength: 1, maxLength: 300 }), 'zh-Hant': Type.String({ minLength: 1, maxLength: 300 }), en: Type.String({ minLength: 1, maxLength: 300 }) }, closed);
/** What a county may say a day is. */
const dayKinds = ['closed', 'holiday', 'makeup', 'workday', 'weekend'] as const;

/** What each member of a county's settings may hold; every module reads its own and takes what is missing from its defaults. */
const shapes = {
  outreach: Type.Object({ quietFrom: whole(0, 1439), quietUntil: whole(0, 1439), dailyCap: whole(1, 1000), staffDailyCap: whole(1, 10_000) }, closed),
  calendar: Type.Object({
    sessions: Type.Optional(Type.Array(Type.Tuple([Type.String(), Type.String()]), { minItems: 1, maxItems: 6 })),
    days: Type.Optional(Type.Record(Type.String(), Type.Object({
      kind: Type.Union(dayKinds.map((kind) => Type.Literal(kind))), name: Type.String({ maxLength: 60 }),
    }, closed))),
  }, closed),
  cases: Type.Object({
    clocks: Type.Optional(Type.Object({ check: limit, file: limit, dispatch: limit, accept: limit, verify: limit, task: limit }, closed)),
    extensionsAtMost: whole(0, 20), holdDaysAtMost: whole(1, 3660), reopenDays: whole(0, 366), dispatchAtOnce: yesNo, closeAtOnce: yesNo,
    replies: Type.Optional(Type.Array(Type.Object({ key: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }), name: words, text: long }, closed), { maxItems: 60 })),
    duplicates: Type.Optional(Type.Object({ metres: whole(1, 1000), days: whole(1, 366) }, closed)),
  }, closed),
  contacts: Type.Object({
    phones: Type.Array(Type.Object({ name: words, number: Type.String({ pattern: '^[0-9+\\- ]{3,24}$' }), hours: words }, closed), { maxItems: 20 }),
    windows: Type.Array(Type.Object({ name: words, address: words, hours: words }, closed), { maxItems: 40 }),
  }, closed),
  open311: Open311Settings,
  componentCode: Type.Union([Type.Literal('6+2+2+6'), Type.Literal('6+2+3+5')]),
  componentPrefix: Type.String({ pattern: '^\\d{6}$' }),
};
const checks = new Map(Object.entries(shapes).map(([name, shape]) => [name, bodyCheck(shape)]));

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/u.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;

/** Judges a member of a county's settings as it would become; undefined is the member taken away. */
const judgeSetting = (name: string, value: Json | undefined): Result<unknown> => {
  const check = checks.get(name);
  if (!check) return refuse(422, 'identity.setting', { name });
  if (value === undefined) return value;
  const right = check(value);
  if (isRefusal(right)) return { ...right, errors: (right.errors ?? []).map((error) => ({ ...error, path: `/${name}${error.path}` })) };
  if (name !== 'calendar') return right;
  const { sessions, days } = value as { readonly sessions?: readonly (readonly [string, string])[]; readonly days?: Readonly<Record<string, unknown>> };
  const noDay = Object.keys(days ?? {}).find((day) => !isDay(day));
  if (noDay !== undefined) return refuse(422, 'identity.no_day', { day: noDay });
  return sessions && !areSessions(sessions) ? refuse(422, 'identity.sessions') : right;
};

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
  if (!isDay(text)) throw new WrongUse('wrong.date', { option: 'DATE', value: text });
  return text;
};

const county = { name: 'county', value: 'text' } as const;

/** `settings` of a county and its `calendar`: running clocks are computed anew when working time changes. */
export const settingsCommands = (open: () => Promise<Pick<Modules, 'identity' | 'matters'>>): readonly Command[] => {
  const opened = async (call: CommandCall): Promise<Result<{ readonly modules: Pick<Modules, 'identity' | 'matters'>; readonly county: string }>> => {
    const modules = await open();
    const found = await modules.identity.county(call.text('county'));
    return isRefusal(found) ? found : { modules, county: found };
  };
  const setting = async (call: CommandCall, permission: string, name: readonly string[], value: Json | undefined): Promise<CommandResult> => {
    const at = await opened(call);
    if (isRefusal(at)) return refusedResult(call, at);
    const done = await at.modules.identity.counties.set(theSystem, at.county, permission, name, value, (top) => judgeSetting(name[0]!, top));
    if (isRefusal(done)) return refusedResult(call, done);
    const clocks = name[0] === 'calendar' ? await at.modules.matters.reloadCalendars() : null;
    return {
      done: true, data: { done: true, county: at.county, name: name.join('.'), value: value ?? null, ...(clocks !== null && { clocks }) },
      lines: [call.say(value === undefined ? 'settings.removed' : 'settings.written', { name: name.join('.') }), ...(clocks === null ? [] : [call.say('calendar.recomputed', { clocks })])],
    };
  };
  return [{
    name: 'settings show', options: [county],
    async run(call) {
      const at = await opened(call);
      if (isRefusal(at)) return refusedResult(call, at);
      const all = (await at.modules.identity.counties.settings(at.county)) ?? {};
      const own = Object.fromEntries(Object.entries(all).filter(([name]) => checks.has(name)));
      return { done: true, data: { county: at.county, settings: own }, lines: [JSON.stringify(own, null, 2), call.say('settings.members', { names: [...checks.keys()].join(', ') })] };
    },
  }, {
    name: 'settings set', args: [{ name: 'name', required: true }, { name: 'value', required: true }], options: [county],
    run: (call) => setting(call, 'settings.edit', call.arg('name').split('.'), valueOf(call.arg('value'))),
  }, {
    name: 'settings unset', args: [{ name: 'name', required: true }], options: [county],
    run: (call) => setting(call, 'settings.edit', call.arg('name').split('.'), undefined),
  }, {
    name: 'calendar show', args: [{ name: 'year' }], options: [county],
    async run(call) {
      const at = await opened(call);
      if (isRefusal(at)) return refusedResult(call, at);
      const year = call.arg('year') || String(new Date(at.modules.identity.world.now() + 8 * 3_600_000).getUTCFullYear());
      const calendar = at.modules.matters.calendar(at.county);
      const own = (await at.modules.identity.counties.settings(at.county))?.['calendar'] as { readonly days?: Readonly<Record<string, unknown>> } | undefined;
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
    run: (call) => setting(call, 'calendar.edit', ['calendar', 'days', dayArgument(call.arg('date'))], { kind: call.arg('kind'), name: call.args('words').join(' ') }),
  }, {
    name: 'calendar clear', args: [{ name: 'date', required: true }], options: [county],
    run: (call) => setting(call, 'calendar.edit', ['calendar', 'days', dayArgument(call.arg('date'))], undefined),
  }, {
    name: 'calendar recompute',
    async run(call) {
      const clocks = await (await open()).matters.reloadCalendars();
      return { done: true, data: { done: true, clocks }, lines: [call.say('calendar.recomputed', { clocks })] };
    },
  }];
};
