import type { PlaceCode, PlacePath } from '../../../base/ids.ts';

/** Levels of the tree, from the root down. */
export const levels = ['province', 'city', 'county', 'town', 'village', 'grid', 'microgrid'] as const;
export type Level = (typeof levels)[number];

/** Lengths that a code of a level may have: GB/T 2260 and the statistical codes down to 12, then + 3 (older: + 2) a step. */
export const codeLengths: Readonly<Record<Level, readonly number[]>> = {
  province: [2],
  city: [4],
  county: [6],
  town: [9],
  village: [12],
  grid: [15, 14],
  microgrid: [18, 17],
};

/** The level that a code of this many digits belongs to; undefined where there is none. */
export const levelOfCode = (code: string): Level | undefined =>
  /^\d+$/.test(code) ? levels.find((level) => codeLengths[level].includes(code.length)) : undefined;

/** The code that a code's own digits name as the one above it; undefined for a province and for no code. */
export const parentCode = (code: string): PlaceCode | undefined => {
  const level = levelOfCode(code);
  switch (level) {
    case undefined:
    case 'province':
      return undefined;
    case 'city':
      return code.slice(0, 2) as PlaceCode;
    case 'county':
      return code.slice(0, 4) as PlaceCode;
    case 'town':
      return code.slice(0, 6) as PlaceCode;
    case 'village':
      return code.slice(0, 9) as PlaceCode;
    case 'grid':
      return code.slice(0, 12) as PlaceCode;
    case 'microgrid':
      return code.slice(0, -3) as PlaceCode;
  }
};

export const levelAbove = (level: Level): Level | undefined => levels[levels.indexOf(level) - 1];

/** The path of a place: the parent's, its own id, a slash. */
export const pathUnder = (parent: string, id: string): PlacePath => `${parent}${id}/` as PlacePath;
