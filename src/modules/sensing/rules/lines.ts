import type { Measure, SensorKind, Units } from './kinds.ts';

/** Bits of `reading.marks`. */
export const marks = { clock: 1, beyond: 2, late: 4 } as const;

/** A reading that can be kept. */
export interface Line {
  readonly measure: Measure;
  /** When it was taken, milliseconds since 1970: the device's time, or ours where that cannot be. */
  readonly at: number;
  readonly seq: number;
  /** In the measure's unit, before calibration. */
  readonly raw: number;
  readonly marks: number;
}

/** Why a line is refused: a key of `data/texts/reasons/sensing.json`. */
export type LineFault = 'sensing.shape' | 'sensing.no_device' | 'sensing.no_measure' | 'sensing.no_number' | 'sensing.unit' | 'sensing.no_time' | 'sensing.seq';

/** How far ahead a device's clock may be, in milliseconds. */
const aheadMs = 60_000;
/** From where on a number is a time in milliseconds and not in seconds: the year 2001 in milliseconds, 33658 in seconds. */
const millisecondsFrom = 1e12;

const timeOf = (given: unknown): number | undefined => {
  if (typeof given === 'number' && Number.isFinite(given)) return Math.round(Math.abs(given) < millisecondsFrom ? given * 1000 : given);
  if (typeof given !== 'string' || given.length > 40 || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/.test(given)) return undefined;
  const at = Date.parse(given);
  return Number.isNaN(at) ? undefined : at;
};

/** A number, or one that was written as a text: gateways send both. NaN and infinity are none. */
const numberOf = (given: unknown): number | undefined => {
  if (typeof given === 'number') return Number.isFinite(given) ? given : undefined;
  if (typeof given !== 'string' || !/^[+-]?\d{1,15}(\.\d{1,12})?([eE][+-]?\d{1,3})?$/.test(given.trim())) return undefined;
  const value = Number(given);
  return Number.isFinite(value) ? value : undefined;
};

/**
 * Reads one line as a device sends it: `{measure?, value, unit?, at?, seq?}`. A time that cannot be (1970, the future, longer ago
 * than `backfillMs`) becomes the present and is marked; a value beyond what can be measured is kept and marked.
 */
export const readLine = (given: unknown, kind: SensorKind, units: Units, now: number, backfillMs: number): Line | LineFault => {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return 'sensing.shape';
  const { measure: named, value: valued, unit, at: timed, seq: counted } = given as Readonly<Record<string, unknown>>;
  const measure = named === undefined ? (kind.measures.length === 1 ? kind.measures[0] : undefined) : kind.measures.find(({ code }) => code === named);
  if (!measure) return 'sensing.no_measure';
  const value = numberOf(valued);
  if (value === undefined) return 'sensing.no_number';
  const factor = unit === undefined || unit === measure.unit ? 1 : typeof unit === 'string' && Object.hasOwn(units[measure.unit] ?? {}, unit) ? units[measure.unit]![unit] : undefined;
  if (factor === undefined) return 'sensing.unit';
  const raw = value * factor;
  if (!Number.isFinite(raw)) return 'sensing.no_number';
  const seq = counted === undefined ? 0 : counted;
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 0) return 'sensing.seq';
  const said = timed === undefined ? now : timeOf(timed);
  if (said === undefined) return 'sensing.no_time';
  const wrong = said > now + aheadMs || said < now - backfillMs;
  return { measure, at: wrong ? now : said, seq, raw, marks: (wrong ? marks.clock : 0) | (raw < measure.low || raw > measure.high ? marks.beyond : 0) };
};

/** A calibration that counts from a moment on. */
export interface Calibration { readonly measure: number; readonly from: number; readonly scale: number; readonly shift: number }

/** A raw value as it counts at a moment. @param calibrations of the device, the newest first */
export const calibrated = (calibrations: readonly Calibration[], measure: number, at: number, raw: number): number => {
  const found = calibrations.find((one) => one.measure === measure && one.from <= at);
  return found ? raw * found.scale + found.shift : raw;
};

/** Where a day stands in the ring of 32. */
export const slotOf = (at: number): number => ((Math.floor(at / 86_400_000) % 32) + 32) % 32;

/** Slots of the days from one moment to another, each once. */
export const slotsOf = (from: number, to: number): number[] => {
  const slots = new Set<number>();
  for (let day = Math.floor(from / 86_400_000); day <= Math.floor(to / 86_400_000) && slots.size < 32; day++) slots.add(slotOf(day * 86_400_000));
  return [...slots];
};
