import { createHash, timingSafeEqual } from 'node:crypto';
import type { Look } from './picture.ts';

/** What turns: the demo camera's head, as its ONVIF end moves it. */
export interface Head {
  now(): number;
  look(): Look;
  /** Degrees a second; zoom in powers of two a second. Ends by itself after `forMs`. */
  move(pan: number, tilt: number, zoom: number, forMs: number): void;
  stop(): void;
  go(look: Look): void;
}

/** Preset positions of the demo camera: token, name, where it looks. */
export const presets = [
  { token: '1', name: '钟楼', look: { pan: 0, tilt: 0, zoom: 1 } }, { token: '2', name: '卫生院', look: { pan: 84, tilt: 0, zoom: 2 } }, { token: '3', name: '车站', look: { pan: 184, tilt: -2, zoom: 1.5 } },
] as const;

const envelope = (body: string): string => `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error"><s:Body>${body}</s:Body></s:Envelope>`;
const fault = (code: string, words: string): { readonly status: number; readonly xml: string } => ({ status: 400, xml: envelope(`<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:${code}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">${words}</s:Text></s:Reason></s:Fault>`) });

const inside = (xml: string, name: string): string | undefined => new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)</`).exec(xml)?.[1]?.trim();
const attribute = (xml: string, element: string, name: string): number | undefined => {
  const found = new RegExp(`<(?:\\w+:)?${element}\\s[^>]*\\b${name}="(-?[\\d.]+)"`).exec(xml)?.[1];
  return found === undefined ? undefined : Number(found);
};
const clamp = (value: number): number => Math.min(1, Math.max(-1, Number.isFinite(value) ? value : 0));

/** How far a device's and a caller's clocks may be apart. */
const skewMs = 60_000;

/** Answers ONVIF (SOAP 1.2, WS-UsernameToken with a digest) for a head that pans, tilts and zooms. */
export const createOnvif = (head: Head, account: { readonly login: string; readonly secret: string }, base: () => string): ((xml: string) => { readonly status: number; readonly xml: string }) => {
  const used = new Set<string>();
  const signed = (xml: string): boolean => {
    const [login, digest, nonce, created] = ['Username', 'Password', 'Nonce', 'Created'].map((name) => inside(xml, name));
    if (login !== account.login || !digest || !nonce || !created || used.has(nonce) || Math.abs(Date.parse(created) - head.now()) > skewMs) return false;
    const mine = createHash('sha1').update(Buffer.concat([Buffer.from(nonce, 'base64'), Buffer.from(created + account.secret)])).digest();
    const theirs = Buffer.from(digest, 'base64');
    if (theirs.length !== mine.length || !timingSafeEqual(mine, theirs)) return false;
    if (used.size > 10_000) used.clear();
    used.add(nonce);
    return true;
  };
  const answers: Readonly<Record<string, (xml: string) => string>> = {
    GetCapabilities: () => `<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Media><tt:XAddr>${base()}/onvif/media_service</tt:XAddr></tt:Media><tt:PTZ><tt:XAddr>${base()}/onvif/ptz_service</tt:XAddr></tt:PTZ></tds:Capabilities></tds:GetCapabilitiesResponse>`,
    GetProfiles: () => '<trt:GetProfilesResponse><trt:Profiles token="main" fixed="true"><tt:Name>demo</tt:Name><tt:PTZConfiguration token="head"><tt:Name>head</tt:Name></tt:PTZConfiguration></trt:Profiles></trt:GetProfilesResponse>',
    GetPresets: () => `<tptz:GetPresetsResponse>${presets.map(({ token, name }) => `<tptz:Preset token="${token}"><tt:Name>${name}</tt:Name></tptz:Preset>`).join('')}</tptz:GetPresetsResponse>`,
    GetStatus() {
      const { pan, tilt, zoom } = head.look();
      return `<tptz:GetStatusResponse><tptz:PTZStatus><tt:Position><tt:PanTilt x="${(pan / 180 - 1).toFixed(4)}" y="${(tilt / 45).toFixed(4)}"/><tt:Zoom x="${((zoom - 1) / 5).toFixed(4)}"/></tt:Position></tptz:PTZStatus></tptz:GetStatusResponse>`;
    },
    ContinuousMove(xml) {
      const seconds = Number(/PT([\d.]+)S/.exec(inside(xml, 'Timeout') ?? '')?.[1] ?? '10');
      head.move(clamp(attribute(xml, 'PanTilt', 'x') ?? 0) * 50, clamp(attribute(xml, 'PanTilt', 'y') ?? 0) * 25, clamp(attribute(xml, 'Zoom', 'x') ?? 0), Math.min(60, seconds) * 1_000);
      return '<tptz:ContinuousMoveResponse/>';
    },
    Stop() {
      head.stop();
      return '<tptz:StopResponse/>';
    },
    GotoPreset(xml) {
      const found = presets.find(({ token }) => token === inside(xml, 'PresetToken'));
      if (found) head.go(found.look);
      return found ? '<tptz:GotoPresetResponse/>' : '';
    },
  };
  return (xml) => {
    const asked = /<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(xml)?.[1] ?? '';
    if (asked === 'GetSystemDateAndTime') {
      const at = new Date(head.now());
      return { status: 200, xml: envelope(`<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:UTCDateTime><tt:Time><tt:Hour>${at.getUTCHours()}</tt:Hour><tt:Minute>${at.getUTCMinutes()}</tt:Minute><tt:Second>${at.getUTCSeconds()}</tt:Second></tt:Time><tt:Date><tt:Year>${at.getUTCFullYear()}</tt:Year><tt:Month>${at.getUTCMonth() + 1}</tt:Month><tt:Day>${at.getUTCDate()}</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`) };
    }
    const answer = answers[asked];
    if (!answer) return fault('ActionNotSupported', 'no such operation');
    if (!signed(xml)) return fault('NotAuthorized', 'sender not authorized');
    const body = answer(xml);
    return body === '' ? fault('NoToken', 'no such preset') : { status: 200, xml: envelope(body) };
  };
};
