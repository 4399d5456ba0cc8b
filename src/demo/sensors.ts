import { readFileSync } from 'node:fs';
import { theSystem } from '../base/actor.ts';
import type { CountyCode } from '../base/ids.ts';
import { isRefusal } from '../base/result.ts';
import { fill } from '../base/text/language.ts';
import type { World } from '../platform/world.ts';
import type { Components } from '../modules/components/index.ts';
import type { Sensing } from '../modules/sensing/index.ts';
import { readDemoTown } from './town-data.ts';

/** What the demo's devices stand on. */
export interface SensorStage {
  readonly world: World;
  readonly components: Pick<Components, 'list' | 'nearest'>;
  readonly sensing: Pick<Sensing, 'register' | 'registry' | 'intake'>;
}

/** Seconds between two readings of a demo device, and hours of history that it has when it is first seen. */
const stepMs = 300_000;
const historyMs = 26 * 3_600_000;
/** The lamp that does not burn at night. */
const darkLamp = 'DEMO-L01';

/** A figure from 0 to 1 that is the same for the same words: a demo looks alike whenever it is looked at. */
const figure = (words: string): number => {
  let hash = 2_166_136_261;
  for (const sign of words) hash = Math.imul(hash ^ sign.codePointAt(0)!, 16_777_619);
  hash ^= hash >>> 15;
  return ((Math.imul(hash, 2_246_822_507) >>> 0) % 10_000) / 10_000;
};

/** Value of a demo device at a moment: made up, by curves of the day. */
export const demoValue = (kind: string, code: string, at: number, offsetMinutes: number): readonly { readonly measure: string; readonly value: number }[] => {
  const minute = ((Math.floor(at / 60_000) + offsetMinutes) % 1440 + 1440) % 1440;
  const trembles = (size: number, of = ''): number => (figure(`${code} ${of} ${Math.floor(at / stepMs)}`) - 0.5) * size;
  const night = minute >= 18 * 60 || minute < 5 * 60 + 30;
  const wave = (peak: number): number => (1 + Math.cos(((minute - peak) / 1440) * 2 * Math.PI)) / 2;
  const round = (value: number): number => Math.round(value * 1_000) / 1_000;
  switch (kind) {
    case 'lamp': return [{ measure: 'current', value: night && code !== darkLamp ? round(0.42 + trembles(0.03)) : 0 }];
    case 'water': return [{ measure: 'level', value: round(0.04 + 0.05 * wave(360) + trembles(0.02)) }];
    case 'noise': return [{ measure: 'laeq', value: round(38 + 18 * wave(900) + trembles(5)) }];
    case 'air': return [{ measure: 'pm25', value: round(24 + 22 * wave(480) + trembles(8)) }, { measure: 'pm10', value: round(45 + 34 * wave(480) + trembles(12, 'pm10')) }];
    case 'manhole': return [{ measure: 'tilt', value: round(1 + trembles(0.6)) }];
    case 'traffic': return [{ measure: 'count', value: Math.round(60 + 380 * wave(1_020) + trembles(40)) }];
    default: return [{ measure: 'obscuration', value: round(0.2 + trembles(0.2)) }];
  }
};

interface Plan {
  readonly lamps: { readonly count: number; readonly class: string; readonly name: string };
  readonly others: readonly { readonly kind: string; readonly count: number; readonly beside: string; readonly on?: boolean; readonly name: string }[];
}

/**
 * Some dozens of devices for a demo, marked as such, that report made-up readings: they have a day behind them when they are first
 * seen, and one lamp among them does not burn at night. Nothing of it is played where no county is or a county of one's own.
 */
export const createDemoSensors = ({ world, components, sensing }: SensorStage) => {
  const town = readDemoTown();
  const county = town.county.code as CountyCode;
  const offsetMinutes = 480;
  let played = 0;

  const make = async (): Promise<void> => {
    const plan = JSON.parse(readFileSync(new URL('../../data/demo/sensors.json', import.meta.url), 'utf8')) as Plan;
    const standing = async (standard: string) => (await components.list(county, { class: standard }, '', 400)).filter(({ path }) => path !== null);
    const all = await standing(plan.lamps.class);
    const middle = all[Math.floor(all.length / 2)];
    if (!middle) return;
    const near = await components.nearest(county, middle.lng, middle.lat, { classes: [plan.lamps.class], limit: plan.lamps.count, withinMetres: 3_000 });
    const code = (mark: string, at: number): string => `DEMO-${mark}${String(at + 1).padStart(2, '0')}`;
    const devices: Parameters<typeof sensing.register.add>[2][number][] = near.map(({ component }, at) => ({ code: code('L', at), kind: 'lamp', component: component.code, name: fill(plan.lamps.name, { at: component.name }) }));
    for (const { kind, count, beside, on, name } of plan.others) {
      const places = await standing(beside);
      for (let at = 0; at < Math.min(count, places.length); at++) {
        const place = places[Math.floor((at + 0.5) * (places.length / count))]!;
        devices.push({ code: code(kind.slice(0, 2).toUpperCase(), at), kind, name: fill(name, { at: place.name }), ...(on ? { component: place.code } : { lng: place.lng, lat: place.lat }) });
      }
    }
    const made = await sensing.register.add(theSystem, county, devices, false, true);
    if (isRefusal(made)) throw new Error(`demo devices: ${made.reason} ${JSON.stringify(made.errors?.slice(0, 3) ?? [])}`);
  };

  return {
    /** One turn: makes the devices where there are none, and brings what they measured since. */
    async turn(): Promise<void> {
      let devices = await sensing.registry.of(county);
      if (devices.byNo.size === 0) { await make(); devices = await sensing.registry.of(county, true); }
      const demo = [...devices.byNo.values()].filter((one) => one.demo && one.state === 'active');
      const now = Math.floor(world.now() / stepMs) * stepMs;
      if (played === 0) played = now - historyMs;
      for (let at = played + stepMs; at <= now; at += stepMs) {
        const taken = await sensing.intake.take(county, 'gateway', demo.flatMap(({ code, kind }) => demoValue(kind.code, code, at, offsetMinutes).map((one) => ({ device: code, at: new Date(at).toISOString(), ...one }))));
        if (isRefusal(taken)) return;
        played = at;
      }
    },
  };
};
