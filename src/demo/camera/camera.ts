import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEncoder, parameterSets } from './h264.ts';
import { mp4Head, mp4Piece, timescale } from './mp4.ts';
import { createOnvif, type Head } from './onvif.ts';
import { draw, high, wide, type Look } from './picture.ts';

/** Pictures a second, and seconds of a piece. */
const perSecond = 4;
const pieceSeconds = 1;
/** Pieces that are kept, and of these how many a playlist names. */
const kept = 10;
const named = 5;
/** Nobody has asked for so long: nothing is drawn until somebody does. */
const idleMs = 8_000;

/** Account of the demo camera. It stands on this machine and shows a drawing: it is no secret. */
export const demoCameraAccount = { login: 'demo', secret: 'demo-camera' } as const;

/** A camera that says that it is a demo: a drawn picture that turns and zooms by ONVIF, behind HLS, on this machine only. */
export interface DemoCamera {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Without a slash at the end; undefined while it does not run. */
  address(): string | undefined;
  look(): Look;
}

/** @param now the present, milliseconds since 1970 @param offsetMinutes that the picture's clock is ahead of UTC */
export const createDemoCamera = (now: () => number, offsetMinutes: number): DemoCamera => {
  let look: Look = { pan: 0, tilt: 0, zoom: 1 };
  let speed = { pan: 0, tilt: 0, zoom: 0, until: 0 };
  let moved = now();
  const settle = (): void => {
    const seconds = Math.max(0, (Math.min(now(), speed.until) - moved) / 1_000);
    moved = now();
    if (seconds === 0) return;
    look = {
      pan: (((look.pan + (speed.pan * seconds) / look.zoom) % 360) + 360) % 360, tilt: Math.min(20, Math.max(-20, look.tilt + (speed.tilt * seconds) / look.zoom)), zoom: Math.min(6, Math.max(1, look.zoom * 2 ** (speed.zoom * seconds))),
    };
  };
  const head: Head = {
    now, look() { settle(); return look; },
    move(pan, tilt, zoom, forMs) { settle(); speed = { pan, tilt, zoom, until: now() + forMs }; },
    stop() { settle(); speed = { ...speed, until: 0 }; },
    go(to) { settle(); speed = { ...speed, until: 0 }; look = to; },
  };

  const encoder = createEncoder(wide, high);
  const file = mp4Head(wide, high, parameterSets(wide, high));
  const pieces = new Map<number, Buffer>();
  let pictures: Uint8Array[] = [];
  let sequence = 0;
  let asked = -Infinity;
  let ticking: NodeJS.Timeout | undefined;
  const picture = (): void => {
    const at = now();
    const clock = new Date(at + offsetMinutes * 60_000).toISOString().slice(0, 19).replace('T', ' ');
    pictures.push(encoder.frame(draw(head.look(), at, clock), pictures.length === 0));
    if (pictures.length < perSecond * pieceSeconds) return;
    pieces.set(sequence, mp4Piece(sequence + 1, sequence * pieceSeconds * timescale, timescale / perSecond, pictures));
    pieces.delete(sequence - kept);
    sequence++;
    pictures = [];
  };
  /** Draws while somebody looks. The first who comes is given pieces at once, all of the present moment. */
  const awake = (): void => {
    const slept = ticking === undefined;
    asked = performance.now();
    if (!slept) return;
    for (let n = 0; n < 3 * perSecond * pieceSeconds; n++) picture();
    let due = performance.now();
    ticking = setInterval(() => {
      if (performance.now() - asked > idleMs) {
        clearInterval(ticking);
        ticking = undefined;
        return;
      }
      // A machine that was busy makes up for at most two seconds.
      due = Math.max(due, performance.now() - 2_000);
      for (; due <= performance.now(); due += 1_000 / perSecond) picture();
    }, 1_000 / perSecond);
    ticking.unref();
  };
  const playlist = (): string => {
    const from = Math.max(0, sequence - named);
    return ['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${pieceSeconds}`, `#EXT-X-MEDIA-SEQUENCE:${from}`, '#EXT-X-INDEPENDENT-SEGMENTS', '#EXT-X-MAP:URI="head.mp4"',
      ...Array.from({ length: sequence - from }, (_, at) => `#EXTINF:${pieceSeconds.toFixed(3)},\npiece-${from + at}.m4s`), ''].join('\n');
  };

  let base: string | undefined;
  const onvif = createOnvif(head, demoCameraAccount, () => base ?? '');
  const server = createServer((request, response) => {
    const send = (status: number, type: string, body: string | Buffer): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
      response.end(body);
    };
    const { pathname } = new URL(request.url ?? '/', 'http://camera');
    if (request.method === 'POST' && pathname.startsWith('/onvif/')) {
      let text = '';
      request.setEncoding('utf8');
      request.on('data', (part: string) => {
        text += part;
        if (text.length > 65_536) request.destroy();
      });
      request.on('end', () => {
        const { status, xml } = onvif(text);
        send(status, 'application/soap+xml; charset=utf-8', xml);
      });
      return;
    }
    const [, name] = /^\/plaza\/([\w.-]+)$/.exec(pathname) ?? [];
    if (name === 'index.m3u8') {
      awake();
      return send(200, 'application/vnd.apple.mpegurl', playlist());
    }
    if (name === 'head.mp4') return send(200, 'video/mp4', file);
    const piece = pieces.get(Number(/^piece-(\d+)\.m4s$/.exec(name ?? '')?.[1] ?? '-1'));
    return piece ? send(200, 'video/iso.segment', piece) : send(404, 'text/plain', 'not here');
  });
  return {
    async start() {
      await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(0, '127.0.0.1', resolve); });
      base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    async stop() {
      clearInterval(ticking);
      ticking = undefined;
      base = undefined;
      server.closeAllConnections();
      await new Promise<void>((resolve) => { server.close(() => resolve()); });
    },
    address: () => base,
    look: () => head.look(),
  };
};
