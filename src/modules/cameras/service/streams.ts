import { Readable } from 'node:stream';
import { refuse, type Result } from '../../../base/result.ts';
import { ownPlaylist, pieceOf } from '../rules/playlist.ts';
import { claimProbes, readCameraRow, settleState, type CameraRow } from '../store/cameras.ts';
import { readGateway, type GatewayRow } from '../store/gateways.ts';
import type { Shared } from './needs.ts';
import { askPeer, DeviceFault } from './peers.ts';
import type { Ports } from './ports.ts';

/** Something that plays: a playlist of ours, or a piece as it comes. */
export type Playing = { readonly type: string; readonly text: string } | { readonly type: string; readonly pieces: Readable };

/** Pictures of cameras, fetched from their gateways and passed on. */
export interface Streams {
  /** Refusals: 503 `cameras.silent`, `cameras.gateway_fault`. */
  playlist(camera: CameraRow, gateway: GatewayRow): Promise<Result<Playing>>;
  /** @param name as the playlist named it. Refusals: as above, and 404 `cameras.gateway_fault` for what is not of this stream. */
  piece(camera: CameraRow, gateway: GatewayRow, name: string): Promise<Result<Playing>>;
  /** Asks some cameras that nobody has asked for long whether they answer. @returns how many */
  probe(): Promise<number>;
}

const withinMs = 6_000;
/** Between two parts of a piece, and for all of it. */
const stallMs = 5_000;
const pieceMs = 30_000;
/** More than any piece of a few seconds weighs. */
const pieceBytes = 64 * 1024 * 1024;
/** A gateway is asked where a stream is once a while, not for every playlist. */
const keepMs = 60_000;
/** Minutes between two questions whether a camera answers. */
const probeMs = 5 * 60_000;
const probesAtOnce = 8;

export const isPlaylist = (type: string, url: string): boolean => /mpegurl/i.test(type) || new URL(url).pathname.endsWith('.m3u8');

export const createStreams = ({ world }: Shared, ports: Ports): Streams => {
  const where = new Map<string, { readonly at: number; readonly url: string }>();
  const settled = new Map<string, boolean>();

  const addressOf = async (camera: CameraRow, gateway: GatewayRow): Promise<string> => {
    const key = `${camera.county} ${camera.code}`;
    const known = where.get(key);
    if (known && Math.abs(world.now() - known.at) < keepMs && gateway.kind !== 'demo') return known.url;
    const url = await ports.of(gateway).playlist(camera);
    if (where.size > 10_000) where.clear();
    where.set(key, { at: world.now(), url });
    return url;
  };
  /** Writes down that a camera answers or does not, where that is new. */
  const settle = async (camera: CameraRow, answers: boolean): Promise<void> => {
    const key = `${camera.county} ${camera.code}`;
    if (settled.get(key) === answers && (camera.silentSince === null) === answers) return;
    settled.set(key, answers);
    await settleState(world.db, camera.county, camera.code, answers, new Date(world.now()));
  };
  const failed = async (camera: CameraRow, error: unknown): Promise<Result<never>> => {
    if (!(error instanceof DeviceFault)) throw error;
    where.delete(`${camera.county} ${camera.code}`);
    await settle(camera, false);
    return refuse(503, error.reason, { why: error.why });
  };

  const readPlaylist = async (camera: CameraRow, gateway: GatewayRow): Promise<string> => {
    const url = await addressOf(camera, gateway);
    const { status, text } = await askPeer(url, { withinMs });
    if (status !== 200 || !text.startsWith('#EXTM3U')) throw new DeviceFault('cameras.gateway_fault', status === 200 ? 'no playlist' : `HTTP ${status}`);
    return ownPlaylist(text, url, url);
  };

  /** Bytes as they come; a source that stalls or does not end is cut off, and the reader sees it. */
  async function* bounded(body: AsyncIterable<Uint8Array>, stop: AbortController): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    const whole = setTimeout(() => stop.abort(), pieceMs);
    let stall = setTimeout(() => stop.abort(), stallMs);
    try {
      for await (const part of body) {
        clearTimeout(stall);
        stall = setTimeout(() => stop.abort(), stallMs);
        bytes += part.length;
        if (bytes > pieceBytes) throw new DeviceFault('cameras.gateway_fault', 'too large');
        yield part;
      }
    } finally {
      clearTimeout(whole);
      clearTimeout(stall);
      stop.abort();
    }
  }

  return {
    async playlist(camera, gateway) {
      try {
        const text = await readPlaylist(camera, gateway);
        await settle(camera, true);
        return { type: 'application/vnd.apple.mpegurl', text };
      } catch (error) {
        return failed(camera, error);
      }
    },
    async piece(camera, gateway, name) {
      try {
        const stream = await addressOf(camera, gateway);
        const url = pieceOf(stream, name);
        if (url === undefined) return refuse(404, 'cameras.gateway_fault', { why: 'address' });
        const stop = new AbortController();
        const waiting = setTimeout(() => stop.abort(), withinMs);
        const response = await fetch(url, { redirect: 'manual', signal: stop.signal }).catch((error: Error) => { throw new DeviceFault('cameras.silent', error.name === 'AbortError' ? 'timeout' : 'unreachable'); }).finally(() => clearTimeout(waiting));
        // A piece that has gone meanwhile is a player's daily bread: it says nothing about the camera.
        if (response.status !== 200 || !response.body) {
          await response.body?.cancel();
          return refuse(response.status === 404 ? 404 : 503, 'cameras.gateway_fault', { why: `HTTP ${response.status}` });
        }
        const type = response.headers.get('content-type') ?? 'application/octet-stream';
        if (isPlaylist(type, url)) {
          await response.body.cancel();
          const { status, text } = await askPeer(url, { withinMs });
          return status === 200 && text.startsWith('#EXTM3U') ? { type: 'application/vnd.apple.mpegurl', text: ownPlaylist(text, url, stream) } : refuse(503, 'cameras.gateway_fault', { why: `HTTP ${status}` });
        }
        return { type, pieces: Readable.from(bounded(response.body as AsyncIterable<Uint8Array>, stop), { objectMode: false, highWaterMark: 1 << 16 }) };
      } catch (error) {
        return failed(camera, error);
      }
    },
    async probe() {
      const now = world.now();
      const due = await claimProbes(world.db, new Date(now - probeMs), new Date(now), probesAtOnce);
      await Promise.all(due.map(async ({ county, code }) => {
        const camera = await readCameraRow(world.db, county, code);
        const gateway = camera?.gateway ? await readGateway(world.db, county, camera.gateway) : undefined;
        // WVP would ask the camera to send: only to see whether it does is not worth a stream.
        if (!camera || !gateway?.active || gateway.kind === 'wvp' || camera.stream === null) return;
        const answers = await readPlaylist(camera, gateway).then(() => true, (error: unknown) => { if (error instanceof DeviceFault) return false; throw error; });
        await settle(camera, answers);
      }));
      return due.length;
    },
  };
};
