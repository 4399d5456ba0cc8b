import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import { entryOf } from '../../identity/index.ts';
import type { TurnCommand } from '../contract/viewing.ts';
import { countTurn, takeHold } from '../store/views.ts';
import type { Shared } from './needs.ts';
import { DeviceFault } from './peers.ts';
import type { Ports } from './ports.ts';
import type { Viewer, Views } from './views.ts';

/** Turning the camera of an open look. */
export interface Turning {
  /** Refusals: those of `Views.held`, 403, 409 `cameras.fixed`, `cameras.held` {name, seconds}, 503 `cameras.silent`, `cameras.device_login`, `cameras.device_fault`, `cameras.gateway_fault`. */
  turn(viewer: Viewer, id: string, command: TurnCommand): Promise<Result<{ readonly deviceMs: number; readonly heldUntil: Date }>>;
  presets(viewer: Viewer, id: string): Promise<Result<readonly { readonly token: string; readonly name: string }[]>>;
}

const refusedBy = (error: unknown): Result<never> => {
  if (!(error instanceof DeviceFault)) throw error;
  return refuse(503, error.reason, { why: error.why });
};

export const createTurning = ({ world, ledger, identity, rules }: Shared, views: Pick<Views, 'held'>, ports: Ports): Turning => ({
  async turn(viewer, id, command) {
    const opened = await views.held(viewer, id);
    if (isRefusal(opened)) return opened;
    const { view, camera, gateway } = opened;
    const { county } = view;
    const grant = identity.permits(viewer.actor, county, 'cameras.turn', camera.path);
    if (!grant) return refuse(403, 'identity.not_permitted');
    if (!camera.ptz) return refuse(409, 'cameras.fixed');
    const now = world.now();
    const moving = command.stop !== true;
    const heldUntil = new Date(now + (await rules(county)).holdSeconds * 1_000);
    const hold = await world.db.transaction(async (tx) => {
      const { before, taken } = await takeHold(tx, county, camera.code, id, view.account, moving && command.preset === undefined, new Date(now), heldUntil);
      // From the first movement to the stop is one turn: a hand that steers sends many commands.
      if (taken && moving && (before?.moving !== true || command.preset !== undefined)) {
        await countTurn(tx, county, id);
        await ledger.append(tx, [entryOf({
          county, subject: 'access', kind: 'camera-view', action: 'turn', ...(view.matter !== null && { matter: view.matter }),
          set: { view: id, camera: camera.code, purpose: view.purpose, ...(command.move && { pan: String(command.move.pan), tilt: String(command.move.tilt), zoom: String(command.move.zoom) }), ...(command.preset !== undefined && { preset: command.preset }) },
        }, viewer.actor, grant, now)]);
      }
      return { before, taken };
    });
    if (!hold.taken) {
      const { account, until_at } = hold.before!;
      const name = (await identity.accounts.names(world.db, [account])).get(account) ?? '';
      return refuse(409, 'cameras.held', { name, seconds: Math.max(1, Math.ceil((until_at.getTime() - now) / 1_000)) });
    }
    ledger.sequencer.nudge(county);
    const began = performance.now();
    try {
      const port = ports.of(gateway);
      const onvif = ports.onvif(gateway, camera);
      if (onvif) await onvif.turn(command);
      else if (port.turn) await port.turn(camera, command);
      else return refuse(409, 'cameras.fixed');
    } catch (error) {
      return refusedBy(error);
    }
    return { deviceMs: Math.round(performance.now() - began), heldUntil };
  },
  async presets(viewer, id) {
    const opened = await views.held(viewer, id);
    if (isRefusal(opened)) return opened;
    if (!identity.permits(viewer.actor, opened.view.county, 'cameras.turn', opened.camera.path)) return refuse(403, 'identity.not_permitted');
    try {
      return (await ports.onvif(opened.gateway, opened.camera)?.presets()) ?? [];
    } catch (error) {
      return refusedBy(error);
    }
  },
});
