import { Type } from 'typebox';

/** How a county's components are coded: the digits of a code, and the county that the codes begin with where it is another's. */
export const ComponentCoding = Type.Object({
  code: Type.Optional(Type.Union([Type.Literal('6+2+2+6'), Type.Literal('6+2+3+5')])),
  prefix: Type.Optional(Type.String({ pattern: '^\\d{6}$' })),
}, { additionalProperties: false });
