import { Type } from 'typebox';
import type { Json } from '../../../base/canonical.ts';
import type { Area } from '../../settings/index.ts';
import { wholeShape, yesNoShape } from '../../settings/contract/shapes.ts';
import { staffUrgencies, usualSettings } from '../rules/sending.ts';

/** Quiet hours in minutes after local midnight, and how many messages a day that are not urgent. */
const OutreachShape = Type.Object({
  quietFrom: wholeShape(0, 1439, { 'x-control': 'minutes' }), quietUntil: wholeShape(0, 1439, { 'x-control': 'minutes' }), dailyCap: wholeShape(1, 1000), staffDailyCap: wholeShape(1, 10_000),
  staffBreaks: Type.Optional(Type.Object(Object.fromEntries(staffUrgencies.map((one) => [one, yesNoShape])), { additionalProperties: false })),
}, { additionalProperties: false });

/** What a county may set of its messages to people. */
export const outreachAreas = (): readonly Area[] => [{
  name: 'outreach', path: ['outreach'], schema: OutreachShape, edit: ['settings.edit'], shipped: () => ({ ...usualSettings }) as unknown as Json,
  preview: async () => [{ words: 'effect.outreach' }],
}];
