import { Type, type Static } from 'typebox';
import { route } from '../../../base/route.ts';
import { DispatchRule } from './dispatch.ts';

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);

/** What a report seems to be about. */
export const Suggestion = Type.Object({
  place: nullable(Type.Object({ code: Type.String(), names: Type.Array(Type.String()) })),
  outcome: Type.Union([Type.Literal('inside'), Type.Literal('border'), Type.Literal('hole'), Type.Literal('outside'), Type.Literal('unknown')]),
  components: Type.Array(Type.Object({
    code: Type.String(), name: Type.String(), className: Type.String(), metres: nullable(Type.Number()), lng: Type.Number(), lat: Type.Number(),
    accuracy: Type.String(), ownerUnit: nullable(Type.String()), state: Type.String(), place: nullable(Type.Object({ code: Type.String(), names: Type.Array(Type.String()) })),
  })),
  rows: Type.Array(Type.Object({ key: Type.String(), name: Type.String(), condition: Type.String(), score: Type.Number(), why: Type.String() })),
  duplicates: Type.Array(Type.Object({ id: Type.String(), number: Type.String(), title: Type.String(), state: Type.String(), metres: nullable(Type.Number()), component: nullable(Type.String()), at: Type.String() })),
});
export type Suggestion = Static<typeof Suggestion>;

export const suggest = route({
  name: 'cases.suggest', method: 'POST', path: '/api/suggest', who: 'session', perMinute: 240,
  summary: 'What a report is about: place, nearest components, likely rows of the code table, possible duplicates.',
  body: Type.Object({
    text: Type.Optional(Type.String({ maxLength: 2_000 })), lng: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })), lat: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
    accuracy: Type.Optional(Type.Number({ minimum: 0, maximum: 100_000 })), blobs: Type.Optional(Type.Array(Type.String({ pattern: '^[0-9a-f]{64}$' }), { maxItems: 9 })),
    component: Type.Optional(Type.String({ maxLength: 20 })), county: Type.Optional(Type.String({ maxLength: 12 })),
  }, { additionalProperties: false }),
  response: Suggestion,
});

export const listReplies = route({
  name: 'cases.replies', method: 'GET', path: '/api/replies', who: 'session',
  summary: 'Replies to reporters that the county keeps ready; what stands in braces is filled from the case.',
  response: Type.Object({ items: Type.Array(Type.Object({ key: Type.String(), name: Type.String(), text: Type.String() })) }),
});

export const listReasons = route({
  name: 'cases.reasons', method: 'GET', path: '/api/reasons', who: 'session',
  summary: 'Reasons that the county keeps ready, with the actions that they are for.',
  response: Type.Object({ items: Type.Array(Type.Object({ key: Type.String(), actions: Type.Array(Type.String()), text: Type.String() })) }),
});

export const readDispatchRules = route({
  name: 'cases.rules', method: 'GET', path: '/api/dispatch/rules', who: 'session',
  summary: 'The dispatch rules of the county in their order.',
  response: Type.Object({ version: Type.Integer(), rules: Type.Array(DispatchRule) }),
});

export const setDispatchRules = route({
  name: 'cases.set_rules', method: 'PUT', path: '/api/dispatch/rules', who: 'session',
  summary: 'Sets the whole list of dispatch rules, on top of the version that was read.',
  body: Type.Object({ version: Type.Integer({ minimum: 0 }), rules: Type.Array(DispatchRule, { maxItems: 500 }) }, { additionalProperties: false }),
  response: Type.Object({ version: Type.Integer() }),
});

const RulesVersionItem = Type.Object({ version: Type.Integer(), at: Type.String(), author: nullable(Type.String()), rules: Type.Integer(), current: Type.Boolean() });
export type RulesVersionItem = Static<typeof RulesVersionItem>;

export const listRuleVersions = route({
  name: 'cases.rule_versions', method: 'GET', path: '/api/dispatch/rules/versions', who: 'session', summary: 'Versions of the dispatch rules, newest first.',
  query: Type.Object({ after: Type.Optional(Type.Integer({ minimum: 1 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) }, { additionalProperties: false }),
  response: Type.Object({ items: Type.Array(RulesVersionItem), next: nullable(Type.Integer()) }),
});

export const readRuleVersion = route({
  name: 'cases.rule_version', method: 'GET', path: '/api/dispatch/rules/versions/:version', who: 'session', summary: 'A version of the dispatch rules, with the list before it.',
  params: Type.Object({ version: Type.Integer({ minimum: 1 }) }),
  response: Type.Object({ version: RulesVersionItem, rules: Type.Array(DispatchRule), before: Type.Array(DispatchRule) }),
});

export const tryDispatchRules = route({
  name: 'cases.try_rules', method: 'POST', path: '/api/dispatch/rules/try', who: 'session', perMinute: 30,
  summary: 'What a list of dispatch rules would have done with the cases of the last days. Nothing is changed.',
  body: Type.Object({
    rules: Type.Optional(Type.Array(DispatchRule, { maxItems: 500 })), days: Type.Optional(Type.Integer({ minimum: 1, maximum: 365 })),
    /** Id of the last case of the page before. */
    after: Type.Optional(Type.String({ pattern: '^[0-9a-f-]{36}$' })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  }, { additionalProperties: false }),
  response: Type.Object({
    tried: Type.Integer(), same: Type.Integer(),
    changed: Type.Array(Type.Object({ id: Type.String(), number: Type.String(), title: Type.String(), was: nullable(Type.String()), would: nullable(Type.String()), order: nullable(Type.Integer()) })),
    /** What the list sends elsewhere than the rules that count now: what saving it would change. */
    moved: Type.Object({
      total: Type.Integer(), pairs: Type.Array(Type.Object({ from: nullable(Type.String()), to: nullable(Type.String()), count: Type.Integer() })),
      items: Type.Array(Type.Object({ id: Type.String(), number: Type.String(), title: Type.String(), from: nullable(Type.String()), to: nullable(Type.String()), order: nullable(Type.Integer()) })), next: nullable(Type.String()),
    }),
  }),
});

export const explainDispatch = route({
  name: 'cases.explain_dispatch', method: 'GET', path: '/api/matters/:id/dispatch', who: 'session',
  summary: 'Where the rules would send a case now, and what kept every rule before from fitting.',
  params: Type.Object({ id: Type.String({ pattern: '^[0-9a-f-]{36}$' }) }),
  response: Type.Object({
    unit: nullable(Type.Object({ id: Type.String(), name: Type.String() })), order: nullable(Type.Integer()), words: Type.String(),
    misses: Type.Array(Type.Object({ order: Type.Integer(), words: Type.String(), because: Type.String() })),
  }),
});

const sums = { dispatched: Type.Integer(), accepted: Type.Integer(), returned: Type.Integer(), wrong: Type.Integer() };

/** How well cases were sent to the right unit. `accurate` is null where nothing was dispatched. */
export const DispatchQuality = Type.Object({
  ...sums, accurate: nullable(Type.Number()),
  byRule: Type.Array(Type.Object({ order: Type.Integer(), words: Type.String(), ...sums })),
  byPerson: Type.Array(Type.Object({ name: Type.String(), ...sums })),
  byUnit: Type.Array(Type.Object({ unit: Type.Object({ id: Type.String(), name: Type.String() }), ...sums })),
});
export type DispatchQuality = Static<typeof DispatchQuality>;

export const dispatchQuality = route({
  name: 'cases.dispatch_quality', method: 'GET', path: '/api/dispatch/quality', who: 'session',
  summary: 'How many dispatches of the last days were sent back, and how many were wrong: given back as not theirs and taken on by another unit. By rule, person and unit.',
  query: Type.Object({ days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })) }, { additionalProperties: false }),
  response: DispatchQuality,
});
