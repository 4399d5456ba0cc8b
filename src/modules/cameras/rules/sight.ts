import { boxOf, containment, meeting, metresBetween, metresPerDegree, type Area, type Box, type Position } from '../../../base/geo/geometry.ts';

/** What of a camera decides whether it can see a point. Metres, degrees from north with the clock, WGS-84. */
export interface Seer {
  readonly code: string;
  readonly lng: number;
  readonly lat: number;
  /** Of the lens above the ground; null where nobody has said. */
  readonly height: number | null;
  /** Where it looks in its resting position; null where nobody has said. */
  readonly bearing: number | null;
  /** How wide its picture is, degrees; null where nobody has said. */
  readonly opening: number | null;
  /** How far it turns in all, half of it to either side of its bearing; 0 stands fixed, 360 turns all round. */
  readonly turning: number;
  /** As far as a person or a car can be made out. */
  readonly reach: number;
  readonly state: 'works' | 'silent' | 'off';
}

/** A building that may stand in between. */
export interface Building {
  readonly area: Area;
  /** Metres; null is higher than any mast. */
  readonly height: number | null;
}

/** Whether the point lies in the picture as it stands, after turning, or not at all; `unknown` where the bearing or the opening is not known. */
export type InView = 'now' | 'turned' | 'no' | 'unknown';
/** Whether buildings stand in between; `unknown` where no building was ever loaded here. */
export type LineOfSight = 'clear' | 'blocked' | 'unknown';

export interface Seen {
  readonly metres: number;
  /** Degrees from north in which the point lies from the camera, 0 to 360. */
  readonly towards: number;
  readonly inReach: boolean;
  readonly view: InView;
  readonly sight: LineOfSight;
  /** 0 sees it as far as is known, 1 works but does not, 2 does not answer or is off. */
  readonly tier: 0 | 1 | 2;
}

const radian = Math.PI / 180;

/** Degrees from north, 0 to 360, in which `b` lies from `a`: on the plane, which is good to a tenth of a degree within kilometres. */
export const bearingTo = (a: Position, b: Position): number => {
  const east = (b[0] - a[0]) * Math.cos(((a[1] + b[1]) / 2) * radian);
  const angle = Math.atan2(east, b[1] - a[1]) / radian;
  return (angle + 360) % 360;
};

/** The smaller angle between two directions, 0 to 180. */
export const angleBetween = (a: number, b: number): number => {
  const apart = Math.abs((((a - b) % 360) + 360) % 360);
  return Math.min(apart, 360 - apart);
};

/** Whether a direction lies in a camera's picture. A borderline counts as in. */
export const viewOf = ({ bearing, opening, turning }: Pick<Seer, 'bearing' | 'opening' | 'turning'>, towards: number): InView => {
  if ((opening ?? 0) >= 360) return 'now';
  if (bearing === null) return turning >= 360 ? 'turned' : 'unknown';
  const off = angleBetween(bearing, towards);
  if (opening !== null && off <= opening / 2) return 'now';
  if (turning >= 360 || off <= turning / 2 + (opening ?? 0) / 2) return 'turned';
  return opening === null ? 'unknown' : 'no';
};

/** How far along a stretch, 0 to 1, it meets an edge; undefined where it does not. */
const along = (from: Position, to: Position, c: Position, d: Position): number | undefined => {
  const at = meeting(from, to, c, d);
  if (!at) return undefined;
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  return Math.abs(dx) > Math.abs(dy) ? (at[0] - from[0]) / dx : dy === 0 ? 0 : (at[1] - from[1]) / dy;
};

/**
 * Whether a building hides a point of the ground from a lens: the straight line from the lens falls to the ground, and it is
 * cut where it is lower than a roof that it passes. A building that the lens itself stands on or in, and one that the point
 * stands in, hide nothing: the mast may be on a roof, and of a point inside a house the front is meant.
 */
export const hides = ({ area, height }: Building, lens: Position, mast: number, point: Position): boolean => {
  if (height !== null && height <= 0) return false;
  if (containment(area, lens[0], lens[1]) !== 'outside' || containment(area, point[0], point[1]) !== 'outside') return false;
  for (const polygon of area)
    for (const ring of polygon)
      for (let i = 1; i < ring.length; i++) {
        const share = along(lens, point, ring[i - 1]!, ring[i]!);
        if (share !== undefined && (height === null || mast * (1 - share) < height)) return true;
      }
  return false;
};

/** A lens of unknown height is taken as on a lamp post. */
const usualMast = 6;

/** @param buildings those between the two; null where none were ever loaded for the county */
export const sightOf = (camera: Pick<Seer, 'lng' | 'lat' | 'height'>, point: Position, buildings: readonly Building[] | null): LineOfSight => {
  if (buildings === null) return 'unknown';
  const lens: Position = [camera.lng, camera.lat];
  return buildings.some((one) => hides(one, lens, camera.height ?? usualMast, point)) ? 'blocked' : 'clear';
};

export const seen = (camera: Seer, point: Position, buildings: readonly Building[] | null): Seen => {
  const metres = metresBetween(camera.lng, camera.lat, point[0], point[1]);
  const towards = bearingTo([camera.lng, camera.lat], point);
  const inReach = metres <= camera.reach;
  // Below a metre there is no direction to speak of.
  const view = metres < 1 ? 'now' : viewOf(camera, towards);
  const sight = sightOf(camera, point, buildings);
  const tier = camera.state !== 'works' ? 2 : inReach && view !== 'no' && sight !== 'blocked' ? 0 : 1;
  return { metres, towards, inReach, view, sight, tier };
};

/**
 * Cameras in the order in which somebody would try them: those that see the point as far as is known, then those that work but
 * do not, then those that do not answer or are off; in each the nearest first, and of two equally near the lower code.
 */
export const ranked = <C extends Seer>(cameras: readonly C[], point: Position, buildings: readonly Building[] | null): readonly { readonly camera: C; readonly seen: Seen }[] =>
  cameras.map((camera) => ({ camera, seen: seen(camera, point, buildings) }))
    .sort((a, b) => a.seen.tier - b.seen.tier || a.seen.metres - b.seen.metres || (a.camera.code < b.camera.code ? -1 : a.camera.code > b.camera.code ? 1 : 0));

/** The box around a camera and a point, which is where buildings matter. */
export const between = (cameras: readonly Pick<Seer, 'lng' | 'lat'>[], point: Position): Box =>
  boxOf([point, ...cameras.map(({ lng, lat }): Position => [lng, lat])]);

/** Whether a position lies in what a camera could see at all: for drawing it on a map as a sector of this many metres and degrees. */
export const sectorOf = ({ lng, lat, bearing, opening, turning, reach }: Seer): readonly Position[] => {
  const whole = bearing === null || turning + (opening ?? 0) >= 360;
  const half = whole ? 180 : (turning + (opening ?? 0)) / 2;
  const steps = Math.max(2, Math.ceil(half / 6));
  const at = (degrees: number): Position => [
    lng + (Math.sin(degrees * radian) * reach) / (metresPerDegree * Math.cos(lat * radian)), lat + (Math.cos(degrees * radian) * reach) / metresPerDegree,
  ];
  const arc = Array.from({ length: 2 * steps + 1 }, (_, i) => at((bearing ?? 0) - half + (half * i) / steps));
  return whole ? [...arc, arc[0]!] : [[lng, lat], ...arc, [lng, lat]];
};

