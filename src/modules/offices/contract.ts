import { Type, type Static, type TSchema } from 'typebox';
import { route } from '../../base/route.ts';

const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const county = Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{2,12}$' }));
const closed = { additionalProperties: false } as const;
const params = Type.Object({ id: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }) });
const unit = Type.String({ pattern: '^[a-z0-9-]{1,40}$' });
const reason = Type.String({ minLength: 2, maxLength: 300 });

/** What a unit may hold; each group goes to a successor of its own. */
export const groups = ['cases', 'tasks', 'people', 'rules', 'components', 'units', 'places'] as const;
export type Group = (typeof groups)[number];

/** The unit that each group goes to. People may also go nowhere: their rights end. */
export const Successors = Type.Object({
  cases: Type.Optional(unit), tasks: Type.Optional(unit), people: Type.Optional(nullable(unit)), rules: Type.Optional(unit),
  components: Type.Optional(unit), units: Type.Optional(unit), places: Type.Optional(unit),
}, closed);
export type Successors = Static<typeof Successors>;

const HoldingView = Type.Object({
  group: Type.Enum([...groups]), count: Type.Integer(),
  /** What it is, in words; the first few. Cases are counted by state and never named. */
  words: Type.Array(Type.String()),
});
export type HoldingView = Static<typeof HoldingView>;

const DissolutionView = Type.Object({
  id: Type.String(), at: Type.String(), endedAt: nullable(Type.String()), author: Type.String(), reason: Type.String(), back: Type.Boolean(),
  /** How many of each group went to whom. */
  handed: Type.Array(Type.Object({ group: Type.String(), to: nullable(Type.String()), count: Type.Integer() })),
  /** What has still to be handed over. */
  left: Type.Integer(),
});
export type DissolutionView = Static<typeof DissolutionView>;

export const UnitHolds = Type.Object({
  unit: Type.Object({ id: Type.String(), name: Type.String(), closed: Type.Boolean(), places: Type.Array(Type.Object({ code: Type.String(), name: Type.String() })) }),
  holds: Type.Array(HoldingView),
  /** Shifts on duty of people who have a right here: they stay with the people. */
  shifts: Type.Integer(),
  /** What keeps it from being dissolved, in words. */
  blocks: Type.Array(Type.String()),
  dissolutions: Type.Array(DissolutionView),
});
export type UnitHolds = Static<typeof UnitHolds>;

const EffectView = Type.Object({ words: Type.String(), tone: Type.Union([Type.Literal('plain'), Type.Literal('warn'), Type.Literal('late'), Type.Literal('done')]) });

export const readHolds = route({
  name: 'offices.holds', method: 'GET', path: '/api/units/:id/holds', who: ['admin', 'auditor'],
  summary: 'What a unit holds: open cases and tasks by state, people with rights, dispatch rules, components, units under it, places; and how it was dissolved.',
  params, query: Type.Object({ county }, closed), response: UnitHolds,
});

export const previewDissolution = route({
  name: 'offices.preview', method: 'POST', path: '/api/units/:id/dissolve/preview', who: ['admin'],
  summary: 'What dissolving a unit would do, group by group; nothing is written.',
  params, body: Type.Object({ county, successors: Successors }, closed), response: Type.Object({ effects: Type.Array(EffectView) }),
});

export const dissolveUnit = route({
  name: 'offices.dissolve', method: 'POST', path: '/api/units/:id/dissolve', who: ['admin'], perMinute: 30,
  summary: 'Dissolves a unit: it takes on nothing more, and what it holds goes to its successors, each case by an action with the reason. Goes on by itself where it is long or was cut off.',
  params, body: Type.Object({ county, reason, successors: Successors }, closed), response: DissolutionView,
});

export const undoDissolution = route({
  name: 'offices.back', method: 'POST', path: '/api/units/:id/dissolve/back', who: ['admin'], perMinute: 30,
  summary: 'Opens a dissolved unit again and gives back what its successors still have of it.',
  params, body: Type.Object({ county, reason }, closed), response: DissolutionView,
});
