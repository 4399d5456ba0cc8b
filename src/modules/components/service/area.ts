import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { refuse } from '../../../base/result.ts';
import type { Area } from '../../settings/index.ts';
import { ComponentSettings, fitsPaper, sheetsOf, type PlateSheet } from '../rules/area.ts';

/** Sheets that ship. */
export const shippedSheets = (): readonly PlateSheet[] =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../../data/components/sheets.json'), 'utf8')) as PlateSheet[];

/** What a county may set of its components: how they are coded, and how their plates look. Codes that are there already stay as they are. */
export const componentArea: Area = {
  name: 'components', path: ['components'], schema: ComponentSettings, edit: ['settings.edit', 'components.import'],
  shipped: () => ({ code: '6+2+2+6' }),
  check(_county, document) {
    const own = (document ?? {}) as ComponentSettings;
    const keys = (own.sheets ?? []).map(({ key }) => key);
    const twice = keys.findIndex((key, at) => keys.indexOf(key) !== at);
    if (twice >= 0) return refuse(422, 'components.sheet_twice', { key: keys[twice]! }, [{ path: `/sheets/${twice}/key`, reason: 'components.sheet_twice', params: { key: keys[twice]! } }]);
    const wide = sheetsOf([], own).findIndex((sheet) => !fitsPaper(sheet));
    if (wide >= 0) return refuse(422, 'components.sheet_paper', { key: keys[wide]! }, [{ path: `/sheets/${wide}/labelWidth`, reason: 'components.sheet_paper', params: { key: keys[wide]! } }]);
    return null;
  },
  preview: async () => [{ words: 'effect.components' }],
};
