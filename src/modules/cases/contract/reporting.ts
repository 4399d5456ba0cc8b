import { Type } from 'typebox';

const closed = { additionalProperties: false } as const;
const text = (most: number) => Type.String({ minLength: 1, maxLength: most });
const threeTexts = (most: number) => Type.Object({ 'zh-Hans': text(most), 'zh-Hant': text(most), en: text(most * 2) }, closed);
const code = '^[a-z0-9-]{1,40}$';

/** A question as a county may put it, in place of those that ship. */
const OwnQuestion = Type.Object({
  code: Type.String({ pattern: code }),
  datatype: Type.Union(['singlevaluelist', 'multivaluelist', 'string', 'number', 'datetime'].map((type) => Type.Literal(type))),
  required: Type.Boolean(),
  description: threeTexts(60),
  hint: Type.Optional(threeTexts(80)),
  names: Type.Optional(Type.Literal('component')),
  asked: Type.Optional(Type.Union([Type.Literal('always'), Type.Literal('programs')])),
  when: Type.Optional(Type.Object({ question: Type.String({ pattern: code }), is: Type.Array(Type.String({ pattern: code }), { minItems: 1, maxItems: 20 }) }, closed)),
  values: Type.Optional(Type.Array(Type.Object({ key: Type.String({ pattern: code }), name: threeTexts(40), condition: Type.Optional(text(40)) }, closed), { minItems: 2, maxItems: 20 })),
}, closed);

/** What a county may say about the kinds of case that people report: the member `reporting` of its settings. */
export const Reporting = Type.Object({
  categories: Type.Optional(Type.Record(Type.String({ pattern: code }), Type.Object({
    public: Type.Optional(Type.Boolean()),
    place: Type.Optional(Type.Union([Type.Literal('exact'), Type.Literal('coarse')])),
    anonymous: Type.Optional(Type.Boolean()),
    duplicates: Type.Optional(Type.Object({ metres: Type.Integer({ minimum: 1, maximum: 1000 }), days: Type.Integer({ minimum: 1, maximum: 366 }) }, closed)),
    questions: Type.Optional(Type.Array(OwnQuestion, { maxItems: 12 })),
  }, closed))),
}, closed);
