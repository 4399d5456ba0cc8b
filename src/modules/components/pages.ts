import QRCode from 'qrcode';
import type { CountyCode } from '../../base/ids.ts';
import { isRefusal, refuse } from '../../base/result.ts';
import { lanternMark } from '../../html/mark.ts';
import { Markup, markup } from '../../html/markup.ts';
import type { Page } from '../../platform/http/page.ts';
import { textsOf } from '../../platform/texts.ts';
import type { World } from '../../platform/world.ts';
import type { Identity } from '../identity/index.ts';
import type { Places } from '../places/index.ts';
import type { PlateSheet } from './rules/area.ts';
import { readPlate, showPlate } from './rules/plate-codes.ts';
import { isRevoked } from './rules/plate-states.ts';
import type { Components } from './service/components.ts';

/** Black on white as a plate is printed, in millimetres, since it is paper. Type and picture grow with the plate. */
const sheetStyle = ({ page, margin, columns, label, gap }: PlateSheet): string => {
  const [width, height] = label;
  const code = Math.min(height * 0.68, width * 0.44);
  // What a plate of 60 by 38 has in letters of 3.1 mm, a larger one has in larger ones.
  const scale = Math.min(width / 60, height / 38);
  const mm = (value: number): string => `${Math.round(value * scale * 100) / 100}mm`;
  return `
@page{size:${page[0]}mm ${page[1]}mm;margin:0}
*{box-sizing:border-box}
body{margin:0;font-family:"PingFang SC","HarmonyOS Sans SC",MiSans,"Noto Sans SC","Microsoft YaHei",sans-serif;color:#000;background:#fff}
h1{font-size:5mm;margin:4mm}
.sheet{width:${page[0]}mm;height:${page[1] - 0.5}mm;padding:${margin[1]}mm 0 0 ${margin[0]}mm;margin:0;list-style:none;display:grid;grid-template-columns:repeat(${columns},${width}mm);grid-auto-rows:${height}mm;gap:${gap[1]}mm ${gap[0]}mm;align-content:start;break-after:page;overflow:hidden}
.sheet:last-of-type{break-after:auto}
.plate{width:${width}mm;height:${height}mm;border:.3mm solid #000;border-radius:${mm(2)};padding:${mm(2)};display:grid;grid-template:1fr auto auto/${code}mm 1fr;gap:0 ${mm(2)};align-items:center;overflow:hidden}
.plate>svg{width:${code}mm;height:${code}mm;grid-row:1/3}
.plate .mark{width:${mm(6)};height:${mm(6)}}
.say{font-size:${mm(3.1)};line-height:1.3;margin:0}
.say b{display:block;font-size:${mm(3.8)}}
.number{font:700 ${mm(4.2)}/1.2 ui-monospace,Menlo,Consolas,monospace;margin:0;white-space:nowrap}
.what{grid-column:1/3;font-size:${mm(2.7)};line-height:1.25;margin:0;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
@media print{h1,.hint{display:none}}
@media screen{body{padding:6mm}.sheet{outline:.2mm dashed #8796A1;margin-bottom:6mm}.hint{font-size:4mm;margin:0 4mm 4mm}}`;
};

const most = 1_000;

/** The page of plates to print. Plates are issued before, alone or in a batch: looking at a page changes nothing. */
export const componentPages = (world: World, components: Components, identity: Pick<Identity, 'county' | 'permits'>, places: Pick<Places, 'tree'>): Page[] => [{
  name: 'components.plate_sheet', method: 'GET', path: '/api/components/plates', who: ['steward'],
  async answer({ actor, query, nonce, language }) {
    const county = await identity.county(query['county']);
    if (isRefusal(county)) return county;
    if (!identity.permits(actor, county, 'plates.print')) return refuse(403, 'identity.not_permitted');
    const { book } = components;
    const sheets = await book.sheets(county);
    const named = query['sheet'];
    const batchId = query['batch'];
    const batch = batchId !== undefined && /^[0-9a-f-]{36}$/u.test(batchId) ? await book.batch(county, batchId) : undefined;
    if (batchId !== undefined && !batch) return refuse(404, 'components.no_batch');
    const sheet = sheets.find(({ key }) => key === (named ?? batch?.sheet)) ?? sheets.find(({ key }) => key === 'a4-3x7') ?? sheets[0]!;
    const list = (name: string, shape: RegExp): string[] => [...new Set((query[name] ?? '').split(',').filter((one) => shape.test(one)))];
    const codes = list('ids', /^\d{16}$/u);
    const asked = list('plates', /^[0-9A-Za-z-]{8,9}$/u);
    // A sheet of labels of which some were used before is begun where it is still empty.
    const skip = Math.min(Math.max(0, Math.trunc(Number(query['from'] ?? '1')) - 1) || 0, sheet.columns * sheet.rows - 1);

    const printed: { readonly plate: string; readonly kind: string; readonly target: string }[] = [];
    if (batch) printed.push(...(await book.platesOf(county, batch.batch)).filter(({ state }) => !isRevoked(state)));
    else if (asked.length > 0 && asked.length <= most)
      for (const one of asked) {
        const found = await components.anyPlate(county, readPlate(one) ?? one);
        if (found && !isRevoked(found.state)) printed.push(found);
      }
    else {
      if (codes.length === 0 || codes.length > most) return refuse(422, 'components.sheet', { most });
      const found = await components.many(county, codes);
      const bare = codes.find((code) => !found.some((one) => one.code === code && one.plate !== null));
      if (bare !== undefined) return refuse(422, 'components.no_plate', { code: bare });
      printed.push(...found.map((one) => ({ plate: one.plate!, kind: 'component', target: one.code })));
    }
    if (printed.length === 0) return refuse(422, 'components.sheet', { most });

    const texts = textsOf('plates');
    const own = await book.settings(county);
    const scan = own.plateWords ?? texts['plate.scan']!;
    const tree = await places.tree(county as CountyCode);
    const known = new Map((await components.many(county, printed.filter(({ kind }) => kind === 'component').map(({ target }) => target))).map((one) => [one.code, one]));
    const order = printed.map((one) => ({ ...one, component: known.get(one.target) }));
    if (batch) order.sort((a, b) => (a.component?.road ?? '').localeCompare(b.component?.road ?? '', 'zh') || (a.component?.ordinal ?? 0) - (b.component?.ordinal ?? 0) || (a.target < b.target ? -1 : 1));
    const what = ({ kind, target, component }: (typeof order)[number]): string => {
      if (component) return `${component.name} · ${component.code}`;
      const place = kind === 'gate' ? tree.find(target) : undefined;
      return place ? tree.chain(place).slice(-2).map(({ name }) => name).join(' ') : '';
    };
    const cells = await Promise.all(order.map(async (one) => {
      // Level Q survives a quarter of the plate being dirty.
      const code = await QRCode.toString(`${world.config.url}/q/${one.plate}`, { type: 'svg', errorCorrectionLevel: 'Q', margin: 2 });
      return markup`<li class="plate">${new Markup(code)}<p class="say">${lanternMark(24)}<b>${scan['zh-Hans']}</b>${scan['zh-Hant'] !== scan['zh-Hans'] && markup`${scan['zh-Hant']}<br>`}${scan.en}${own.platePhone !== undefined && markup`<br>☎ ${own.platePhone}`}</p><p class="number">${showPlate(one.plate)}</p><p class="what">${what(one)}</p></li>`;
    }));
    const perSheet = sheet.columns * sheet.rows;
    const slots = [...Array.from({ length: skip }, () => markup`<li></li>`), ...cells];
    const pages = Array.from({ length: Math.ceil(slots.length / perSheet) }, (_, at) => slots.slice(at * perSheet, (at + 1) * perSheet));
    const title = batch ? `${batch.name} · ${cells.length}` : texts['plate.title']![language];
    return {
      html: markup`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style nonce="${nonce}">${new Markup(sheetStyle(sheet))}</style></head><body><h1>${title}</h1><p class="hint">${sheet.name[language]}。${texts['plate.hint']![language]}</p>${pages.map((page) => markup`<ul class="sheet">${page}</ul>`)}</body></html>`.text,
      headers: { 'cache-control': 'no-store' },
    };
  },
}];
