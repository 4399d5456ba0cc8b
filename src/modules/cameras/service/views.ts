import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Actor } from '../../../base/actor.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import { entryOf } from '../../identity/index.ts';
import { textDigest } from '../../ledger/index.ts';
import { theSystem } from '../../../base/actor.ts';
import { readCameraRow, type CameraRow } from '../store/cameras.ts';
import { readGateway, type GatewayRow } from '../store/gateways.ts';
import { endView, insertView, listViewRows, openViews, overdueViews, readView, seeView, type ViewRow } from '../store/views.ts';
import type { Shared } from './needs.ts';
import type { Ports } from './ports.ts';

/** Who asks, with the session that they ask in: a look belongs to both. */
export interface Viewer {
  readonly actor: Actor;
  /** SHA-256 of the session's token; null where there is none. */
  readonly session: Buffer | null;
}

/** A look that is open, and what it looks at. */
export interface Opened {
  readonly view: ViewRow;
  readonly camera: CameraRow;
  readonly gateway: GatewayRow;
}

/** A token, and for how many seconds it plays: a browser's clock may be another. */
export interface ViewToken { readonly token: string; readonly seconds: number }

/** Looking through cameras: opened for a purpose and a while, told in the ledger at both ends. */
export interface Views {
  /** Refusals: 401 `cameras.session`, 403, 404 `cameras.unknown`, `matters.unknown`, 409 `cameras.off`, `cameras.no_picture`, 422 `cameras.purpose_unknown`. */
  open(viewer: Viewer, county: string, code: string, why: { readonly purpose: string; readonly note: string; readonly matter: string | null }): Promise<Result<Opened>>;
  /** The look, for whoever opened it and while it lasts. Refusals: 404 `cameras.not_yours`, 409 `cameras.view_over`. */
  held(viewer: Viewer, id: string): Promise<Result<Opened>>;
  /** The same for something that plays: it must show the token too. */
  plays(viewer: Viewer, id: string, token: string | undefined): Promise<Result<Opened>>;
  /** Says that somebody still looks. */
  renew(viewer: Viewer, id: string): Promise<Result<Opened>>;
  /** Ends a look; one that is over already stays so. */
  close(viewer: Viewer, id: string): Promise<Result<{ readonly done: true }>>;
  token(view: ViewRow): ViewToken;
  past(county: string, camera: string, after: { readonly at: Date; readonly id: string } | null, limit: number): Promise<ViewRow[]>;
  /** Ends looks whose time is over or whose page was not heard of. @returns how many */
  sweep(): Promise<number>;
}

/** How long a token plays, and how long a look stays open when its page says nothing. */
const tokenMs = 30_000;
const unseenMs = 40_000;
const sweptAtOnce = 200;

export const createViews = (shared: Shared, ports: Ports): Views => {
  const { world, ledger, identity, matters, rules } = shared;
  const marked = (view: ViewRow, until: number): string => `${view.id} ${view.camera} ${view.account} ${view.session.toString('hex')} ${until}`;

  const end = async (view: ViewRow, ending: string, actor: Actor): Promise<void> => {
    const now = world.now();
    const grant = identity.permits(actor, view.county, 'cameras.view') ?? identity.permits(theSystem, view.county, 'cameras.view')!;
    const ended = await world.db.transaction(async (tx) => {
      const row = await endView(tx, view.county, view.id, ending, new Date(now));
      if (row) {
        await ledger.append(tx, [entryOf({
          county: view.county, subject: 'access', kind: 'camera-view', action: 'end', ...(row.matter !== null && { matter: row.matter }),
          set: { view: row.id, camera: row.camera, account: row.account, purpose: row.purpose, begun: row.begun_at.toISOString(), ended: row.ended_at!.toISOString(), seconds: Math.round((row.ended_at!.getTime() - row.begun_at.getTime()) / 1_000), turns: row.turns, ending },
        }, actor, grant, now)]);
      }
      return row;
    });
    if (!ended) return;
    ledger.sequencer.nudge(view.county);
    if ((await openViews(world.db, view.county, view.camera)) > 0) return;
    const camera = await readCameraRow(world.db, view.county, view.camera);
    const gateway = camera?.gateway ? await readGateway(world.db, view.county, camera.gateway) : undefined;
    // The gateway may be gone by now; it leaves a stream that nobody fetches by itself, too.
    if (camera && gateway) await ports.of(gateway).leave?.(camera).catch((error: unknown) => { world.log.info({ err: error, camera: camera.code }, 'a gateway was not told that nobody looks any more'); });
  };

  const held: Views['held'] = async ({ actor, session }, id) => {
    const view = await readView(world.db, [...new Set(actor.grants.map(({ county }) => county as string))], id);
    if (!view || !session || view.account !== actor.id || view.session.length !== session.length || !timingSafeEqual(view.session, session)) return refuse(404, 'cameras.not_yours');
    if (view.ended_at !== null) return refuse(409, 'cameras.view_over');
    const now = world.now();
    if (view.until_at.getTime() <= now || view.seen_at.getTime() + unseenMs <= now) {
      await end(view, view.until_at.getTime() <= now ? 'limit' : 'left', theSystem);
      return refuse(409, 'cameras.view_over');
    }
    const camera = await readCameraRow(world.db, view.county, view.camera);
    const gateway = camera?.gateway ? await readGateway(world.db, view.county, camera.gateway) : undefined;
    // A right that was taken away, and a camera that was switched off, end the look at once.
    if (!camera || camera.off || !gateway?.active || !identity.permits(actor, view.county, 'cameras.view', camera.path)) {
      await end(view, 'right', theSystem);
      return refuse(409, 'cameras.view_over');
    }
    return { view, camera, gateway };
  };

  return {
    held,
    async open({ actor, session }, county, code, { purpose, note, matter }) {
      const camera = await readCameraRow(world.db, county, code);
      const grant = identity.permits(actor, county, 'cameras.view', camera ? camera.path : undefined);
      if (!grant) return refuse(403, 'identity.not_permitted');
      if (!camera) return refuse(404, 'cameras.unknown', { code });
      if (actor.kind !== 'account' || !session) return refuse(401, 'cameras.session');
      if (camera.off) return refuse(409, 'cameras.off');
      const gateway = camera.gateway === null ? undefined : await readGateway(world.db, county, camera.gateway);
      if (!gateway?.active || camera.stream === null) return refuse(409, 'cameras.no_picture');
      const { purposes, viewMinutes } = await rules(county);
      if (!purposes.some(({ key }) => key === purpose)) return refuse(422, 'cameras.purpose_unknown', { purpose }, [{ path: '/purpose', reason: 'cameras.purpose_unknown', params: { purpose } }]);
      if (matter !== null) {
        const seen = await matters.locate(actor, matter);
        if (isRefusal(seen)) return seen;
      }
      const now = world.now();
      const salt = randomBytes(16);
      const row = { county, id: world.random.uuid(now), camera: code, account: actor.id, session, purpose, note: note.trim(), matter, begun_at: new Date(now), until_at: new Date(now + viewMinutes * 60_000) };
      await world.db.transaction(async (tx) => {
        await insertView(tx, row, salt);
        await ledger.append(tx, [entryOf({ county, subject: 'access', kind: 'camera-view', action: 'begin', ...(matter !== null && { matter }), set: { view: row.id, camera: code, purpose, until: row.until_at.toISOString(), note: textDigest(salt, row.note) } }, actor, grant, now)]);
      });
      ledger.sequencer.nudge(county);
      return { view: { ...row, seen_at: row.begun_at, ended_at: null, ending: null, turns: 0 }, camera, gateway };
    },
    async plays(viewer, id, token) {
      const opened = await held(viewer, id);
      if (isRefusal(opened)) return opened;
      const [, until, mark] = /^(\d{13,15})\.([\w-]{43})$/.exec(token ?? '') ?? [];
      if (until === undefined || mark === undefined || Number(until) <= world.now() || !world.keys.isMark('camera view', marked(opened.view, Number(until)), Buffer.from(mark, 'base64url'))) return refuse(404, 'cameras.not_yours');
      return opened;
    },
    async renew(viewer, id) {
      const opened = await held(viewer, id);
      if (!isRefusal(opened)) await seeView(world.db, opened.view.county, id, new Date(world.now()));
      return opened;
    },
    async close(viewer, id) {
      const opened = await held(viewer, id);
      if (isRefusal(opened)) return opened.reason === 'cameras.view_over' ? { done: true as const } : opened;
      await end(opened.view, 'closed', viewer.actor);
      return { done: true as const };
    },
    token(view) {
      const until = Math.min(world.now() + tokenMs, view.until_at.getTime());
      return { seconds: Math.max(1, Math.ceil((until - world.now()) / 1_000)), token: `${until}.${world.keys.mark('camera view', marked(view, until)).toString('base64url')}` };
    },
    past: (county, camera, after, limit) => listViewRows(world.db, county, camera, after, limit),
    async sweep() {
      const now = world.now();
      const over = await overdueViews(world.db, new Date(now), new Date(now - unseenMs), sweptAtOnce);
      for (const view of over) await end(view, view.until_at.getTime() <= now ? 'limit' : 'left', theSystem);
      return over.length;
    },
  };
};
