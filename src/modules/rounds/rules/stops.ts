import { metresBetween } from '../../../base/geo/geometry.ts';
import type { Stop } from '../contract/patrol.ts';

type Draft = Omit<Stop, 'id'>;

/** Metres between two stops that a line is turned into. */
const apart = 100;

const isPosition = (value: unknown): value is readonly [number, number] => Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'number' && Math.abs(value[0]) <= 180 && Math.abs(value[1]) <= 90;

/** Points on a line every hundred metres, its two ends among them. */
const along = (line: readonly (readonly [number, number])[]): (readonly [number, number])[] => {
  const found: (readonly [number, number])[] = [];
  let since = Infinity;
  line.forEach(([x, y], at) => {
    const before = line[at - 1];
    if (!before) { found.push([x, y]); since = 0; return; }
    const whole = metresBetween(before[0], before[1], x, y);
    for (let next = apart - since; next < whole; next += apart) found.push([before[0] + ((x - before[0]) * next) / whole, before[1] + ((y - before[1]) * next) / whole]);
    const last = found.at(-1)!;
    since = metresBetween(last[0], last[1], x, y);
  });
  const end = line.at(-1);
  if (end && since > apart / 3) found.push(end);
  return found;
};

/** Stops out of GeoJSON features (RFC 7946, WGS-84): a point is one, a line one every hundred metres. Anything else is none. */
export const stopsOfFeatures = (features: readonly unknown[]): Draft[] =>
  features.flatMap((feature, n): Draft[] => {
    const { geometry, properties } = (feature ?? {}) as { geometry?: { type?: unknown; coordinates?: unknown }; properties?: { name?: unknown } | null };
    const name = typeof properties?.name === 'string' && properties.name.trim() !== '' ? properties.name.trim().slice(0, 90) : String(n + 1);
    if (geometry?.type === 'Point' && isPosition(geometry.coordinates)) return [{ name, lng: geometry.coordinates[0], lat: geometry.coordinates[1], component: null }];
    if (geometry?.type === 'LineString' && Array.isArray(geometry.coordinates) && geometry.coordinates.length > 1 && geometry.coordinates.every(isPosition))
      return along(geometry.coordinates).map(([lng, lat], at) => ({ name: `${name} ${at + 1}`, lng, lat, component: null }));
    return [];
  });

/** In the order of a walk: from the westernmost always to the nearest that is left. */
export const inWalkingOrder = (stops: readonly Draft[]): Draft[] => {
  const left = [...stops].sort((a, b) => a.lng - b.lng || a.lat - b.lat);
  const walk: Draft[] = [];
  for (let here = left.shift(); here; ) {
    walk.push(here);
    let next = -1;
    let best = Infinity;
    for (const [at, stop] of left.entries()) {
      const metres = metresBetween(here.lng, here.lat, stop.lng, stop.lat);
      if (metres < best) { best = metres; next = at; }
    }
    here = next < 0 ? undefined : left.splice(next, 1)[0];
  }
  return walk;
};
