import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Json } from '../../../base/canonical.ts';
import { refuse } from '../../../base/result.ts';
import type { World } from '../../../platform/world.ts';
import type { Area } from '../../settings/index.ts';
import { CameraSettings, rulesFrom, type CameraRules } from '../rules/area.ts';

/** What ships. */
export const shippedRules = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../../data/cameras/settings.json'), 'utf8')) as Omit<CameraRules, 'contact'>;

/** What counts in a county now. */
export const readRules = async ({ db }: Pick<World, 'db'>, county: string): Promise<CameraRules> => {
  const [row] = await db.query<{ own: CameraSettings | null }>(`select settings -> 'cameras' as own from county where county = $1`, [county], 'cameras.settings');
  return rulesFrom(shippedRules, row?.own ?? null);
};

/** What a county may set of its cameras: what they are looked through for, how long a view lasts, whom residents may ask. */
export const cameraArea: Area = {
  name: 'cameras', path: ['cameras'], schema: CameraSettings, edit: ['settings.edit', 'cameras.edit'],
  shipped: () => shippedRules as unknown as Json,
  check(_county, document) {
    const keys = ((document as CameraSettings | null)?.purposes ?? []).map(({ key }) => key);
    const twice = keys.findIndex((key, at) => keys.indexOf(key) !== at);
    return twice < 0 ? undefined : refuse(422, 'cameras.purpose_twice', { key: keys[twice]! }, [{ path: `/purposes/${twice}/key`, reason: 'cameras.purpose_twice', params: { key: keys[twice]! } }]);
  },
  preview: async (_county, _before, after) => {
    const { purposes, viewMinutes } = rulesFrom(shippedRules, after as CameraSettings | null);
    return [{ words: 'effect.cameras', params: { purposes: purposes.length, minutes: viewMinutes } }];
  },
};
