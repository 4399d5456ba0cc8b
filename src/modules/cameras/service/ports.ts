import { createHash } from 'node:crypto';
import type { World } from '../../../platform/world.ts';
import type { TurnCommand } from '../contract/viewing.ts';
import type { CameraRow } from '../store/cameras.ts';
import type { GatewayRow } from '../store/gateways.ts';
import { createOnvif, type Onvif } from './onvif.ts';
import { askJson, askPeer, DeviceFault } from './peers.ts';

/** One gateway: where a camera's picture is, and, where it turns cameras itself, how. Everything throws DeviceFault. */
export interface Port {
  /** Address of the HLS playlist, once the gateway has the picture. */
  playlist(camera: CameraRow): Promise<string>;
  /** Nobody looks any more. */
  leave?(camera: CameraRow): Promise<void>;
  turn?(camera: CameraRow, command: TurnCommand): Promise<void>;
}

const withinMs = 8_000;
const turnWithinMs = 2_500;

const member = (value: unknown, ...names: readonly string[]): unknown => names.reduce<unknown>((found, name) => (typeof found === 'object' && found !== null ? (found as Readonly<Record<string, unknown>>)[name] : undefined), value);
const encoded = (stream: string): string => stream.split('/').map(encodeURIComponent).join('/');

/** Streams that an HLS server has already: `{url}/{stream}/index.m3u8`. */
const hlsPort = (url: string): Port => ({ playlist: async ({ stream }) => `${url}/${encoded(stream ?? '')}/index.m3u8` });

/**
 * MediaMTX fetches a camera by RTSP and serves it as HLS: a path is made once by its API (`/v3/config/paths`, bluenviron/mediamtx,
 * api/openapi.yaml), fetched only while somebody looks (`sourceOnDemand`).
 */
const mediaMtxPort = (gateway: GatewayRow, secret: string | null, device: { readonly login: string; readonly secret: string } | null): Port => {
  const headers = { 'content-type': 'application/json', ...(gateway.login !== null && { authorization: `Basic ${Buffer.from(`${gateway.login}:${secret ?? ''}`).toString('base64')}` }) };
  return {
    async playlist({ stream, source }) {
      const name = encoded(stream ?? '');
      const { status } = await askPeer(`${gateway.url}/v3/config/paths/get/${name}`, { headers, withinMs });
      if (status === 404) {
        if (source === null) throw new DeviceFault('cameras.gateway_fault', 'no path, no RTSP address');
        const rtsp = new URL(source);
        if (device) [rtsp.username, rtsp.password] = [encodeURIComponent(device.login), encodeURIComponent(device.secret)];
        const made = await askPeer(`${gateway.url}/v3/config/paths/add/${name}`, { method: 'POST', headers, body: JSON.stringify({ source: rtsp.href, sourceOnDemand: true }), withinMs });
        // Two who look first at once both make it; the second is told that it is there.
        if (made.status >= 300 && !/already exists/i.test(made.text)) throw new DeviceFault('cameras.gateway_fault', `HTTP ${made.status}`);
      } else if (status >= 300) throw new DeviceFault('cameras.gateway_fault', `HTTP ${status}`);
      return `${gateway.media ?? gateway.url}/${name}/index.m3u8`;
    },
  };
};

/** WVP's words for a movement; the stronger of pan and tilt decides where both are asked for with hardly any of the other. */
export const wvpCommand = ({ move }: TurnCommand): string => {
  if (!move) return 'stop';
  const { pan, tilt, zoom } = move;
  if (zoom !== 0 && Math.abs(zoom) >= Math.max(Math.abs(pan), Math.abs(tilt))) return zoom > 0 ? 'zoomin' : 'zoomout';
  const [x, y] = [Math.abs(pan) < Math.abs(tilt) / 4 ? 0 : Math.sign(pan), Math.abs(tilt) < Math.abs(pan) / 4 ? 0 : Math.sign(tilt)];
  return `${y > 0 ? 'up' : y < 0 ? 'down' : ''}${x > 0 ? 'right' : x < 0 ? 'left' : ''}` || 'stop';
};

/**
 * WVP (648540858/wvp-GB28181-pro) asks cameras for their picture by GB/T 28181 and hands out HLS of its media server; a camera's
 * stream is `device/channel`. Its interface: `/api/user/login`, `/api/play/start|stop`, `/api/front-end/ptz`, `/api/front-end/preset/call`.
 */
const wvpPort = (gateway: GatewayRow, secret: string): Port => {
  let token: string | undefined;
  const signIn = async (): Promise<string> => {
    const query = new URLSearchParams({ username: gateway.login ?? '', password: createHash('md5').update(secret).digest('hex') });
    const found = member(await askJson(`${gateway.url}/api/user/login?${query}`, { withinMs }), 'data', 'accessToken');
    if (typeof found !== 'string') throw new DeviceFault('cameras.gateway_fault', 'login');
    return found;
  };
  const ask = async (path: string, within: number): Promise<unknown> => {
    const before = token;
    token ??= await signIn();
    const headers = { 'access-token': token };
    const first = await askPeer(`${gateway.url}${path}`, { headers, withinMs: within });
    const refused = first.status === 401 || /"code"\s*:\s*401\b/.test(first.text);
    if (refused && before !== undefined) {
      token = undefined;
      return ask(path, within);
    }
    if (first.status >= 300) throw new DeviceFault('cameras.gateway_fault', `HTTP ${first.status}`);
    if (first.text.trim() === '') return {};
    let answer: unknown;
    try {
      answer = JSON.parse(first.text);
    } catch {
      throw new DeviceFault('cameras.gateway_fault', 'no JSON');
    }
    const code = member(answer, 'code');
    if (typeof code === 'number' && code !== 0) throw new DeviceFault('cameras.gateway_fault', String(member(answer, 'msg') ?? code));
    return answer;
  };
  return {
    async playlist({ stream }) {
      const hls = member(await ask(`/api/play/start/${encoded(stream ?? '')}`, withinMs), 'data', 'hls');
      const url = typeof hls === 'string' ? URL.parse(hls) : null;
      if (!url || !/^https?:$/.test(url.protocol)) throw new DeviceFault('cameras.gateway_fault', 'no HLS');
      // The media server is where the operator says, or on the gateway's own host: an answer does not send us elsewhere.
      const media = new URL(gateway.media ?? gateway.url);
      if (gateway.media === null && url.hostname !== media.hostname) throw new DeviceFault('cameras.gateway_fault', 'another host');
      return gateway.media === null ? url.href : `${media.origin}${url.pathname}${url.search}`;
    },
    async leave({ stream }) { await ask(`/api/play/stop/${encoded(stream ?? '')}`, withinMs); },
    async turn({ stream }, command) {
      if (command.preset !== undefined) return void (await ask(`/api/front-end/preset/call/${encoded(stream ?? '')}?presetId=${encodeURIComponent(command.preset)}`, turnWithinMs));
      const { pan = 0, tilt = 0, zoom = 0 } = command.move ?? {};
      const query = new URLSearchParams({ command: wvpCommand(command), horizonSpeed: String(Math.round(Math.abs(pan) * 255)), verticalSpeed: String(Math.round(Math.abs(tilt) * 255)), zoomSpeed: String(Math.round(Math.abs(zoom) * 15)) });
      await ask(`/api/front-end/ptz/${encoded(stream ?? '')}?${query}`, turnWithinMs);
    },
  };
};

/** The ports of all gateways, each made once for what its row says. */
export interface Ports {
  of(gateway: GatewayRow): Port;
  /** What turns a camera by ONVIF; undefined where it has no such address. */
  onvif(gateway: GatewayRow | undefined, camera: CameraRow): Onvif | undefined;
}

export const createPorts = ({ keys, now }: Pick<World, 'keys' | 'now'>, demoCamera: () => string | undefined): Ports => {
  const ports = new Map<string, { readonly said: string; readonly port: Port }>();
  const devices = new Map<string, Onvif>();
  const deviceOf = (gateway: GatewayRow) => (gateway.device_login === null ? null : { login: gateway.device_login, secret: gateway.device_secret === null ? '' : keys.open(gateway.device_secret, 'camera device') });
  const demo = (): string => {
    const address = demoCamera();
    if (address === undefined) throw new DeviceFault('cameras.silent', 'demo');
    return address;
  };
  const made = (gateway: GatewayRow): Port => {
    switch (gateway.kind) {
      case 'demo': return { playlist: (camera) => hlsPort(demo()).playlist(camera) };
      case 'hls': return hlsPort(gateway.url);
      case 'mediamtx': return mediaMtxPort(gateway, gateway.secret === null ? null : keys.open(gateway.secret, 'camera gateway'), deviceOf(gateway));
      case 'wvp': return wvpPort(gateway, gateway.secret === null ? '' : keys.open(gateway.secret, 'camera gateway'));
    }
  };
  return {
    of(gateway) {
      const said = JSON.stringify([gateway.url, gateway.media, gateway.login, gateway.secret?.toString('base64'), gateway.device_login, gateway.device_secret?.toString('base64')]);
      const known = ports.get(gateway.id);
      if (known?.said === said) return known.port;
      const port = made(gateway);
      ports.set(gateway.id, { said, port });
      return port;
    },
    onvif(gateway, camera) {
      const address = gateway?.kind === 'demo' ? `${demo()}/onvif/device_service` : camera.onvif;
      if (address === null) return undefined;
      const account = gateway ? deviceOf(gateway) : null;
      const key = `${address} ${account?.login ?? ''} ${gateway?.device_secret?.toString('base64') ?? ''}`;
      const known = devices.get(key);
      if (known) return known;
      if (devices.size > 5_000) devices.clear();
      const device = createOnvif(address, account, now);
      devices.set(key, device);
      return device;
    },
  };
};
