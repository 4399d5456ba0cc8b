import { canonical, type Json } from '../../../base/canonical.ts';
import { isTree } from './tree.ts';

/** One value that is other than it was; undefined is nothing of the county's own. Items of a list are named by their key or place. */
export interface Difference {
  readonly path: readonly string[];
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

const same = (a: Json | undefined, b: Json | undefined): boolean => (a === undefined || b === undefined ? a === b : canonical(a) === canonical(b));

/** The name of an item that has one: two lists are compared item by item by it. */
const keyOf = (item: Json): string | undefined => {
  const key = isTree(item) ? (item['key'] ?? item['id'] ?? item['code']) : undefined;
  return typeof key === 'string' ? key : undefined;
};

const keyed = (list: readonly Json[]): ReadonlyMap<string, Json> | undefined => {
  const found = new Map<string, Json>();
  for (const item of list) {
    const key = keyOf(item);
    if (key === undefined || found.has(key)) return undefined;
    found.set(key, item);
  }
  return found;
};

/** Three languages, or a limit: said whole rather than in parts. */
const isWhole = (value: Json | undefined): boolean => isTree(value) && (('zh-Hans' in value && 'en' in value) || ('amount' in value && 'unit' in value));

const between = (path: readonly string[], before: Json | undefined, after: Json | undefined): Difference[] => {
  if (same(before, after)) return [];
  if (!isWhole(before) && !isWhole(after)) {
    if ((isTree(before) || before === undefined) && (isTree(after) || after === undefined) && (isTree(before) || isTree(after))) {
      const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
      return names.length === 0 ? [{ path, before, after }] : names.flatMap((name) => between([...path, name], (before as Record<string, Json> | undefined)?.[name], (after as Record<string, Json> | undefined)?.[name]));
    }
    if (Array.isArray(before) && Array.isArray(after)) {
      const [was, is] = [keyed(before as Json[]), keyed(after as Json[])];
      if (was && is && was.size + is.size > 0) {
        const parts = [...new Set([...was.keys(), ...is.keys()])].flatMap((key) => between([...path, key], was.get(key), is.get(key)));
        // The same items in another order.
        return parts.length > 0 ? parts : [{ path, before, after }];
      }
    }
  }
  return [{ path, before, after }];
};

/** What a document changes over another, value by value, in the order of the members. Null is a document with nothing in it. */
export const differences = (before: Json, after: Json): readonly Difference[] => between([], before ?? undefined, after ?? undefined);
