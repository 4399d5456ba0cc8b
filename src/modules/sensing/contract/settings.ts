import { Type, type Static } from 'typebox';
import { wholeShape, wordsShape, yesNoShape } from '../../settings/contract/shapes.ts';

const closed = { additionalProperties: false } as const;
const code = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' });
/** Local time of a day. */
const clockTime = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' });
const span = Type.Object({ from: clockTime, to: clockTime }, closed);

export const Severity = Type.Union([Type.Literal('notice'), Type.Literal('warning'), Type.Literal('critical')]);
export type Severity = Static<typeof Severity>;

/**
 * When a device's readings are an alarm. `above` and `below` a limit, over again at `clear`; `rise` and `fall` by a limit within
 * minutes; `silent` when nothing comes for minutes.
 */
export const SensorRule = Type.Object({
  code, kind: code, measure: code, name: wordsShape(60, 80),
  when: Type.Union([Type.Literal('above'), Type.Literal('below'), Type.Literal('rise'), Type.Literal('fall'), Type.Literal('silent')]),
  limit: Type.Optional(Type.Number({ minimum: -1e9, maximum: 1e9 })),
  clear: Type.Optional(Type.Number({ minimum: -1e9, maximum: 1e9 })),
  minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 43_200 })),
  holdSeconds: wholeShape(0, 86_400),
  during: Type.Optional(Type.Union([Type.Literal('night'), Type.Literal('day'), span])),
  /** Code of a place; everything below it. */
  area: Type.Optional(Type.String({ maxLength: 30 })),
  neighbours: Type.Optional(Type.Object({ metres: Type.Integer({ minimum: 1, maximum: 5_000 }), share: Type.Number({ exclusiveMinimum: 0, maximum: 1 }) }, closed)),
  severity: Severity,
  /** Kind of report of the case that it brings, and words of the row's filing condition. */
  category: Type.Optional(code), condition: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
  off: yesNoShape,
}, closed);
export type SensorRule = Static<typeof SensorRule>;

/** What a county may set of its sensors over `data/sensing`. A rule takes the place of the one that ships under its code. */
export const SensingSettings = Type.Object({
  night: Type.Optional(span),
  keepDays: Type.Optional(Type.Object({ raw: wholeShape(1, 30), minute: wholeShape(1, 30), hour: wholeShape(1, 3_660), day: wholeShape(1, 36_600) }, closed)),
  backfillDays: wholeShape(1, 28),
  storm: Type.Optional(Type.Object({ share: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })), atLeast: wholeShape(2, 100_000), seconds: wholeShape(1, 3_600) }, closed)),
  againHours: wholeShape(0, 720), noteHours: wholeShape(0, 720),
  flapping: Type.Optional(Type.Object({ alarms: wholeShape(2, 1_000), minutes: wholeShape(1, 1_440) }, closed)),
  rotateHours: wholeShape(0, 8_760),
  rules: Type.Optional(Type.Array(SensorRule, { maxItems: 300 })),
}, closed);
export type SensingSettings = Static<typeof SensingSettings>;
