import { readFileSync } from 'node:fs';
import type { Planes } from './h264.ts';

/** Where the demo camera looks: degrees from north with the clock, degrees above the horizon, and how many times it magnifies. */
export interface Look {
  readonly pan: number;
  readonly tilt: number;
  readonly zoom: number;
}

/** Sides of the picture. */
export const wide = 768;
export const high = 432;
/** Degrees across at zoom 1. */
export const field = 62;

interface Letters {
  readonly height: number;
  readonly glyphs: Readonly<Record<string, readonly [width: number, rows: string]>>;
}
const letters = JSON.parse(readFileSync(new URL('../../../data/demo/letters.json', import.meta.url), 'utf8')) as Letters;

type Colour = readonly [y: number, u: number, v: number];
/** Full colours as the samples of video (ITU-R BT.601, limited range). */
const colour = (hex: string): Colour => {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as [number, number, number];
  const y = 0.299 * r + 0.587 * g + 0.114 * b;
  return [Math.round(16 + 219 * y), Math.round(128 + (224 * (b - y)) / 1.772), Math.round(128 + (224 * (r - y)) / 1.402)];
};
const inks = Object.fromEntries(Object.entries({
  sky: '#b9d6e6', haze: '#d3e2e6', hill: '#8fae9b', far: '#a9bfb0', road: '#6d747a', walk: '#a6a39b', line: '#e9e4d2', lamp: '#4b555c', glass: '#5d7f93', lit: '#f0d48a', roof: '#8a4f42', ink: '#14202b', paper: '#f7f4ec', amber: '#f4b02a',
  wall0: '#c9b79c', wall1: '#b7c0c6', wall2: '#d8c9b8', wall3: '#a9b3a0', wall4: '#c4a9a0', tree: '#5f8a62', trunk: '#6b5848', car0: '#b3423a', car1: '#35608a', car2: '#d9dcdc', car3: '#4b5a4a',
}).map(([name, hex]) => [name, colour(hex)])) as Record<string, Colour>;

/** What stands around, by the degree of its middle: how wide, how high in degrees, and what is written on it. */
const landmarks = [
  { at: 0, wide: 15, high: 14, wall: 1, words: '中心钟楼' }, { at: 27, wide: 16, high: 9, wall: 0, words: '市场' }, { at: 52, wide: 18, high: 12, wall: 2, words: '学校' }, { at: 84, wide: 22, high: 14, wall: 4, words: '卫生院' },
  { at: 118, wide: 14, high: 8, wall: 3, words: '邮局' }, { at: 148, wide: 20, high: 11, wall: 1, words: '村委会' }, { at: 184, wide: 26, high: 7, wall: 2, words: '车站' }, { at: 220, wide: 13, high: 13, wall: 0, words: '银行' },
  { at: 250, wide: 21, high: 10, wall: 4, words: '超市' }, { at: 286, wide: 15, high: 15, wall: 3, words: '公园' }, { at: 318, wide: 19, high: 9, wall: 1, words: '加油站' }, { at: 340, wide: 12, high: 6, wall: 2, words: '桥' },
];

/** Names of eight directions for the compass. */
const winds = ['北 N', '东北 NE', '东 E', '东南 SE', '南 S', '西南 SW', '西 W', '西北 NW'];

/** Draws the demo town as it looks from a mast, at a time; the picture says in itself that it is a demo. `clock` is what its clock shows. */
export const draw = (look: Look, at: number, clock: string): Planes => {
  const y = new Uint8Array(wide * high);
  const u = new Uint8Array((wide * high) / 4);
  const v = new Uint8Array((wide * high) / 4);
  const rect = (x0: number, y0: number, x1: number, y1: number, [ly, lu, lv]: Colour): void => {
    // On even samples, so that what is one colour is one colour in every plane.
    const [left, right] = [Math.max(0, Math.round(x0 / 2) * 2), Math.min(wide, Math.round(x1 / 2) * 2)];
    const [top, bottom] = [Math.max(0, Math.round(y0 / 2) * 2), Math.min(high, Math.round(y1 / 2) * 2)];
    if (left >= right) return;
    for (let row = top; row < bottom; row++) y.fill(ly, row * wide + left, row * wide + right);
    for (let row = top / 2; row < bottom / 2; row++) {
      u.fill(lu, (row * wide + left) / 2, (row * wide + right) / 2);
      v.fill(lv, (row * wide + left) / 2, (row * wide + right) / 2);
    }
  };
  /** @returns the column after the last sign */
  const write = (text: string, x: number, top: number, [ly]: Colour, size = 1): number => {
    let pen = Math.round(x);
    for (const sign of text) {
      const [width, rows] = letters.glyphs[sign] ?? letters.glyphs['?']!;
      const nibbles = Math.ceil(width / 4);
      for (let row = 0; row < letters.height * size; row++) {
        const bits = Number.parseInt(rows.slice(Math.floor(row / size) * nibbles, (Math.floor(row / size) + 1) * nibbles), 16);
        const line = Math.round(top) + row;
        if (bits === 0 || line < 0 || line >= high) continue;
        for (let column = 0; column < width * size; column++)
          if ((bits >> (width - 1 - Math.floor(column / size))) & 1 && pen + column >= 0 && pen + column < wide) y[line * wide + pen + column] = ly;
      }
      pen += width * size;
    }
    return pen;
  };
  const length = (text: string): number => [...text].reduce((sum, sign) => sum + (letters.glyphs[sign] ?? letters.glyphs['?']!)[0], 0);

  const scale = (wide / field) * look.zoom;
  const horizon = high * 0.52 + look.tilt * scale;
  /** Column of a direction; beyond the picture where it lies behind. */
  const column = (degrees: number): number => wide / 2 + ((((degrees - look.pan + 540) % 360) + 360) % 360 - 180) * scale;
  rect(0, 0, wide, high, inks['sky']!);
  rect(0, horizon - 7 * scale, wide, horizon, inks['haze']!);
  for (let hill = 0; hill < 24; hill++) {
    const x = column(hill * 15 + 7);
    const tall = (4 + ((hill * 7) % 5)) * scale;
    rect(x - 8 * scale, horizon - tall * 0.8, x + 8 * scale, horizon, inks[hill % 2 ? 'hill' : 'far']!);
    rect(x - 5 * scale, horizon - tall, x + 5 * scale, horizon - tall * 0.8, inks[hill % 2 ? 'hill' : 'far']!);
  }
  rect(0, horizon, wide, high, inks['walk']!);
  rect(0, horizon + 2.5 * scale, wide, high, inks['road']!);
  for (let dash = 0; dash < 60; dash++) {
    const x = column(dash * 6);
    rect(x - 1.4 * scale, horizon + 8 * scale, x + 1.4 * scale, horizon + 8.5 * scale, inks['line']!);
  }
  for (const { at: middle, wide: broad, high: tall, wall, words } of landmarks) {
    const x = column(middle);
    const [left, right, top] = [x - (broad / 2) * scale, x + (broad / 2) * scale, horizon - tall * scale];
    if (right < -wide || left > 2 * wide) continue;
    rect(left, top, right, horizon + 0.6 * scale, inks[`wall${wall}`]!);
    rect(left - 0.4 * scale, top - 0.8 * scale, right + 0.4 * scale, top, inks['roof']!);
    for (let floor = 2.6; floor < tall - 1.5; floor += 2.6)
      for (let window = 1; window < broad - 1.4; window += 2.2)
        rect(left + window * scale, horizon - (floor + 1.3) * scale, left + (window + 1.2) * scale, horizon - floor * scale, inks[(Math.round(middle + floor * 3 + window * 5) % 7) === 0 ? 'lit' : 'glass']!);
    const board = length(words) + 16;
    rect(x - board / 2, top + 0.6 * scale, x + board / 2, top + 0.6 * scale + 28, inks['paper']!);
    write(words, x - board / 2 + 8, top + 0.6 * scale + 3, inks['ink']!);
  }
  for (let tree = 0; tree < 36; tree++) {
    const x = column(tree * 10 + 4);
    rect(x - 0.15 * scale, horizon - 1.2 * scale, x + 0.15 * scale, horizon + 1.2 * scale, inks['trunk']!);
    rect(x - 0.9 * scale, horizon - 3 * scale, x + 0.9 * scale, horizon - 1 * scale, inks['tree']!);
  }
  // Cars move along the road, half of them each way; before the clock tower they stand in a queue.
  for (let car = 0; car < 26; car++) {
    const jam = car < 8;
    const way = car % 2 ? 1 : -1;
    const degrees = jam ? 352 + car * 3.1 : car * 14 + way * ((at / 1_000) * 3);
    const x = column(((degrees % 360) + 360) % 360);
    const base = horizon + (way > 0 || jam ? 6.4 : 11.5) * scale;
    rect(x - 1.2 * scale, base - 0.9 * scale, x + 1.2 * scale, base, inks[`car${car % 4}`]!);
    rect(x - 0.7 * scale, base - 1.5 * scale, x + 0.7 * scale, base - 0.9 * scale, inks[`car${car % 4}`]!);
    rect(x - 0.6 * scale, base - 1.4 * scale, x + 0.6 * scale, base - 1 * scale, inks['glass']!);
  }

  rect(0, 0, wide, 34, inks['ink']!);
  for (let tick = 0; tick < 72; tick++) {
    const x = column(tick * 5);
    rect(x - 1, tick % 9 === 0 ? 22 : 28, x + 1, 34, inks[tick % 9 === 0 ? 'amber' : 'paper']!);
    if (tick % 9 === 0) write(winds[tick / 9]!, x - length(winds[tick / 9]!) / 2, 2, inks['paper']!);
  }
  const foot = high - 32;
  rect(0, foot, wide, high, inks['ink']!);
  const stamp = write('DEMO 演示画面 非实景', 12, foot + 5, inks['amber']!);
  const pan = String(Math.round(((look.pan % 360) + 360) % 360)).padStart(3, '0');
  const right = `${pan}°  ${look.zoom.toFixed(1)}×  ${clock}`;
  write(right, Math.max(stamp + 16, wide - 12 - length(right)), foot + 5, inks['paper']!);
  return { width: wide, height: high, y, u, v };
};
