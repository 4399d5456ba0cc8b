import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Catalogue } from '../base/text/language.ts';

/** Folder of the message catalogues. */
export const textsFolder = resolve(import.meta.dirname, '../../data/texts');

const read = (path: string): Catalogue => JSON.parse(readFileSync(path, 'utf8')) as Catalogue;

const kept = new Map<string, Catalogue>();

/**
 * The catalogue of an area, read once: the file `data/texts/{area}.json`, or all files of the folder `data/texts/{area}/` together.
 * @throws when there is neither, or when two files of the folder hold the same key.
 */
export const textsOf = (area: string): Catalogue => {
  const known = kept.get(area);
  if (known) return known;
  const folder = join(textsFolder, area);
  let files: string[];
  try {
    files = readdirSync(folder).filter((name) => name.endsWith('.json')).sort();
  } catch {
    const whole = read(`${folder}.json`);
    kept.set(area, whole);
    return whole;
  }
  const all: Record<string, Catalogue[string]> = {};
  for (const file of files)
    for (const [key, text] of Object.entries(read(join(folder, file)))) {
      if (key in all) throw new Error(`data/texts/${area}/${file}: ${key} is there twice`);
      all[key] = text;
    }
  kept.set(area, all);
  return all;
};
