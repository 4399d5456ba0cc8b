import sharp from 'sharp';
import { theSystem } from '../base/actor.ts';
import { isRefusal } from '../base/result.ts';
import type { DemoModules } from './modules.ts';

const sky = (lit: boolean): string => `<defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${lit ? '#1a2a3a' : '#0b1218'}"/><stop offset="1" stop-color="${lit ? '#5a4630' : '#16212b'}"/></linearGradient></defs><rect width="640" height="480" fill="url(#s)"/>`;

const lampScene = (lit: boolean, shift: number): string => {
  const x = 300 + shift * 40;
  return `${sky(lit)}<rect y="400" width="640" height="80" fill="#10171d"/>${lit ? `<polygon points="${x - 60},130 ${x - 190},420 ${x + 50},420" fill="#ffd98a" opacity="0.28"/>` : ''}
  <rect x="${x}" y="110" width="10" height="300" fill="#55636e"/><rect x="${x - 70}" y="110" width="76" height="9" rx="4" fill="#55636e"/>
  <rect x="${x - 84}" y="114" width="44" height="14" rx="6" fill="${lit ? '#ffe9b0' : '#3c4852'}"/>`;
};

const streetScene = (mended: boolean, shift: number): string => `<rect width="640" height="480" fill="#c9d3d8"/><rect y="250" width="640" height="230" fill="#8d959b"/>
  <rect x="${40 + shift * 30}" y="120" width="150" height="130" fill="#b9a58a"/><rect x="${360 - shift * 30}" y="90" width="190" height="160" fill="#a9b5a0"/>
  ${mended ? `<circle cx="${320 + shift * 20}" cy="380" r="46" fill="#5d666d" stroke="#474e54" stroke-width="6"/>` : `<ellipse cx="${320 + shift * 20}" cy="380" rx="70" ry="38" fill="#3a3027"/><circle cx="${280 + shift * 20}" cy="370" r="16" fill="#6b5a3d"/><circle cx="${350 + shift * 20}" cy="392" r="22" fill="#554833"/>`}`;

/** Drawn, not photographed, and the picture itself says so. */
const jpegOf = (scene: string): Promise<Buffer> =>
  sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480">${scene}<rect x="12" y="440" width="74" height="28" rx="6" fill="#000" opacity="0.55"/><text x="24" y="460" font-size="16" font-family="sans-serif" fill="#fff">DEMO</text></svg>`))
    .jpeg({ quality: 78 }).toBuffer();

export type DemoPictures = ReadonlyMap<string, { readonly served: string; readonly original: string }>;

/** Takes the drawings of the history in. @returns subject (`lamp-before-0`) to the digests of the copy that is served and of the original */
export const takePictures = async ({ pictures }: DemoModules, county: string): Promise<DemoPictures> => {
  const scenes: [string, string][] = [
    ...[0, 1, 2].map((n): [string, string] => [`lamp-before-${n}`, lampScene(false, n)]), ...[0, 1].map((n): [string, string] => [`lamp-after-${n}`, lampScene(true, n)]),
    ...[0, 1, 2].map((n): [string, string] => [`street-before-${n}`, streetScene(false, n)]), ...[0, 1].map((n): [string, string] => [`street-after-${n}`, streetScene(true, n)]),
  ];
  const taken = new Map<string, { served: string; original: string }>();
  for (const [subject, scene] of scenes) {
    const kept = await pictures.put(theSystem, county, await jpegOf(scene));
    if (isRefusal(kept)) throw new Error(`demo picture ${subject}: ${kept.reason}`);
    taken.set(subject, { served: kept.served, original: kept.original });
  }
  return taken;
};
