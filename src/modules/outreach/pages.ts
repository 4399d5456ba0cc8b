import QRCode from 'qrcode';
import { isUuid } from '../../base/ids.ts';
import { isRefusal, refuse } from '../../base/result.ts';
import { say, type Language, type Params } from '../../base/text/language.ts';
import { Markup, markup } from '../../html/markup.ts';
import type { Page } from '../../platform/http/page.ts';
import { textsOf } from '../../platform/texts.ts';
import type { Outreach } from './index.ts';
import type { Batch, Letter } from './service/lists.ts';

/** A4, one letter a page. The address stands where an envelope with a window at the left shows it: 20 mm from the left, 45 mm from the top, 85 by 40 mm, folded in three. */
const style = `
@page{size:A4;margin:0}
*{box-sizing:border-box}
body{margin:0;font:12pt/1.6 "PingFang SC","HarmonyOS Sans SC",MiSans,"Noto Sans SC","Microsoft YaHei",sans-serif;color:#000;background:#fff;overflow-wrap:anywhere}
.list,.letter{width:210mm;max-width:100%;margin:0 auto;padding:20mm;break-after:page}
.letter{position:relative;min-height:290mm;padding-top:95mm}
.letter:last-of-type{break-after:auto}
.window{position:absolute;left:20mm;top:45mm;width:85mm;height:40mm;max-width:calc(100% - 40mm);overflow:hidden;margin:0}
.window small{display:block;font-size:8pt;border-bottom:.2mm solid #000;margin-bottom:2mm}
.day{text-align:right;margin:0 0 8mm}
.letter p{margin:0 0 5mm;white-space:pre-wrap}
.letter.large{font-size:18pt}.letter .window{font-size:11pt}
.letter:before,.letter:after{content:"";position:absolute;left:0;width:5mm;border-top:.2mm solid #666}.letter:before{top:99mm}.letter:after{top:198mm}
.scan{display:flex;gap:6mm;align-items:center;break-inside:avoid;margin:8mm 0}.scan svg{width:28mm;height:28mm;flex:none}.large .scan svg{width:40mm;height:40mm}.scan p{margin:0}
h1{font-size:15pt;margin:0 0 5mm}
ol{margin:0;padding-left:9mm}li{padding:1mm 0;border-bottom:.1mm solid #999;break-inside:avoid}
.screen{padding:6mm 20mm 0;width:210mm;max-width:100%;margin:0 auto}
.screen button{font:inherit;min-height:11mm;padding:1.5mm 6mm;border:0;border-radius:1.5mm;background:#0b5568;color:#fff}
.screen :focus-visible{outline:3px solid #000;outline-offset:2px}
@media screen{body{background:#d5dce1}.list,.letter{background:#fff;margin:6mm auto}}
@media screen and (max-width:40rem){.list,.letter{padding-left:5mm;padding-right:5mm}.window{left:5mm;max-width:calc(100% - 10mm)}.screen{padding:5mm 5mm 0}.letter:before,.letter:after{display:none}}
@media print{.screen{display:none}}`;

/** The link as a square to hold a phone over: nobody types it. */
const scanned = async ({ link, language }: Letter): Promise<Markup | ''> =>
  (link === null ? '' : markup`<div class="scan">${new Markup(await QRCode.toString(link, { type: 'svg', errorCorrectionLevel: 'M', margin: 0 }))}<p>${say(textsOf('outreach'), language, 'letters_scan')}</p></div>`);

const sheets = async ({ from, day, letters }: Batch, language: Language, nonce: string): Promise<string> => {
  const squares = await Promise.all(letters.map(scanned));
  const t = (of: Language, key: string, params?: Params): string => say(textsOf('outreach'), of, `letters_${key}`, params);
  const sender = (of: Language): string => from[of] ?? from['zh-Hans'] ?? '';
  const title = t(language, 'title', { count: letters.length, day });
  return markup`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style nonce="${nonce}">${new Markup(style)}</style></head><body>
${letters.length > 0 && markup`<nav class="screen" aria-label="${t(language, 'print')}"><button type="button" id="print">${t(language, 'print')}</button></nav>`}<main>
<section class="list"><h1>${title}</h1>${letters.length === 0 ? markup`<p>${t(language, 'none')}</p>` : markup`<ol>${letters.map((one) => markup`<li>${one.address}</li>`)}</ol>`}</section>
${letters.map((one, at) => markup`<article class="letter${one.plain && ' large'}" lang="${one.language}"><p class="window"><small>${sender(one.language)}</small>${one.address}</p><p class="day">${day}</p><p>${t(one.language, 'greeting')}</p><p>${one.text}</p>${squares[at]}<p>${sender(one.language)}</p></article>`)}
</main><script nonce="${nonce}">document.getElementById('print')?.addEventListener('click', () => print());</script></body></html>`.text;
};

/** Letters that are printed together, to be printed or saved as PDF by the browser: a list, then one letter a page. Whoever opens it is in the trace. */
export const outreachPages = (outreach: Pick<Outreach, 'letters'>): Page[] => [{
  name: 'outreach.letters', method: 'GET', path: '/api/deliveries/letters', who: ['operator', 'dispatcher'],
  async answer({ actor, query, nonce, language }) {
    const ids = (query['ids'] ?? '').split(',').slice(0, 100).filter(isUuid);
    if (ids.length === 0) return refuse(404, 'outreach.delivery');
    const batch = await outreach.letters(actor, query['county'] ?? actor.grants[0]?.county ?? '', ids);
    return isRefusal(batch) ? batch : { html: await sheets(batch, language, nonce), headers: { 'cache-control': 'no-store' } };
  },
}];
