import type { Area } from '../../settings/index.ts';
import { ComponentCoding } from '../rules/area.ts';

/** What a county may set of its components: how they are coded. Codes that are there already stay as they are. */
export const componentArea: Area = {
  name: 'components', path: ['components'], schema: ComponentCoding, edit: ['settings.edit', 'components.import'],
  shipped: () => ({ code: '6+2+2+6' }),
  preview: async () => [{ words: 'effect.components' }],
};
