import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { refuse, isRefusal, type Result } from '../../../base/result.ts';
import { bodyCheck } from '../../../platform/http/reading/values.ts';
import { Mapping } from '../contract.ts';

const folder = resolve(import.meta.dirname, '../../../../data/history');
const check = bodyCheck(Mapping);

/** Names of the mappings that ship. */
export const shippedMappings = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5)).sort();

/**
 * A mapping by the name of one that ships, or the path of a JSON file. Refusals: 404 `history.mapping`, 422 with what is wrong in it.
 */
export const readMapping = async (name: string): Promise<Result<Mapping>> => {
  const path = /^[a-z0-9-]+$/.test(name) ? resolve(folder, `${name}.json`) : name;
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return refuse(404, 'history.mapping', { name, known: (await shippedMappings()).join(', ') });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(422, 'http.json_broken');
  }
  const right = check(value);
  return isRefusal(right) ? right : (right as Mapping);
};
