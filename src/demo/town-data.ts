import { readFileSync } from 'node:fs';
import type { Text } from '../base/text/language.ts';

/** `data/demo/simen.json`. */
export interface DemoTown {
  readonly county: { readonly code: string; readonly name: Text };
  /** South-west corner in WGS-84 degrees. */
  readonly town: { readonly code: string; readonly short: Text; readonly west: number; readonly south: number; readonly cellMetres: number };
  /** Codes as the villages lie, north row first, west to east. */
  readonly villages: readonly (readonly string[])[];
  /** Official names by code, from the province down to the villages. */
  readonly names: Readonly<Record<string, string>>;
  readonly roadsEast: readonly string[];
  readonly roadsNorth: readonly string[];
  readonly lanes: readonly string[];
  readonly landmarks: readonly string[];
  readonly firms: readonly string[];
  readonly surnames: readonly string[];
  readonly given: readonly string[];
  readonly contacts: object;
}

/** Reads it anew at each call; it is small. */
export const readDemoTown = (): DemoTown => JSON.parse(readFileSync(new URL('../../data/demo/simen.json', import.meta.url), 'utf8')) as DemoTown;

/** The villages as they lie, with full and short names: 谢家路村 and 谢家路. */
export const layout = (town: DemoTown): { code: string; name: string; short: string }[][] =>
  town.villages.map((row) => row.map((code) => {
    const name = town.names[code]!;
    return { code, name, short: name.replace(/村$|社区$/, '') };
  }));
