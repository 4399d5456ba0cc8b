import { Type, type Static } from 'typebox';

/** What a county says about its public view: the member `bulletin` of its settings; what is absent is as it ships. */
export const BulletinSettings = Type.Object({
  /** From which step on a case is public: `filed`, when an officer has looked at it (where absent), or `reported`, at once. */
  from: Type.Optional(Type.Union([Type.Literal('filed'), Type.Literal('reported')])),
  /** Codes of the categories that are public; all that ship as public where absent. Those that ship as not public never are. */
  categories: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z0-9-]{1,40}$' }), { maxItems: 200 })),
}, { additionalProperties: false });
export type BulletinSettings = Static<typeof BulletinSettings>;
