import { levelAbove, levelOfCode, parentCode, pathUnder, type Level } from './levels.ts';
import type { PlaceCode } from '../../../base/ids.ts';
import type { PlaceDraft } from './drafts.ts';
import type { Faults, Where } from './faults.ts';
import type { Place, PlaceTree } from './tree.ts';

/**
 * `merge`: what the file names is added or changed, the rest stays. `replace`: of the levels that the file holds, under
 * the parents that it names, whatever it does not name ends.
 */
export type ImportMode = 'merge' | 'replace';

/** A county's table as it would be after an import. */
export interface Plan {
  readonly after: ReadonlyMap<string, Place>;
  readonly added: readonly Place[];
  readonly changed: readonly Place[];
  readonly ended: readonly string[];
  /** Where in the file a place stands, by id. */
  readonly where: ReadonlyMap<string, Where>;
}

/** Compared member by member: the order of members differs between a row that was read and a draft. */
const same = (a: Place, b: Place): boolean =>
  (Object.keys(a) as (keyof Place)[]).every((key) => a[key] === b[key] || JSON.stringify(a[key]) === JSON.stringify(b[key]));

/**
 * Works out the next table from the present one and the drafts of an import: parents, paths, ids, what is new, changed
 * and ended. Notes wrong, doubled and homeless codes; geometry is looked at elsewhere.
 */
export const planOf = (tree: PlaceTree, county: string, drafts: readonly PlaceDraft[], mode: ImportMode, faults: Faults): Plan => {
  const byCode = new Map<string, PlaceDraft>();
  for (const draft of drafts) {
    const first = byCode.get(draft.code);
    if (first) faults.add(draft.where ?? null, 'places.duplicate_code', { code: draft.code, name: draft.name, first: first.where?.line ?? '–' });
    else byCode.set(draft.code, draft);
  }
  const countyPlace = tree.find(county);
  const countyCode = countyPlace?.code ?? county;
  const after = new Map<string, Place>();
  for (const place of tree.all()) after.set(place.id, place);
  const where = new Map<string, Where>();
  const added: Place[] = [];
  const changed: Place[] = [];
  const made = new Map<string, Place | null>();

  /** A code of the file or the table as a place of the next table; null where it is wrong. Ancestors come first. */
  const make = (code: string): Place | null => {
    const known = made.get(code);
    if (known !== undefined) return known;
    const draft = byCode.get(code);
    const before = tree.byCode(code);
    if (!draft) {
      made.set(code, before ?? null);
      return before ?? null;
    }
    made.set(code, null);
    const place = placeOf(draft, before);
    made.set(code, place);
    return place;
  };

  const placeOf = (draft: PlaceDraft, before: Place | undefined): Place | null => {
    const about = { code: draft.code, name: draft.name };
    const fail = (reason: string, params: Readonly<Record<string, string | number>> = {}): null => {
      faults.add(draft.where ?? null, reason, { ...about, ...params });
      return null;
    };
    const above = ['province', 'city', 'county'].includes(draft.level);
    if (above ? !countyCode.startsWith(draft.code) : !draft.code.startsWith(countyCode)) return fail('places.other_county', { county: countyCode });
    let parent: Place | null = null;
    if (draft.level !== 'province') {
      const wantedCode = draft.parent ?? (before?.parent ? tree.find(before.parent)!.code : parentCode(draft.code)!);
      if (draft.parent !== undefined && levelOfCode(draft.parent) !== levelAbove(draft.level)) return fail('places.wrong_level', { parent: draft.parent });
      if (!draft.code.startsWith(wantedCode)) return fail('places.not_under', { parent: wantedCode });
      parent = make(wantedCode);
      if (!parent) return fail('places.no_parent', { parent: wantedCode });
    }
    const id = before?.id ?? (after.has(draft.code) ? `${draft.code}~${tree.version + 1}` : draft.code) as PlaceCode;
    const place: Place = {
      id, code: draft.code as PlaceCode, level: draft.level, parent: parent?.id ?? null,
      path: pathUnder(parent?.path ?? '', id),
      name: draft.name || (before?.name ?? ''),
      kind: draft.kind ?? before?.kind ?? null,
      area: draft.area ?? (draft.addresses ? null : (before?.area ?? null)),
      addresses: draft.addresses ?? (draft.area ? null : (before?.addresses ?? null)),
      doors: draft.doors ?? (draft.area || draft.addresses ? null : (before?.doors ?? null)),
    };
    if (!before) added.push(place);
    else if (!same(place, before)) changed.push(place);
    after.set(id, place);
    if (draft.where) where.set(id, draft.where);
    return place;
  };

  for (const code of byCode.keys()) make(code);
  const ended = mode === 'replace' ? endedBy(tree, [...byCode.keys()].flatMap((code) => made.get(code) ?? []), after, faults) : [];
  return { after, added, changed, ended, where };
};

const endedBy = (tree: PlaceTree, named: readonly Place[], after: Map<string, Place>, faults: Faults): string[] => {
  const kept = new Set<string>(named.map((place) => place.id));
  const fields = new Set(named.map((place) => `${place.level} ${place.parent ?? ''}`));
  const gone: Place[] = [];
  for (const place of tree.all())
    if (!kept.has(place.id) && fields.has(`${place.level} ${place.parent ?? ''}`)) gone.push(place);
  for (const place of gone) after.delete(place.id);
  for (const place of gone)
    for (const child of tree.children(place.id))
      if (after.has(child.id)) faults.add(null, 'places.still_has_places', { code: place.code, name: place.name, child: child.code });
  return gone.map((place) => place.id);
};

/** Groups that an import touches and that must be looked at: every parent with its children of the level below. */
export interface Family {
  readonly parent: Place | null;
  readonly level: Level;
  readonly children: readonly Place[];
}

/** Families in which a child or the parent is new, changed or gone; each with all its children of the next table. */
export const touchedFamilies = (tree: PlaceTree, plan: Plan): Family[] => {
  const touched = new Set<string>();
  for (const place of [...plan.added, ...plan.changed]) {
    touched.add(place.parent ?? '');
    touched.add(place.id);
  }
  for (const id of plan.ended) touched.add(tree.find(id)?.parent ?? '');
  const families = new Map<string, Place[]>();
  for (const place of plan.after.values()) {
    const key = place.parent ?? '';
    if (!touched.has(key)) continue;
    const list = families.get(key);
    if (list) list.push(place);
    else families.set(key, [place]);
  }
  return [...families].map(([id, children]) => ({ parent: plan.after.get(id) ?? null, level: children[0]!.level, children }));
};

