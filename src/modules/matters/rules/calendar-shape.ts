import { Type } from 'typebox';

/** What a county may say that a day is. */
export const dayKinds = ['closed', 'holiday', 'makeup', 'workday', 'weekend'] as const;

/** A county's own calendar: its time zone, its working sessions, and days that are other than the published calendar says. */
export const OwnCalendarShape = Type.Object({
  /** Time zone by its IANA name, `Asia/Urumqi`; one that keeps its clocks all the year. */
  zone: Type.Optional(Type.String({ maxLength: 40, pattern: '^[A-Za-z0-9_+/-]+$' })),
  sessions: Type.Optional(Type.Array(Type.Tuple([Type.String(), Type.String()]), { minItems: 1, maxItems: 6 })),
  days: Type.Optional(Type.Record(Type.String(), Type.Object({
    kind: Type.Union(dayKinds.map((kind) => Type.Literal(kind))), name: Type.String({ maxLength: 60 }),
  }, { additionalProperties: false }))),
}, { additionalProperties: false });

/** True for a day that there is, `YYYY-MM-DD`. */
export const isCalendarDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/u.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;
