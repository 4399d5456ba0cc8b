import type { Position } from './geometry.ts';

/**
 * Coordinate systems by name. WGS-84 is what everything is kept in; CGCS2000 differs from it by centimetres and
 * counts as it; GCJ-02 is what maps published in China show, BD-09 what Baidu's do.
 */
export const coordinateSystems = ['wgs84', 'cgcs2000', 'gcj02', 'bd09'] as const;
export type CoordinateSystem = (typeof coordinateSystems)[number];

export const isCoordinateSystem = (text: unknown): text is CoordinateSystem => coordinateSystems.includes(text as CoordinateSystem);

// Krasovsky 1940, on which GCJ-02 computes its shift.
const semiMajor = 6_378_245;
const eccentricity2 = 0.006_693_421_622_965_943;
const baidu = (Math.PI * 3000) / 180;

/** GCJ-02 shifts nothing outside this rectangle. */
const shifted = (lng: number, lat: number): boolean => lng >= 72.004 && lng <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;

const wave = (u: number, a: number, b: number, c: number, pa: number, pb: number, pc: number): number =>
  ((a * Math.sin(u * pa * Math.PI) + b * Math.sin(u * pb * Math.PI) + c * Math.sin(u * pc * Math.PI)) * 2) / 3;

const shift = (lng: number, lat: number): Position => {
  const x = lng - 105;
  const y = lat - 35;
  const fine = wave(x, 20, 20, 0, 6, 2, 0);
  const dLat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + fine
    + wave(y, 20, 40, 0, 1, 1 / 3, 0) + ((160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y * Math.PI) / 30)) * 2) / 3;
  const dLng = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + fine
    + wave(x, 20, 40, 0, 1, 1 / 3, 0) + ((150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI)) * 2) / 3;
  const radians = (lat / 180) * Math.PI;
  const magic = 1 - eccentricity2 * Math.sin(radians) ** 2;
  return [
    (dLng * 180) / ((semiMajor / Math.sqrt(magic)) * Math.cos(radians) * Math.PI),
    (dLat * 180) / (((semiMajor * (1 - eccentricity2)) / (magic * Math.sqrt(magic))) * Math.PI),
  ];
};

const wgsToGcj = (lng: number, lat: number): Position => {
  if (!shifted(lng, lat)) return [lng, lat];
  const [dLng, dLat] = shift(lng, lat);
  return [lng + dLng, lat + dLat];
};

/** The inverse has no closed form: repeated until it stands still, which leaves less than a millimetre. */
const gcjToWgs = (lng: number, lat: number): Position => {
  if (!shifted(lng, lat)) return [lng, lat];
  let [x, y] = [lng, lat];
  for (let i = 0; i < 12; i++) {
    const [gLng, gLat] = wgsToGcj(x, y);
    x += lng - gLng;
    y += lat - gLat;
    if (Math.abs(lng - gLng) < 1e-12 && Math.abs(lat - gLat) < 1e-12) break;
  }
  return [x, y];
};

const gcjToBd = (lng: number, lat: number): Position => {
  const z = Math.hypot(lng, lat) + 0.000_02 * Math.sin(lat * baidu);
  const theta = Math.atan2(lat, lng) + 0.000_003 * Math.cos(lng * baidu);
  return [z * Math.cos(theta) + 0.0065, z * Math.sin(theta) + 0.006];
};

const bdToGcj = (lng: number, lat: number): Position => {
  // The published inverse is off by up to half a metre; these rounds take it to less than a millimetre.
  let [x, y] = [lng - 0.0065, lat - 0.006];
  for (let i = 0; i < 12; i++) {
    const [bLng, bLat] = gcjToBd(x, y);
    x += lng - bLng;
    y += lat - bLat;
    if (Math.abs(lng - bLng) < 1e-12 && Math.abs(lat - bLat) < 1e-12) break;
  }
  return [x, y];
};

/** Brings a position of a named system to WGS-84. Never guesses: the name comes from whoever knows the source. */
export const toWgs84 = (system: CoordinateSystem, lng: number, lat: number): Position => {
  switch (system) {
    case 'wgs84':
    case 'cgcs2000':
      return [lng, lat];
    case 'gcj02':
      return gcjToWgs(lng, lat);
    case 'bd09': {
      const [gLng, gLat] = bdToGcj(lng, lat);
      return gcjToWgs(gLng, gLat);
    }
  }
};

/** Brings a WGS-84 position to a named system: for links that open a map app. */
export const fromWgs84 = (system: CoordinateSystem, lng: number, lat: number): Position => {
  switch (system) {
    case 'wgs84':
    case 'cgcs2000':
      return [lng, lat];
    case 'gcj02':
      return wgsToGcj(lng, lat);
    case 'bd09': {
      const [gLng, gLat] = wgsToGcj(lng, lat);
      return gcjToBd(gLng, gLat);
    }
  }
};
