import type { Json } from '../../../base/canonical.ts';

/** A JSON object. */
export interface Tree { readonly [name: string]: Json | undefined }

export const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands at a path; undefined where nothing does. */
export const at = (value: Json | undefined, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((below, name) => (isTree(below) && Object.hasOwn(below, name) ? below[name] : undefined), value);

/** A tree with another value at a path; what becomes empty by a removal goes too. */
export const withAt = (tree: Tree, [name, ...below]: readonly string[], value: Json | undefined): Tree => {
  const own = Object.hasOwn(tree, name!) ? tree[name!] : undefined;
  const next = below.length === 0 ? value : withAt(isTree(own) ? own : {}, below, value);
  const { [name!]: _, ...others } = tree;
  return next === undefined || (value === undefined && isTree(next) && Object.keys(next).length === 0) ? others : { ...others, [name!]: next };
};

/** Names that a path may be made of: nothing that means something to JavaScript. */
export const isPath = (path: readonly string[]): boolean =>
  path.length > 0 && path.every((part) => /^[A-Za-z0-9_-]{1,60}$/u.test(part) && !(part in {}));

/**
 * Where an area's document stands in `county.settings`, and the paths of other areas below it: they are no part of the
 * document and stay as they are.
 */
export interface Seat {
  readonly path: readonly string[];
  readonly apart: readonly (readonly string[])[];
}

const below = (path: readonly string[], other: readonly string[]): boolean => other.length > path.length && path.every((name, index) => other[index] === name);

/** The seat of a path among all paths. */
export const seatOf = (path: readonly string[], paths: readonly (readonly string[])[]): Seat => ({ path, apart: paths.filter((other) => below(path, other)) });

/** The document of an area; null where the county has nothing of its own. */
export const documentIn = (settings: Tree, { path, apart }: Seat): Json => {
  let rest = settings;
  for (const other of apart) rest = withAt(rest, other, undefined);
  return at(rest, path) ?? null;
};

/** The settings with another document of an area; null takes it away. */
export const withDocument = (settings: Tree, { path, apart }: Seat, document: Json): Tree => {
  let next = withAt(settings, path, document ?? undefined);
  for (const other of apart) {
    const kept = at(settings, other);
    if (kept !== undefined) next = withAt(next, other, kept);
  }
  return next;
};
