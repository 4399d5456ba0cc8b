import type { Actor } from '../../../base/actor.ts';
import type { Language } from '../../../base/text/language.ts';
import type { CameraPublic, CameraView } from '../contract/cameras.ts';
import { readGateways } from '../store/gateways.ts';
import { countyCode, type Shared } from './needs.ts';
import type { Camera, Register } from './register.ts';

/** Cameras as staff and as the public see them. */
export interface Listing {
  /** @param actor decides whether a picture may be looked at, and whether addresses are shown */
  viewOf(actor: Actor, county: string, cameras: readonly Camera[], language: Language): Promise<CameraView[]>;
  publicList(county: string, language: Language): Promise<CameraPublic[]>;
}

/** Cameras that are read at a time. */
const atOnce = 1_000;

export const createListing = (shared: Shared, register: Pick<Register, 'list'>): Listing => {
  const { world, identity, places, rules } = shared;
  const namesOf = async (county: string, cameras: readonly Camera[], language: Language) => {
    const units = await identity.units.get(world.db, county, [...new Set(cameras.map(({ owner }) => owner))]);
    const tree = await places.tree(countyCode(county));
    const { purposes } = await rules(county);
    return {
      owner: (id: string): string => units.get(id)?.name[language] ?? id,
      purpose: (key: string): string => purposes.find((one) => one.key === key)?.name[language] ?? key,
      place: (id: string | null) => {
        const found = id === null ? undefined : tree.find(id);
        return found ? { code: found.code, names: tree.chain(found).map(({ name }) => name) } : null;
      },
    };
  };
  return {
    async viewOf(actor, county, cameras, language) {
      const names = await namesOf(county, cameras, language);
      const gateways = new Map((await readGateways(world.db, county)).map((row) => [row.id, row]));
      return cameras.map((one) => {
        const gateway = one.gateway === null ? undefined : gateways.get(one.gateway);
        // Where devices are reached is for those who keep them, not for all who may look.
        const keeps = identity.permits(actor, county, 'cameras.edit', one.path) !== undefined;
        return {
          code: one.code, name: one.name, lng: one.lng, lat: one.lat, spot: one.spot, place: names.place(one.place), height: one.height, bearing: one.bearing, opening: one.opening, turning: one.turning, reach: one.reach,
          owner: { id: one.owner, name: names.owner(one.owner) }, purpose: { key: one.purpose, name: names.purpose(one.purpose) }, retention: one.retention, notice: one.notice, noticePhoto: one.noticePhoto, ptz: one.ptz,
          gateway: gateway && keeps ? { id: gateway.id, name: gateway.name } : null, stream: keeps ? one.stream : null, source: keeps ? one.source : null, onvif: keeps ? one.onvif : null,
          state: one.state, silentSince: one.silentSince?.toISOString() ?? null, demo: gateway?.kind === 'demo', version: one.version,
          viewable: gateway?.active === true && one.stream !== null && one.state !== 'off' && identity.permits(actor, county, 'cameras.view', one.path) !== undefined,
        };
      });
    },
    async publicList(county, language) {
      const all: CameraPublic[] = [];
      for (let after = ''; ;) {
        const page = await register.list(county, {}, after, atOnce);
        const names = await namesOf(county, page, language);
        for (const one of page) {
          all.push({
            code: one.code, name: one.name, lng: one.lng, lat: one.lat, spot: one.spot, owner: names.owner(one.owner), purpose: names.purpose(one.purpose), retention: one.retention, notice: one.notice,
            place: (names.place(one.place)?.names ?? []).slice(-3),
          });
        }
        if (page.length < atOnce) return all;
        after = page.at(-1)!.code;
      }
    },
  };
};
