import { timingSafeEqual } from 'node:crypto';
import { metresBetween } from '../../../base/geo/geometry.ts';
import { tokenDigest } from '../../identity/index.ts';
import type { SensorKind } from '../rules/kinds.ts';
import type { Calibration } from '../rules/lines.ts';
import { readCalibrations, readChanged, type DeviceRow } from '../store/devices.ts';
import { kindOf, type Needs } from './needs.ts';

/** A device as intake knows it. */
export interface Device extends Omit<DeviceRow, 'kind'> {
  readonly kind: SensorKind;
  readonly calibrations: readonly Calibration[];
}

/** The devices of a county in memory. */
export interface Devices {
  readonly byCode: ReadonlyMap<string, Device>;
  readonly byNo: ReadonlyMap<number, Device>;
  /** The device that a key belongs to now. */
  holder(key: string): Device | undefined;
  /** Active devices of a kind below a path. */
  count(kind: string, path: string): number;
  /** Active devices of the kind within so many metres, without the device itself. */
  around(device: Device, metres: number): Device[];
}

/** What another process changed is seen this late, in milliseconds: a key that was taken back among it. */
const freshMs = 1_000;
/** A change that was committed late is read again. */
const overlapMs = 60_000;

/** Whether a key is the device's: its present one, or the one before while that still holds. */
export const isKey = (device: Pick<Device, 'key' | 'key_before' | 'key_before_until'>, given: string, now: number): boolean => {
  const digest = tokenDigest(given);
  const same = (kept: Buffer | null): boolean => kept !== null && kept.length === digest.length && timingSafeEqual(kept, digest);
  return same(device.key) || ((device.key_before_until?.getTime() ?? 0) > now && same(device.key_before));
};

export const createRegistry = ({ world }: Pick<Needs, 'world'>) => {
  interface Held { devices: Devices; byCode: Map<string, Device>; byNo: Map<number, Device>; byKey: Map<string, number>; read: number; since: number; reading: Promise<void> | null }
  const counties = new Map<string, Held>();

  const open = (county: string): Held => {
    const byCode = new Map<string, Device>();
    const byNo = new Map<number, Device>();
    const byKey = new Map<string, number>();
    const devices: Devices = {
      byCode, byNo,
      holder(key) {
        const device = byNo.get(byKey.get(tokenDigest(key).toString('hex')) ?? -1);
        return device && isKey(device, key, world.now()) ? device : undefined;
      },
      count(kind, path) { let count = 0; for (const one of byNo.values()) if (one.kind.code === kind && one.state === 'active' && one.path.startsWith(path)) count++; return count; },
      around: (device, metres) => [...byNo.values()].filter((one) => one.no !== device.no && one.kind.code === device.kind.code && one.state === 'active' && metresBetween(device.lng, device.lat, one.lng, one.lat) <= metres),
    };
    const held: Held = { devices, byCode, byNo, byKey, read: -Infinity, since: 0, reading: null };
    counties.set(county, held);
    return held;
  };

  /** @param anew reads what changed in the last second whatever its time says: two changes may have the same */
  const read = async (county: string, held: Held, anew: boolean): Promise<void> => {
    const at = world.now();
    const rows = await readChanged(world.db, county, new Date(Math.max(0, held.since - overlapMs)));
    const news = rows.filter((row) => { const known = held.byNo.get(row.no); return !known || known.changed_at.getTime() !== row.changed_at.getTime() || (anew && row.changed_at.getTime() > at - freshMs); });
    const calibrations = news.length === 0 ? [] : await readCalibrations(world.db, county, news.map(({ no }) => no));
    const of = Map.groupBy(calibrations, ({ no }) => no);
    for (const row of news) {
      const kind = kindOf(row.kind);
      if (!kind) continue;
      const device: Device = { ...row, kind, calibrations: (of.get(row.no) ?? []).map(({ measure, from_at: from, scale, shift }) => ({ measure, from: from.getTime(), scale, shift })) };
      held.byNo.set(row.no, device);
      held.byCode.set(row.code, device);
      for (const key of [row.key, row.key_before]) if (key) held.byKey.set(key.toString('hex'), row.no);
    }
    held.since = Math.max(held.since, ...rows.map((row) => row.changed_at.getTime()));
    held.read = at;
  };

  return {
    /** The devices as they were at most a second ago. @param anew after a change of one's own */
    async of(county: string, anew = false): Promise<Devices> {
      const held = counties.get(county) ?? open(county);
      const age = world.now() - held.read;
      if (anew) await held.reading;
      if (anew || age >= freshMs || age < 0) {
        held.reading ??= read(county, held, anew).finally(() => { held.reading = null; });
        await held.reading;
      }
      return held.devices;
    },
  };
};

export type Registry = ReturnType<typeof createRegistry>;
