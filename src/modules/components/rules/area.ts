import { Type, type Static } from 'typebox';
import { wordsShape } from '../../settings/contract/shapes.ts';

const Words = wordsShape(40, 80);

const millimetres = Type.Tuple([Type.Number(), Type.Number()]);

/** 版式: how plates lie on a sheet of paper. All lengths in millimetres, each pair is across and down. */
export const PlateSheet = Type.Object({
  key: Type.String({ pattern: '^[a-z0-9-]{1,20}$' }), name: Words,
  page: millimetres, margin: millimetres, columns: Type.Integer(), rows: Type.Integer(), label: millimetres, gap: millimetres,
});
export type PlateSheet = Static<typeof PlateSheet>;

/** A sheet as a county writes it: flat, as a form shows it. */
const OwnSheet = Type.Object({
  key: Type.String({ pattern: '^[a-z0-9-]{1,20}$' }), name: Words,
  pageWidth: Type.Number({ minimum: 50, maximum: 900 }), pageHeight: Type.Number({ minimum: 50, maximum: 1_200 }),
  marginLeft: Type.Number({ minimum: 0, maximum: 100 }), marginTop: Type.Number({ minimum: 0, maximum: 100 }),
  columns: Type.Integer({ minimum: 1, maximum: 12 }), rows: Type.Integer({ minimum: 1, maximum: 40 }),
  labelWidth: Type.Number({ minimum: 30, maximum: 400 }), labelHeight: Type.Number({ minimum: 20, maximum: 400 }),
  gapAcross: Type.Number({ minimum: 0, maximum: 50 }), gapDown: Type.Number({ minimum: 0, maximum: 50 }),
}, { additionalProperties: false });

/** What a county sets of its components: the digits of a code, the county that codes begin with where it is another's, and how plates look. */
export const ComponentSettings = Type.Object({
  code: Type.Optional(Type.Union([Type.Literal('6+2+2+6'), Type.Literal('6+2+3+5')])),
  prefix: Type.Optional(Type.String({ pattern: '^\\d{6}$' })),
  /** Stands on every plate beside the code: what to do, and whom to call where there is no telephone that scans. */
  plateWords: Type.Optional(Words), platePhone: Type.Optional(Type.String({ minLength: 3, maxLength: 20 })),
  sheets: Type.Optional(Type.Array(OwnSheet, { maxItems: 10 })),
}, { additionalProperties: false });
export type ComponentSettings = Static<typeof ComponentSettings>;

/** Half a millimetre that the rounding of a printer is allowed. */
const slack = 0.5;

/** The sheets of a county: its own, then those that ship and whose key it has not taken. */
export const sheetsOf = (shipped: readonly PlateSheet[], { sheets = [] }: ComponentSettings): readonly PlateSheet[] => {
  const own = sheets.map((one): PlateSheet => ({
    key: one.key, name: one.name, page: [one.pageWidth, one.pageHeight], margin: [one.marginLeft, one.marginTop],
    columns: one.columns, rows: one.rows, label: [one.labelWidth, one.labelHeight], gap: [one.gapAcross, one.gapDown],
  }));
  return [...own, ...shipped.filter(({ key }) => !own.some((one) => one.key === key))];
};

/** Whether all plates lie on the paper. */
export const fitsPaper = ({ page, margin, columns, rows, label, gap }: PlateSheet): boolean =>
  margin[0] + columns * label[0] + (columns - 1) * gap[0] <= page[0] + slack && margin[1] + rows * label[1] + (rows - 1) * gap[1] <= page[1] + slack;
