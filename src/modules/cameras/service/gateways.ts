import type { Actor } from '../../../base/actor.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import type { Tx } from '../../../platform/database/database.ts';
import { entryOf } from '../../identity/index.ts';
import type { GatewayChange, GatewayInput } from '../contract/gateways.ts';
import { camerasDigest } from '../store/cameras.ts';
import { deleteGateway, insertGateway, readGateway, readGateways, updateGateway, type GatewayRow } from '../store/gateways.ts';
import type { Shared } from './needs.ts';
import { deviceFault } from './survey.ts';

export type { GatewayRow };

/** What an administrator does with gateways; every change is an entry of the ledger, and no password is in it. */
export interface Gateways {
  names(county: string): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** Refusal: 403 `identity.not_permitted`. */
  list(actor: Actor, county: string): Promise<Result<readonly GatewayRow[]>>;
  /** Refusals: 403, 409 `cameras.gateway_taken`, 422 `cameras.gateway_plain`, `cameras.gateway_demo`, `cameras.gateway_login`. */
  add(actor: Actor, county: string, ask: Omit<GatewayInput, 'kind'> & { readonly kind: GatewayRow['kind'] }): Promise<Result<GatewayRow>>;
  /** Refusals: as `add`, and 404 `cameras.gateway_unknown`. */
  change(actor: Actor, county: string, id: string, ask: GatewayChange): Promise<Result<GatewayRow>>;
  remove(actor: Actor, county: string, id: string): Promise<Result<{ readonly done: true }>>;
}

export const createGateways = ({ world, ledger, identity }: Shared): Gateways => {
  const unknown = refuse(404, 'cameras.gateway_unknown');
  const sealed = (text: string | undefined, context: string, before: Buffer | null): Buffer | null => (text === undefined ? before : world.keys.seal(text, context));
  const wrong = ({ kind, url, media, login, secret }: GatewayRow) => {
    if (kind !== 'demo') for (const [at, one] of [['/url', url], ['/media', media]] as const) {
      const fault = one === null ? undefined : deviceFault(one, world.demo);
      if (fault) return refuse(422, `cameras.gateway_${fault}`, undefined, [{ path: at, reason: `cameras.gateway_${fault}` }]);
    }
    return kind === 'wvp' && (login === null || secret === null) ? refuse(422, 'cameras.gateway_login', undefined, [{ path: '/login', reason: 'cameras.gateway_login' }]) : null;
  };
  const changing = async <T>(actor: Actor, county: string, action: string, set: { readonly [name: string]: string | boolean }, work: (tx: Tx) => Promise<Result<T>>): Promise<Result<T>> => {
    const grant = identity.permits(actor, county, 'cameras.connect');
    if (!grant) return refuse(403, 'identity.not_permitted');
    const done = await world.db.transaction(async (tx) => {
      await tx.query('select county from county where county = $1 for no key update', [county]);
      const made = await work(tx);
      if (isRefusal(made)) return made;
      const now = world.now();
      await ledger.append(tx, [
        entryOf({ county, subject: 'config', kind: 'camera-gateway', action, set }, actor, grant, now),
        // Cameras that came through it stand there without one.
        ...(action === 'remove' ? [entryOf({ county, subject: 'config', kind: 'cameras', action: 'change', set: { gateway: set['gateway']!, rowsDigest: await camerasDigest(tx, county) } }, actor, grant, now)] : []),
      ]);
      return { made };
    });
    if (isRefusal(done)) return done;
    ledger.sequencer.nudge(county);
    return done.made;
  };
  const taken = async (tx: Tx, { county, id, name }: GatewayRow) => ((await readGateways(tx, county)).some((one) => one.name === name && one.id !== id) ? refuse(409, 'cameras.gateway_taken', { name }) : null);
  return {
    names: (county) => readGateways(world.db, county),
    list: async (actor, county) => (identity.permits(actor, county, 'cameras.connect') ? readGateways(world.db, county) : refuse(403, 'identity.not_permitted')),
    async add(actor, county, { name, kind, url, media, login, secret, deviceLogin, deviceSecret }) {
      const now = world.now();
      const row: GatewayRow = {
        county, id: world.random.uuid(now), name, kind, url, media: media ?? null, login: login ?? null, secret: sealed(secret, 'camera gateway', null), device_login: deviceLogin ?? null, device_secret: sealed(deviceSecret, 'camera device', null), active: true, created_at: new Date(now),
      };
      return wrong(row) ?? changing(actor, county, 'add', { gateway: row.id, gatewayKind: kind }, async (tx) => {
        const refused = await taken(tx, row);
        if (refused) return refused;
        await insertGateway(tx, row);
        return row;
      });
    },
    change: (actor, county, id, ask) => changing(actor, county, 'change', { gateway: id, ...(ask.active !== undefined && { active: ask.active }), ...(ask.secret !== undefined && { secret: true }), ...(ask.deviceSecret !== undefined && { deviceSecret: true }) }, async (tx) => {
      const before = await readGateway(tx, county, id);
      if (!before) return unknown;
      const row: GatewayRow = {
        ...before, name: ask.name ?? before.name, url: ask.url ?? before.url, media: ask.media === undefined ? before.media : ask.media, login: ask.login === undefined ? before.login : ask.login, secret: sealed(ask.secret, 'camera gateway', before.secret),
        device_login: ask.deviceLogin === undefined ? before.device_login : ask.deviceLogin, device_secret: sealed(ask.deviceSecret, 'camera device', before.device_secret), active: ask.active ?? before.active,
      };
      const refused = wrong(row) ?? await taken(tx, row);
      if (refused) return refused;
      await updateGateway(tx, row);
      return row;
    }),
    remove: (actor, county, id) => changing(actor, county, 'remove', { gateway: id }, async (tx) => ((await deleteGateway(tx, county, id, new Date(world.now()))) ? { done: true as const } : unknown)),
  };
};
