import { refuse, type Refusal } from '../../../base/result.ts';
import type { Change, Context, Matter } from '../../matters/rules/workflow.ts';
import type { CheckInput, DispatchInput, FileInput, ReasonInput, ReportInput, SucceedInput } from '../contract/inputs.ts';
import { keepRise, startRise } from './ladder.ts';
import { asJson, askers, confided, factsOf, filesOf, listOf, messageParams, said, tell } from './facts.ts';

/** Those who report for the people they know; a desk that takes calls all day is not written to about each. */
const fieldRoles: ReadonlySet<string> = new Set(['gridworker', 'gridchief', 'collector', 'proxy', 'volunteer']);

/** 上报: what was seen, by whom, where. Facts have found the place, the component and the row, as far as they can be. */
export const report = (_: Matter | null, input: ReportInput, context: Context): Change => {
  const facts = factsOf(context);
  const { actor } = context;
  const reporter = input.contact ? `contact:${input.contact}` : actor.kind === 'account' || actor.kind === 'program' ? `account:${actor.id}` : `contact:${actor.id}`;
  const staff = actor.kind !== 'resident' && !input.contact;
  return {
    title: facts.title ?? '',
    facets: { ...facts.facets, reporter },
    data: {
      channel: input.channel ?? (staff ? 'field' : 'web'),
      // Whoever brought it in for a resident is told what comes of it, as the resident is.
      ...(input.contact && actor.kind === 'account' && fieldRoles.has(context.role) && { forwarder: `account:${actor.id}` }),
      ...(actor.kind === 'program' && !input.contact && { byProgram: true }),
      ...(input.callBack && { callBack: input.callBack }),
      ...(input.accuracy !== undefined && { accuracy: input.accuracy }),
      ...(facts.metres !== undefined && { metres: facts.metres }),
      ...(facts.answers && { answers: asJson(facts.answers.chosen) }),
    },
    clocks: [{ name: 'file', do: 'start', limit: facts.settings.clocks.file }],
    // What comes over an interface are a resident's words, whoever's program brings them.
    texts: [...(staff && input.channel !== 'api' ? said('description', input.text) : confided('description', input.text)), ...confided('address', input.address), ...confided('answers', facts.answers?.words)],
    files: filesOf(facts, input.blobs, 'before'),
  };
};

/** Somebody near goes and looks before the case is filed. */
export const requestCheck = (_: Matter, input: ReasonInput, context: Context): Change => ({
  clocks: [{ name: 'check', do: 'start', limit: factsOf(context).settings.clocks.check }],
  texts: said('reason', input.reason),
});

export const check = (_: Matter, input: CheckInput, context: Context): Change => ({
  data: { checked: input.found ? 'found' : 'absent' },
  files: filesOf(factsOf(context), input.blobs, 'check'),
  texts: said('note', input.note),
  set: { found: input.found },
});

/** 立案: the row of the code table is settled here, with the version of the table. */
export const file = (matter: Matter, input: FileInput, context: Context): Change | Refusal => {
  const facts = factsOf(context);
  if (!facts.row || facts.codeVersion === undefined) return refuse(422, 'case.no-code');
  const { rise, clocks } = facts.row.limit ? startRise(matter, 'handle', facts.row.limit, facts) : { rise: {}, clocks: [] };
  const filed: Change = {
    title: facts.title ?? matter.title,
    // Whoever had the report on the desk is done with it.
    facets: { ...facts.facets, code: facts.row.key, codeVersion: facts.codeVersion, handler: null },
    data: rise ?? {},
    clocks: [{ name: 'dispatch', do: 'start', limit: facts.settings.clocks.dispatch }, ...clocks],
    texts: said('note', input.note),
    deliveries: tell('filed', askers(matter), messageParams(matter, facts, { title: facts.title ?? matter.title })),
  };
  return facts.settings.dispatchAtOnce && facts.route && facts.row.limit ? { ...filed, then: { action: 'dispatch', input: {} } } : filed;
};

/** 不予立案, and the reporter is told why on the page that the message leads to. */
export const decline = (matter: Matter, input: ReasonInput, context: Context): Change => ({
  texts: said('reason', input.reason),
  deliveries: tell('declined', askers(matter), messageParams(matter, factsOf(context))),
});

/** 派遣: limits and texts are fixed here. Without a unit the first rule that fits decides, and says why. */
export const dispatch = (matter: Matter, input: DispatchInput, context: Context): Change | Refusal => {
  const facts = factsOf(context);
  if (!facts.row) return refuse(422, 'case.no-code');
  if (!facts.row.limit) return refuse(409, 'case.no-limit', { text: facts.row.limitText });
  if (!facts.route) return input.unit === undefined ? refuse(409, 'case.no-rule') : refuse(422, 'case.no-unit');
  return sendTo(matter, facts.route, input.assisting ?? [], context, said('note', input.note));
};

/** 改派, by hand and with a reason. */
export const redispatch = (matter: Matter, input: { unit: string; reason: string }, context: Context): Change | Refusal => {
  const facts = factsOf(context);
  if (!facts.row?.limit) return refuse(409, 'case.no-limit', { text: facts.row?.limitText ?? '' });
  if (!facts.route) return refuse(422, 'case.no-unit');
  return sendTo(matter, facts.route, [], context, said('reason', input.reason));
};

const sendTo = (matter: Matter, route: NonNullable<ReturnType<typeof factsOf>['route']>, assisting: readonly string[], context: Context, texts: Change['texts']): Change => {
  const facts = factsOf(context);
  const limit = facts.row!.limit!;
  const params = messageParams(matter, facts);
  const { rise, clocks } = keepRise(matter, 'handle', limit, facts);
  const by = context.role === 'system' ? null : context.actor.id;
  return {
    facets: { leadUnit: route.unit, handler: null },
    data: {
      route: asJson({ ...route, ...(by !== null && { by }) }), assisting: [...new Set([...listOf(matter, 'assisting'), ...assisting])], pending: null,
      extensionsAtMost: facts.settings.extensionsAtMost, ...rise,
    },
    set: { rule: route.order ?? 0 },
    clocks: [
      { name: 'accept', do: 'start', limit: facts.settings.clocks.accept },
      { name: 'handle', do: 'start', limit },
      ...clocks,
    ],
    texts: texts ?? [],
    deliveries: [
      ...tell('handler_task', facts.staff[route.unit] ?? [], params, true),
      ...tell('dispatched', askers(matter), params),
    ],
    also: assisting.filter((unit) => unit !== route.unit && !listOf(matter, 'assisting').includes(unit))
      .map((unit) => ({ make: { kind: 'task', action: 'assign', input: { unit, what: matter.title || matter.number, title: matter.title } } })),
  };
};

/** What a unit had is another unit's from now on; clocks, limits and what was asked for go on as they were. */
const succession = (matter: Matter, input: SucceedInput, context: Context): Change | Refusal => {
  const facts = factsOf(context);
  if (!facts.route) return refuse(422, 'case.no-unit');
  const leads = matter.facets.leadUnit === input.from;
  return {
    ...(leads && { facets: { leadUnit: input.unit, ...(!input.keep && { handler: null }) } }),
    set: { succeeds: input.from },
    texts: said('reason', input.reason),
    deliveries: leads ? tell('handler_task', facts.staff[input.unit] ?? [], messageParams(matter, facts), true) : [],
  };
};

/** 承接: a unit is dissolved or merged, and its work in hand goes to a successor, as the lead or as an assisting unit. */
export const succeed = (matter: Matter, input: SucceedInput, context: Context): Change | Refusal => {
  const change = succession(matter, input, context);
  if ('status' in change) return change;
  const lead = change.facets?.leadUnit ?? matter.facets.leadUnit;
  const assisting = listOf(matter, 'assisting');
  const route = matter.data['route'] as { readonly unit?: string } | null | undefined;
  return {
    ...change,
    data: {
      ...(assisting.includes(input.from) && { assisting: [...new Set(assisting.map((one) => (one === input.from ? input.unit : one)))].filter((one) => one !== lead) }),
      ...(route?.unit === input.from && { route: asJson({ ...route, unit: input.unit }) }),
    },
  };
};

/** As `succeed`, for a task: its case then names the successor among those who assist. */
export const succeedTask = (matter: Matter, input: SucceedInput, context: Context): Change | Refusal => {
  const change = succession(matter, input, context);
  if ('status' in change || input.other === undefined) return change;
  return { ...change, also: [{ on: input.other, kind: 'case', action: 'succeed', input: { unit: input.unit, from: input.from, reason: input.reason } }] };
};

/** 增派协办: a unit of its own with a task of its own. */
export const addAssisting = (matter: Matter, input: { unit: string; what: string }, context: Context): Change | Refusal => {
  const assisting = listOf(matter, 'assisting');
  if (assisting.includes(input.unit) || matter.facets.leadUnit === input.unit) return refuse(409, 'case.already-assisting');
  if (!factsOf(context).route) return refuse(422, 'case.no-unit');
  return {
    data: { assisting: [...assisting, input.unit] },
    set: { assisting: input.unit },
    also: [{ make: { kind: 'task', action: 'assign', input: { unit: input.unit, what: input.what, title: matter.title } } }],
  };
};
