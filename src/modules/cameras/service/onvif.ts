import { createHash, randomBytes } from 'node:crypto';
import { SaxesParser } from 'saxes';
import type { TurnCommand } from '../contract/viewing.ts';
import { askPeer, DeviceFault } from './peers.ts';

/** An element of an answer: its name without prefix, attributes, text and children. */
interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
  readonly children: Element[];
}

const deepest = 40;
const withinMs = 2_500;
/** What was found of a device is asked for again after this. */
const keepMs = 600_000;

const readXml = (xml: string): Element | undefined => {
  const parser = new SaxesParser();
  const open: Element[] = [{ name: '', attributes: {}, text: '', children: [] }];
  let broken = false;
  parser.on('error', () => { broken = true; });
  parser.on('doctype', () => { broken = true; });
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length > deepest) broken = true;
    else open.push({ name: name.replace(/^.*:/, ''), attributes: attributes as Record<string, string>, text: '', children: [] });
  });
  parser.on('text', (words) => { open.at(-1)!.text += words; });
  parser.on('closetag', () => {
    const done = open.length > 1 ? open.pop() : undefined;
    if (done) open.at(-1)!.children.push(done);
  });
  try {
    parser.write(xml).close();
  } catch {
    return undefined;
  }
  return broken ? undefined : open[0]!.children[0];
};

const all = (element: Element, name: string): Element[] => element.children.flatMap((one) => [...(one.name === name ? [one] : []), ...all(one, name)]);
const first = (element: Element, name: string): Element | undefined => all(element, name)[0];

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)!};`);

/** What a camera is turned by: ONVIF's PTZ service (profile S), spoken to by SOAP 1.2 with a WS-UsernameToken digest. */
export interface Onvif {
  /** @throws DeviceFault */
  turn(command: TurnCommand): Promise<void>;
  /** @throws DeviceFault */
  presets(): Promise<readonly { readonly token: string; readonly name: string }[]>;
}

interface Known {
  readonly at: number;
  /** Milliseconds that the device's clock is ahead of ours. */
  readonly ahead: number;
  readonly ptz: string;
  readonly profile: string;
}

/** A moving head stops by itself when nothing more is heard for so long, seconds. */
const moveSeconds = 3;

/**
 * @param device address of its device service
 * @param now milliseconds since 1970. A device whose clock is off refuses digests that are right, so it is asked for its time first.
 */
export const createOnvif = (device: string, account: { readonly login: string; readonly secret: string } | null, now: () => number): Onvif => {
  let known: Promise<Known> | undefined;

  const header = (ahead: number): string => {
    if (!account) return '';
    const nonce = randomBytes(16);
    const created = new Date(now() + ahead).toISOString();
    const digest = createHash('sha1').update(Buffer.concat([nonce, Buffer.from(created + account.secret)])).digest('base64');
    return `<s:Header><Security s:mustUnderstand="1" xmlns="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><UsernameToken><Username>${escaped(account.login)}</Username><Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest">${digest}</Password><Nonce EncodingType="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary">${nonce.toString('base64')}</Nonce><Created xmlns="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">${created}</Created></UsernameToken></Security></s:Header>`;
  };
  const ask = async (address: string, body: string, ahead: number | null): Promise<Element> => {
    const { status, text } = await askPeer(address, {
      method: 'POST', withinMs, headers: { 'content-type': 'application/soap+xml; charset=utf-8', 'user-agent': 'lamplight' },
      body: `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">${ahead === null ? '' : header(ahead)}<s:Body>${body}</s:Body></s:Envelope>`,
    });
    const root = readXml(text);
    const fault = root && first(root, 'Fault');
    if (status === 401 || (fault && /NotAuthorized|FailedAuthentication/i.test(all(fault, 'Value').map((value) => value.text).join(' ')))) throw new DeviceFault('cameras.device_login');
    if (fault) throw new DeviceFault('cameras.device_fault', first(fault, 'Text')?.text.trim() ?? 'fault');
    const answer = root && first(root, 'Body');
    if (!answer || status >= 300) throw new DeviceFault('cameras.device_fault', root ? `HTTP ${status}` : 'no SOAP');
    return answer;
  };
  /** Where a device says a service is, on the host that we were given: many do not know their own address. */
  const service = (said: string | undefined, usual: string): string => {
    const url = new URL(device);
    const there = said === undefined ? null : URL.parse(said.trim());
    url.pathname = there?.pathname ?? usual;
    return url.href;
  };
  const look = async (): Promise<Known> => {
    const clock = await ask(device, '<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/>', null).catch((error: unknown) => {
      if (error instanceof DeviceFault && error.reason === 'cameras.silent') throw error;
      return undefined;
    });
    const utc = clock && first(clock, 'UTCDateTime');
    const figure = (name: string): number => Number(utc && first(utc, name)?.text);
    const theirs = Date.UTC(figure('Year'), figure('Month') - 1, figure('Day'), figure('Hour'), figure('Minute'), figure('Second'));
    // Below a second it is the way of the question, not the clock.
    const ahead = Number.isNaN(theirs) || Math.abs(theirs - now()) < 1_500 ? 0 : theirs - now();
    const capabilities = await ask(device, '<GetCapabilities xmlns="http://www.onvif.org/ver10/device/wsdl"><Category>All</Category></GetCapabilities>', ahead);
    const address = (name: string): string | undefined => { const found = first(capabilities, name); return found && first(found, 'XAddr')?.text; };
    const profiles = await ask(service(address('Media'), '/onvif/media_service'), '<GetProfiles xmlns="http://www.onvif.org/ver10/media/wsdl"/>', ahead);
    const profile = all(profiles, 'Profiles').find((one) => first(one, 'PTZConfiguration'))?.attributes['token'];
    if (profile === undefined) throw new DeviceFault('cameras.device_fault', 'no PTZ profile');
    return { at: now(), ahead, ptz: service(address('PTZ'), '/onvif/ptz_service'), profile };
  };
  const found = async (): Promise<Known> => {
    const before = known && (await known.catch(() => undefined));
    if (before && Math.abs(now() - before.at) < keepMs) return before;
    const asking = look();
    known = asking;
    return asking;
  };
  /** Asks the PTZ service; where the device does not know the digest any more, its clock is read once more. */
  const ptz = async (body: (profile: string) => string): Promise<Element> => {
    const at = await found();
    const asked = (there: Known): Promise<Element> => ask(there.ptz, body(escaped(there.profile)), there.ahead);
    return asked(at).catch(async (error: unknown) => {
      if (!(error instanceof DeviceFault) || error.reason !== 'cameras.device_login') throw error;
      known = undefined;
      return asked(await found());
    });
  };
  const space = 'xmlns="http://www.onvif.org/ver20/ptz/wsdl"';
  const schema = 'xmlns="http://www.onvif.org/ver10/schema"';
  return {
    async turn({ move, preset }) {
      await ptz((profile) => (move
        ? `<ContinuousMove ${space}><ProfileToken>${profile}</ProfileToken><Velocity><PanTilt ${schema} x="${move.pan.toFixed(3)}" y="${move.tilt.toFixed(3)}"/><Zoom ${schema} x="${move.zoom.toFixed(3)}"/></Velocity><Timeout>PT${moveSeconds}S</Timeout></ContinuousMove>`
        : preset !== undefined ? `<GotoPreset ${space}><ProfileToken>${profile}</ProfileToken><PresetToken>${escaped(preset)}</PresetToken></GotoPreset>`
          : `<Stop ${space}><ProfileToken>${profile}</ProfileToken><PanTilt>true</PanTilt><Zoom>true</Zoom></Stop>`));
    },
    async presets() {
      const answer = await ptz((profile) => `<GetPresets ${space}><ProfileToken>${profile}</ProfileToken></GetPresets>`);
      return all(answer, 'Preset').slice(0, 256).flatMap((one) => (one.attributes['token'] === undefined ? [] : [{ token: one.attributes['token'].slice(0, 64), name: (first(one, 'Name')?.text.trim() || one.attributes['token']).slice(0, 60) }]));
    },
  };
};
