import QRCode from 'qrcode';
import { isRefusal, refuse } from '../../base/result.ts';
import { lanternMark } from '../../html/mark.ts';
import { Markup, markup } from '../../html/markup.ts';
import type { Page } from '../../platform/http/page.ts';
import { textsOf } from '../../platform/texts.ts';
import type { World } from '../../platform/world.ts';
import type { Identity } from '../identity/index.ts';
import { showPlate } from './rules/plates.ts';
import type { Components } from './service/components.ts';

/** A4 with three by seven plates of 60 by 38 mm, black on white as a plate is printed. Millimetres, since it is paper. */
const sheetStyle = `
@page{size:A4;margin:10mm}
*{box-sizing:border-box}
body{margin:0;font-family:"PingFang SC","HarmonyOS Sans SC",MiSans,"Noto Sans SC","Microsoft YaHei",sans-serif;color:#000;background:#fff}
h1{font-size:5mm;margin:4mm}
.plates{display:grid;grid-template-columns:repeat(3,60mm);gap:1mm 4mm;padding:0;margin:0;list-style:none}
.plate{width:60mm;height:38mm;border:.3mm solid #000;border-radius:2mm;padding:2mm;display:grid;grid-template-columns:26mm 1fr;gap:2mm;break-inside:avoid;align-items:center}
.plate>svg{width:26mm;height:26mm;grid-row:1/3}
.plate .mark{width:6mm;height:6mm}
.say{font-size:3.1mm;line-height:1.35;margin:0}
.say b{display:block;font-size:3.8mm}
.number{font:700 4.4mm/1 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.2mm;margin:0}
.what{grid-column:1/3;font-size:2.7mm;line-height:1.2;margin:0;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
@media print{h1{display:none}}
@media screen{body{padding:10mm}}`;

const most = 500;

/** The page of plates to print. Plates are issued before (`POST /api/components/plates`): looking at a page changes nothing. */
export const componentPages = (world: World, components: Components, identity: Pick<Identity, 'county' | 'permits'>): Page[] => [{
  name: 'components.plate_sheet', method: 'GET', path: '/api/components/plates', who: ['steward'],
  async answer({ actor, query, nonce, language }) {
    const county = await identity.county(query['county']);
    if (isRefusal(county)) return county;
    if (!identity.permits(actor, county, 'plates.print')) return refuse(403, 'identity.not_permitted');
    const codes = [...new Set((query['ids'] ?? '').split(',').filter((id) => /^\d{16}$/u.test(id)))];
    if (codes.length === 0 || codes.length > most) return refuse(422, 'components.sheet', { most });
    const found = await components.many(county, codes);
    const bare = codes.find((code) => !found.some((one) => one.code === code && one.plate !== null));
    if (bare !== undefined) return refuse(422, 'components.no_plate', { code: bare });
    const texts = textsOf('components');
    const say = (key: string): readonly [string, string, string] => {
      const text = texts[key]!;
      return [text['zh-Hans'], text['zh-Hant'], text.en];
    };
    const [hans, hant, english] = say('plate.scan');
    const cells = await Promise.all(found.map(async (one) => {
      // Level Q survives a quarter of the plate being dirty.
      const code = await QRCode.toString(`${world.config.url}/q/${one.plate!}`, { type: 'svg', errorCorrectionLevel: 'Q', margin: 2 });
      return markup`<li class="plate">${new Markup(code)}<p class="say">${lanternMark(24)}<b>${hans}</b>${hant}<br>${english}</p><p class="number">${showPlate(one.plate!)}</p><p class="what">${one.name} · ${one.code}</p></li>`;
    }));
    const title = texts['plate.title']![language];
    return {
      html: markup`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style nonce="${nonce}">${new Markup(sheetStyle)}</style></head><body><h1>${title}</h1><ul class="plates">${cells}</ul></body></html>`.text,
      headers: { 'cache-control': 'no-store' },
    };
  },
}];
