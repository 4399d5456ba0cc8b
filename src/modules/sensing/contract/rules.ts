import { Type, type Static, type TSchema } from 'typebox';
import { route } from '../../../base/route.ts';
import { SensorRule } from './settings.ts';

const closed = { additionalProperties: false } as const;
const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const county = Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{2,12}$' }));
const readers = ['intake', 'dispatcher', 'unithandler', 'head', 'gridchief', 'commander', 'supervisor', 'steward', 'auditor'];

export const RuleItem = Type.Object({
  rule: SensorRule, kindName: Type.String(), measureName: Type.String(), unit: Type.String(), own: Type.Boolean(), /** In a sentence. */ says: Type.String(), categoryName: nullable(Type.String()), devices: Type.Integer(), open: Type.Integer(),
});
export type RuleItem = Static<typeof RuleItem>;
export const listRules = route({
  name: 'sensing.rules', method: 'GET', path: '/api/device-rules', who: readers, summary: 'Rules that make alarms of readings: what ships and what the county has set.', query: Type.Object({ county }, closed),
  response: Type.Object({ items: Type.Array(RuleItem), maySet: Type.Boolean() }),
});

export const TriedRule = Type.Object({
  readings: Type.Integer(), devices: Type.Integer(), cut: Type.Boolean(), alarms: Type.Integer(), devicesWithAlarms: Type.Integer(), cases: Type.Integer(), happened: Type.Integer(),
  examples: Type.Array(Type.Object({ device: Type.Object({ code: Type.String(), name: Type.String() }), openedAt: Type.String(), endedAt: nullable(Type.String()), value: Type.Number() })),
});
export type TriedRule = Static<typeof TriedRule>;
export const tryRule = route({
  name: 'sensing.try_rule', method: 'POST', path: '/api/device-rules/try', who: readers, perMinute: 20, summary: 'What a rule would have made of the readings of the last days, without doing any of it.',
  body: Type.Object({ county, rule: SensorRule, days: Type.Optional(Type.Integer({ minimum: 1, maximum: 7 })) }, closed), response: TriedRule,
});

/** A line is judged by itself, so that one wrong one does not cost the others: see `refused`. */
export const sendReadings = route({
  name: 'sensing.send', method: 'POST', path: '/api/readings', who: 'anyone', status: 202, anyOrigin: true, bodyLimit: 2 * 1024 * 1024,
  summary: 'Takes readings in, one or many: `{value, at?, seq?, measure?, unit?, device?}` or `{readings: […]}`. By the key of a device (`X-Device-Key`) or the token of a gateway (`Authorization: Bearer`). Answered when what is right is durable; what is wrong is named line by line.',
  query: Type.Object({ county }, closed), body: Type.Union([Type.Array(Type.Unknown()), Type.Object({}, { additionalProperties: true })]), response: Type.Object({ accepted: Type.Integer(), refused: Type.Array(Type.Object({ line: Type.Integer(), device: Type.Optional(Type.String()), reason: Type.String(), message: Type.String() })) }),
});
