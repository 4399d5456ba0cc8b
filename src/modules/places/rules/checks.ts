import Flatbush from 'flatbush';
import { boxOf, containment, pointInside, positionsOf, type Area, type Box } from '../../../base/geo/geometry.ts';
import { coverageOf, overlapOf, sliverWidth, type Flaw } from './coverage.ts';
import type { Faults } from './faults.ts';
import type { Level } from './levels.ts';
import { touchedFamilies, type Family, type Plan } from './plan.ts';
import { planeAt, type Plane } from './sweep.ts';
import type { Place, PlaceTree } from './tree.ts';

/** Levels whose areas may not lie on one another; micro-grids may share a footprint. */
const exclusive: readonly Level[] = ['town', 'village', 'grid'];

const planeOf = (area: Area): Plane => {
  const box = boxOf(positionsOf(area));
  return planeAt((box.west + box.east) / 2, (box.south + box.north) / 2);
};

/** How a flaw is told: square metres, metres across, where. */
const told = (flaw: Flaw) => ({
  squareMetres: Math.round(flaw.squareMetres * 10) / 10, metres: Math.round(flaw.width * 100) / 100,
  lng: Math.round(flaw.at[0] * 1e6) / 1e6, lat: Math.round(flaw.at[1] * 1e6) / 1e6,
});

/**
 * Looks at the geometry of a planned table wherever the import touches it: overlaps and slivers between any two areas of
 * a level, holes and sliver gaps in a parent's coverage, areas outside their parent, doors outside their grid. Yields
 * after each small piece of work how much is done and how much there is, so that a server can breathe in between.
 */
export function* checkGeometry(tree: PlaceTree, plan: Plan, faults: Faults): Generator<{ readonly done: number; readonly total: number }, void> {
  const families = touchedFamilies(tree, plan);
  const total = families.length + exclusive.length;
  let done = 0;
  for (const family of families) {
    if (family.level === 'microgrid') checkMicrogrids(family, plan, faults);
    else if (family.level !== 'province' && family.level !== 'city') checkFamily(family, plan, faults);
    yield { done: ++done, total };
  }
  for (const level of exclusive) {
    yield* checkCousins(level, plan, faults, done, total);
    yield { done: ++done, total };
  }
}

const named = (place: Place, plan: Plan): string => {
  const line = plan.where.get(place.id)?.line;
  return `${place.code} ${place.name}${line === undefined ? '' : ` #${line}`}`;
};

const checkFamily = ({ parent, children }: Family, plan: Plan, faults: Faults): void => {
  const drawn = children.filter((child) => child.area !== null);
  if (drawn.length === 0) return;
  // Where some children are not drawn yet, what is not covered says nothing.
  const whole = drawn.length === children.length;
  const plane = planeOf(parent?.area ?? drawn[0]!.area!);
  const { overlaps, gaps, outside } = coverageOf(parent?.area ?? null, drawn.map((child) => child.area!), plane);
  for (const { a, b, ...flaw } of overlaps) tellOverlap(drawn[a]!, drawn[b]!, flaw, plan, faults);
  for (const { child, share, ...flaw } of outside) {
    const place = drawn[child]!;
    faults.add(plan.where.get(place.id) ?? plan.where.get(parent!.id) ?? null, share > 0.999 ? 'places.elsewhere' : 'places.outside_parent', {
      code: place.code, name: place.name, parent: named(parent!, plan), percent: Math.round(share * 1000) / 10, found: share > 0.999 ? whereElse(place, plan) : '', ...told(flaw),
    });
  }
  if (whole)
    for (const { beside, ...flaw } of gaps)
      faults.add(plan.where.get(parent!.id) ?? plan.where.get(drawn[beside[0] ?? 0]!.id) ?? null, flaw.width < sliverWidth ? 'places.sliver_gap' : 'places.gap', {
        code: parent!.code, name: parent!.name, beside: beside.slice(0, 6).map((index) => named(drawn[index]!, plan)).join(' / '), ...told(flaw),
      });
};

const tellOverlap = (a: Place, b: Place, flaw: Flaw, plan: Plan, faults: Faults): void => {
  faults.add(plan.where.get(b.id) ?? plan.where.get(a.id) ?? null, flaw.width < sliverWidth ? 'places.sliver_overlap' : 'places.overlap',
    { a: named(a, plan), b: named(b, plan), ...told(flaw) });
};

/** The place of the parent's level that a misplaced area really lies in, for the message. */
const whereElse = (place: Place, plan: Plan): string => {
  const [lng, lat] = pointInside(place.area!);
  const level = plan.after.get(place.parent!)?.level;
  for (const other of plan.after.values())
    if (other.level === level && other.area && containment(other.area, lng, lat) === 'inside') return `${other.code} ${other.name}`;
  return '-';
};

const checkMicrogrids = ({ parent, children }: Family, plan: Plan, faults: Faults): void => {
  if (!parent?.area) return;
  for (const place of children) {
    const where = plan.where.get(place.id) ?? plan.where.get(parent.id) ?? null;
    if (place.area) {
      const [outside] = coverageOf(parent.area, [place.area], planeOf(parent.area)).outside;
      if (outside)
        faults.add(where, 'places.outside_parent', { code: place.code, name: place.name, parent: named(parent, plan), percent: Math.round(outside.share * 1000) / 10, found: '', ...told(outside) });
    }
    for (const [lng, lat] of place.doors ?? [])
      if (containment(parent.area, lng, lat) === 'outside')
        faults.add(where, 'places.door_outside', { code: place.code, name: place.name, parent: named(parent, plan), lng, lat });
  }
};

/** Areas of one level under different parents; those under one parent were compared together. */
function* checkCousins(level: Level, plan: Plan, faults: Faults, done: number, total: number): Generator<{ readonly done: number; readonly total: number }, void> {
  const drawn = [...plan.after.values()].filter((place) => place.level === level && place.area !== null);
  const touched = new Set<string>([...plan.added, ...plan.changed].map((place) => place.id));
  if (drawn.length < 2 || !drawn.some((place) => touched.has(place.id))) return;
  const boxes: Box[] = drawn.map((place) => boxOf(positionsOf(place.area!)));
  const index = new Flatbush(drawn.length);
  for (const box of boxes) index.add(box.west, box.south, box.east, box.north);
  index.finish();
  for (let i = 0; i < drawn.length; i++) {
    const one = drawn[i]!;
    if (!touched.has(one.id)) continue;
    const box = boxes[i]!;
    for (const j of index.search(box.west, box.south, box.east, box.north)) {
      const other = drawn[j]!;
      if (other.parent === one.parent || (touched.has(other.id) && j >= i)) continue;
      const flaw = overlapOf(other.area!, one.area!, planeOf(one.area!));
      if (flaw) tellOverlap(other, one, flaw, plan, faults);
    }
    if (i % 50 === 49) yield { done, total };
  }
}
