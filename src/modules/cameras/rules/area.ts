import { Type, type Static } from 'typebox';
import type { Text } from '../../../base/text/language.ts';
import { wholeShape, wordsShape } from '../../settings/contract/shapes.ts';

/** What a county may set of its cameras. */
export const CameraSettings = Type.Object({
  /** What cameras are put up and looked through for. One that is in use stays readable when it is taken off the list. */
  purposes: Type.Optional(Type.Array(Type.Object({ key: Type.String({ pattern: '^[a-z0-9-]{1,20}$' }), name: wordsShape(40, 60) }, { additionalProperties: false }), { minItems: 1, maxItems: 30 })),
  /** Minutes after which a view ends. */
  viewMinutes: wholeShape(1, 240),
  /** Seconds for which whoever turned a camera last keeps it. */
  holdSeconds: wholeShape(2, 120),
  /** Days for which pictures may be kept at most; an import that says more is refused. */
  retentionAtMost: wholeShape(1, 3_650),
  /** Whom residents may ask about cameras. */
  contact: Type.Optional(Type.Object({ name: wordsShape(60, 80), phone: Type.Optional(Type.String({ minLength: 3, maxLength: 30 })) }, { additionalProperties: false })),
}, { additionalProperties: false });
export type CameraSettings = Static<typeof CameraSettings>;

export interface Purpose { readonly key: string; readonly name: Text }

/** What counts in a county: its own settings over what ships. */
export interface CameraRules {
  readonly purposes: readonly Purpose[];
  readonly viewMinutes: number;
  readonly holdSeconds: number;
  readonly retentionAtMost: number;
  readonly contact: { readonly name: Text; readonly phone: string | null } | null;
}

export const rulesFrom = (shipped: Omit<CameraRules, 'contact'>, own: CameraSettings | null): CameraRules => ({
  purposes: own?.purposes ?? shipped.purposes, viewMinutes: own?.viewMinutes ?? shipped.viewMinutes, holdSeconds: own?.holdSeconds ?? shipped.holdSeconds,
  retentionAtMost: own?.retentionAtMost ?? shipped.retentionAtMost, contact: own?.contact ? { name: own.contact.name, phone: own.contact.phone ?? null } : null,
});
