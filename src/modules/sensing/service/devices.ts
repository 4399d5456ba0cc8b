import type { Actor, Grant } from '../../../base/actor.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { isRefusal, refuse, type FieldError, type Refusal, type Result } from '../../../base/result.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { Remembered } from '../../../platform/remembered.ts';
import { deviceToken, entryOf, tokenDigest } from '../../identity/index.ts';
import type { DeviceChange, DeviceInput } from '../contract/devices.ts';
import { insertCalibration, insertDevices, readDevices, updateDevice, updateKey, type DeviceRow, type NewDevice } from '../store/devices.ts';
import { kindOf, type Needs } from './needs.ts';
import type { Registry } from './registry.ts';
import type { Counting } from './settings.ts';

/** The register of devices; every change is an entry of the ledger. */
export interface Register {
  /**
   * All or none. Refusals: 403 `identity.not_permitted`, 422 `sensing.register` with every wrong one.
   * @returns keys by code, told this once; none where none are asked for
   */
  add(actor: Actor, county: string, devices: readonly DeviceInput[], keys: boolean, demo?: boolean): Promise<Result<{ code: string; key: string | null }[]>>;
  /** Refusals: 403, 404 `sensing.no_device`, 422. */
  change(actor: Actor, county: string, code: string, ask: DeviceChange): Promise<Result<true>>;
  /** `rotate`: the key before holds for the county's hours more. `revoke`: at once none but the new one. `none`: no key at all. */
  key(actor: Actor, county: string, code: string, how: 'rotate' | 'revoke' | 'none'): Promise<Result<{ key: string | null; beforeUntil: string | null }>>;
  calibrate(actor: Actor, county: string, code: string, ask: { readonly measure: string; readonly scale: number; readonly shift: number; readonly from?: string }): Promise<Result<true>>;
}

/** Codes that an entry names; of more it gives the number. */
const namedAtMost = 50;

export const createRegister = ({ world, ledger, identity, places, components, registry, counting }: Needs & { readonly registry: Registry; readonly counting: Remembered<Counting> }): Register => {
  const denied = refuse(403, 'identity.not_permitted');
  const unknown = refuse(404, 'sensing.no_device');
  const changing = async <T>(actor: Actor, grant: Grant, county: string, action: string, set: (made: T) => Readonly<Record<string, string | number | boolean | readonly string[]>>, work: (tx: Tx) => Promise<Result<T>>): Promise<Result<T>> => {
    const done = await world.db.transaction(async (tx) => {
      const made = await work(tx);
      if (!isRefusal(made)) await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'device', action, set: set(made as T) as never }, actor, grant, world.now())]);
      return made;
    });
    if (isRefusal(done)) return done;
    ledger.sequencer.nudge(county as CountyCode);
    await registry.of(county, true);
    return done;
  };

  /** Where a device stands, and what it is on. */
  const seated = async (county: string, ask: { readonly component?: string | null | undefined; readonly lng?: number | undefined; readonly lat?: number | undefined; readonly unit?: string | null | undefined }): Promise<Pick<DeviceRow, 'component' | 'lng' | 'lat' | 'place' | 'path' | 'unit'> & { readonly named: string | null } | FieldError> => {
    const component = ask.component == null ? undefined : await components.find(county, ask.component);
    if (ask.component != null && !component) return { path: '/component', reason: 'sensing.no_component' };
    const [lng, lat] = [ask.lng ?? component?.lng, ask.lat ?? component?.lat];
    if (lng === undefined || lat === undefined) return { path: '/lng', reason: 'sensing.no_point' };
    const located = (await places.tree(county as CountyCode)).locate(lng, lat);
    if (located.outcome === 'outside' || located.path === null) return { path: '/lng', reason: 'sensing.outside' };
    if (ask.unit != null && !(await identity.units.get(world.db, county, [ask.unit])).has(ask.unit)) return { path: '/unit', reason: 'sensing.no_unit' };
    return { component: component?.code ?? null, lng, lat, place: located.place, path: located.path, unit: ask.unit === undefined ? component?.managerUnit ?? component?.ownerUnit ?? null : ask.unit, named: component?.name ?? null };
  };

  const one = async (county: string, code: string): Promise<DeviceRow | undefined> => (await readDevices(world.db, county, [code]))[0];
  const wrong = ({ path, reason }: FieldError): Refusal => refuse(422, reason, undefined, [{ path, reason }]);
  /** The grant by which somebody may change a device that stands there. */
  const may = (actor: Actor, county: string, path?: string): Grant | undefined => identity.permits(actor, county, 'sensing.edit', path);

  return {
    async add(actor, county, devices, keys, demo = false) {
      const grant = may(actor, county);
      if (!grant) return denied;
      const errors: FieldError[] = [];
      const rows: NewDevice[] = [];
      const told = new Map<string, string | null>();
      for (const [at, { code, kind, name, ...where }] of devices.entries()) {
        const found = kindOf(kind);
        const seat = await seated(county, where);
        if (!found) { errors.push({ path: `/devices/${at}/kind`, reason: 'sensing.rule.kind' }); continue; }
        if (told.has(code)) { errors.push({ path: `/devices/${at}/code`, reason: 'sensing.twice' }); continue; }
        if ('reason' in seat) { errors.push({ ...seat, path: `/devices/${at}${seat.path}` }); continue; }
        if (!may(actor, county, seat.path)) { errors.push({ path: `/devices/${at}/lng`, reason: 'identity.not_permitted' }); continue; }
        const { named, ...seatOf } = seat;
        const key = keys ? deviceToken() : null;
        told.set(code, key);
        rows.push({ code, kind, name: name ?? (named === null ? `${found.name['zh-Hans']} ${code}` : `${named} ${found.name['zh-Hans']}`), ...seatOf, demo, key: key === null ? null : tokenDigest(key) });
      }
      const there = new Set((await readDevices(world.db, county, rows.map(({ code }) => code))).map(({ code }) => code));
      for (const [at, { code }] of devices.entries()) if (there.has(code)) errors.push({ path: `/devices/${at}/code`, reason: 'sensing.taken' });
      if (errors.length > 0) return refuse(422, 'sensing.register', { count: errors.length }, errors.slice(0, 100));
      return changing(actor, grant, county, 'register', (made: { code: string; key: string | null }[]) => ({ count: made.length, devices: made.slice(0, namedAtMost).map(({ code }) => code) }), async (tx) => {
        const made = await insertDevices(tx, county, rows, new Date(world.now()));
        // Somebody registered the same code in the same moment.
        const lost = rows.findIndex(({ code }) => !made.has(code));
        if (lost >= 0) return refuse(422, 'sensing.register', { count: 1 }, [{ path: `/devices/${lost}/code`, reason: 'sensing.taken' }]);
        return rows.map(({ code }) => ({ code, key: told.get(code) ?? null }));
      });
    },
    async change(actor, county, code, { county: _, ...ask }) {
      const device = await one(county, code);
      const grant = may(actor, county, device?.path);
      if (!grant) return denied;
      if (!device) return unknown;
      const moved = ask.component !== undefined || ask.lng !== undefined || ask.lat !== undefined || ask.unit !== undefined;
      const onto = ask.component !== undefined && ask.component !== device.component && ask.lng === undefined;
      const seat = moved ? await seated(county, { component: ask.component === undefined ? device.component : ask.component, unit: ask.unit === undefined ? device.unit : ask.unit, ...(onto && ask.component !== null ? {} : { lng: ask.lng ?? device.lng, lat: ask.lat ?? device.lat }) }) : device;
      if ('reason' in seat) return wrong(seat);
      if (!may(actor, county, seat.path)) return denied;
      const row = { name: ask.name ?? device.name, component: seat.component, lng: seat.lng, lat: seat.lat, place: seat.place, path: seat.path, unit: seat.unit, state: ask.state ?? device.state };
      return changing(actor, grant, county, ask.state !== undefined && ask.state !== device.state ? ask.state : 'change', () => ({ device: code, members: Object.keys(ask).sort() }), async (tx) => {
        await updateDevice(tx, county, device.no, row, new Date(world.now()));
        return true as const;
      });
    },
    async key(actor, county, code, how) {
      const device = await one(county, code);
      const grant = may(actor, county, device?.path);
      if (!grant) return denied;
      if (!device) return unknown;
      const key = how === 'none' ? null : deviceToken();
      const until = how === 'rotate' && device.key !== null ? new Date(world.now() + (await counting(county)).rotateHours * 3_600_000) : null;
      return changing(actor, grant, county, `key_${how}`, () => ({ device: code }), async (tx) => {
        await updateKey(tx, county, device.no, key === null ? null : tokenDigest(key), until, new Date(world.now()));
        return { key, beforeUntil: until?.toISOString() ?? null };
      });
    },
    async calibrate(actor, county, code, { measure: named, scale, shift, from }) {
      const device = await one(county, code);
      const grant = may(actor, county, device?.path);
      if (!grant) return denied;
      if (!device) return unknown;
      const measure = kindOf(device.kind)?.measures.find((each) => each.code === named);
      if (!measure) return wrong({ path: '/measure', reason: 'sensing.no_measure' });
      if (scale === 0) return wrong({ path: '/scale', reason: 'sensing.scale' });
      const at = from === undefined ? world.now() : Date.parse(from);
      if (Number.isNaN(at)) return wrong({ path: '/from', reason: 'sensing.no_time' });
      return changing(actor, grant, county, 'calibrate', () => ({ device: code, measure: named, scale: String(scale), shift: String(shift), from: new Date(at).toISOString() }), async (tx) => {
        await insertCalibration(tx, county, { no: device.no, measure: measure.n, from_at: new Date(at), scale, shift, account: actor.kind === 'system' ? null : actor.id }, new Date(world.now()));
        return true as const;
      });
    },
  };
};
