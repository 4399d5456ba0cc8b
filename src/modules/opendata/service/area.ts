import type { Json } from '../../../base/canonical.ts';
import type { Area } from '../../settings/index.ts';
import { OpenDataSettings } from '../contract.ts';

/** What a county may set of its open data. @param shipped what counts where it sets nothing */
export const openDataArea = (shipped: Required<OpenDataSettings>): Area => ({
  name: 'openData', path: ['openData'], schema: OpenDataSettings, edit: ['settings.edit', 'flow.edit'],
  shipped: () => shipped as unknown as Json,
  preview: async (_county, before, after) => {
    const of = (document: Json): Required<OpenDataSettings> => ({ ...shipped, ...(document as OpenDataSettings | null) });
    const [was, is] = [of(before), of(after)];
    return [{ words: 'effect.openData', params: { smallest: is.smallest, days: is.keepDays }, tone: is.smallest < was.smallest || (was.protects === 'all' && is.protects === 'homes') ? 'warn' : 'plain' }];
  },
});
