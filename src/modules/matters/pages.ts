import QRCode from 'qrcode';
import type { Language } from '../../base/text/language.ts';
import { isUuid } from '../../base/ids.ts';
import { isRefusal, refuse } from '../../base/result.ts';
import { lanternMark } from '../../html/mark.ts';
import { Markup, markup } from '../../html/markup.ts';
import type { Page } from '../../platform/http/page.ts';
import type { World } from '../../platform/world.ts';
import { entryOf } from '../identity/index.ts';
import { holds } from '../identity/rules.ts';
import type { Ledger } from '../ledger/index.ts';
import type { MatterPage } from './contract.ts';
import { kernelText, kindLabel } from './service/labels.ts';
import type { Matters } from './service/matters.ts';

/** A4, black on white as paper is; millimetres and points, since it is paper. On a screen it fits whatever window there is. */
const sheetStyle = `
@page{size:A4;margin:14mm 14mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);font-size:8pt}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:182mm;font:10pt/1.5 "PingFang SC","HarmonyOS Sans SC",MiSans,"Noto Sans SC","Microsoft YaHei",sans-serif;color:#000;background:#fff;overflow-wrap:anywhere}
header{display:grid;grid-template-columns:minmax(0,1fr) 28mm;gap:4mm;border-bottom:.5mm solid #000;padding-bottom:3mm}
header svg{display:block}
.code svg{width:28mm;height:28mm}
.kind{display:flex;gap:2mm;align-items:center;margin:0}
h1{font-size:15pt;line-height:1.3;margin:1mm 0}
h2{font-size:11pt;margin:5mm 0 1.5mm;border-bottom:.2mm solid #000;break-after:avoid}
.number{font:700 14pt/1.2 ui-monospace,Menlo,Consolas,monospace;margin:0}
dl{display:grid;grid-template-columns:1fr 1fr;gap:0 6mm;margin:3mm 0 0}
dl div{display:grid;grid-template-columns:26mm minmax(0,1fr);padding:.8mm 0;border-bottom:.1mm solid #999;break-inside:avoid}
dl .wide{grid-column:1/-1}
dt{font-weight:650}dd{margin:0}
table{width:100%;border-collapse:collapse;font-size:9pt}
th,td{text-align:left;vertical-align:top;padding:1mm 2mm 1mm 0;border-bottom:.1mm solid #999}
tr{break-inside:avoid}
td p{margin:0;white-space:pre-wrap}
.when{white-space:nowrap}
.pictures{display:grid;grid-template-columns:repeat(3,1fr);gap:3mm;margin:0;padding:0;list-style:none}
.pictures img{width:100%;height:44mm;object-fit:contain;border:.1mm solid #999;display:block}
ul.plain{margin:0;padding:0;list-style:none}
.sign{display:grid;grid-template-columns:repeat(3,1fr);gap:6mm;margin-top:12mm;break-inside:avoid}
.sign p{border-bottom:.2mm solid #000;padding-bottom:9mm;margin:0}
footer{margin-top:5mm;font-size:8pt}
.screen{display:flex;flex-wrap:wrap;gap:3mm;padding:4mm 0}
.screen button,.screen a{font:inherit;min-height:10mm;padding:1.5mm 5mm;border:.4mm solid #0b5568;border-radius:1.5mm;background:#fff;color:#0b5568;text-decoration:none;display:inline-flex;align-items:center}
.screen button{background:#0b5568;color:#fff}
.screen :focus-visible{outline:3px solid #000;outline-offset:2px}
@media screen{body{padding:6mm}}
@media screen and (max-width:40rem){dl{grid-template-columns:minmax(0,1fr)}.pictures{grid-template-columns:1fr 1fr}.when{white-space:normal}}
@media print{.screen{display:none}}`;

/** Pictures that a sheet has room for. */
const picturesAtMost = 6;

interface SheetNeeds {
  readonly world: World;
  readonly matters: Matters;
  readonly ledger: Pick<Ledger, 'append' | 'sequencer'>;
}

/** What is printed of one turn: names of people, personal words and what staff write among themselves only where they were asked for. */
const turn = (item: MatterPage['timeline'][number], personal: boolean, time: (at: string) => string, t: (key: string) => string): Markup => {
  const words = item.texts.filter((text) => personal || (!text.personal && text.name !== 'internal')).map((text) => (text.erased || text.text === null ? t('erased') : text.text));
  const by = [item.actor.roleLabel, item.actor.unit, personal ? item.actor.name : null].filter(Boolean).join(' · ');
  return markup`<tr><td class="when">${time(item.at)}</td><td>${item.label}</td><td>${by}</td><td>${words.map((text) => markup`<p>${text}</p>`)}</td></tr>`;
};

const sheet = async (page: MatterPage, how: { readonly personal: boolean; readonly language: Language; readonly nonce: string; readonly offsetMinutes: number; readonly now: number }): Promise<string> => {
  const { language, personal, nonce, offsetMinutes } = how;
  const t = (key: string, params?: Record<string, string | number>): string => kernelText(`print.${key}`, language, params);
  const time = (at: string): string => new Date(Date.parse(at) + offsetMinutes * 60_000).toISOString().slice(0, 16).replace('T', ' ');
  const { matter } = page;
  const code = await QRCode.toString(matter.number, { type: 'svg', errorCorrectionLevel: 'M', margin: 1 });
  // What says more of the component stands in its place.
  const accuracy = page.explain.find(({ key }) => key === 'accuracy');
  const rows: (readonly [string, string | null | undefined, boolean?])[] = [
    [t('state'), matter.stateLabel], [t('reported'), time(matter.createdAt)],
    [t('code'), matter.code?.name], [t('unit'), matter.leadUnit?.name],
    [t('place'), matter.place?.names.join(' · ')], [t('component'), accuracy ? `${matter.component?.name ?? ''} ${accuracy.words}` : matter.component && `${matter.component.name} ${matter.component.id}`],
    [t('handler'), personal ? matter.handler?.name : null], [t('phone'), personal ? page.reporter?.maskedPhone : null],
    ...page.clocks.filter((clock) => clock.stoppedAt === null).map((clock) => [clock.label, [clock.dueAt === null ? t('paused') : time(clock.dueAt), ...clock.working].join('\n'), true] as const),
    ...page.explain.filter((row) => row !== accuracy).map((row) => [row.label, row.words, true] as const),
  ];
  const others = [...page.related.map(({ label, item }) => ({ label, item })), ...page.children.map((item) => ({ label: kindLabel(item.kind, language), item }))];
  const pictures = page.files.slice(0, picturesAtMost);
  return markup`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${matter.number} ${matter.title}</title><style nonce="${nonce}">${new Markup(sheetStyle)}</style></head><body>
<nav class="screen" aria-label="${t('tools')}"><button type="button" id="print">${t('do')}</button>${personal ? markup`<a href="?lang=${language}">${t('without')}</a>` : markup`<a href="?lang=${language}&amp;personal=yes">${t('with')}</a>`}</nav>
<main><header><div><p class="kind">${lanternMark(18)}${kindLabel(matter.kind, language)} · ${t('title')}</p><h1>${matter.title}</h1><p class="number">${matter.number}</p></div><div class="code" role="img" aria-label="${t('qr', { number: matter.number })}">${new Markup(code)}</div></header>
<dl>${rows.map(([label, words, wide]) => words && markup`<div${wide === true && markup` class="wide"`}><dt>${label}</dt><dd>${words.split('\n').map((line, n) => (n === 0 ? line : markup`<br>${line}`))}</dd></div>`)}</dl>
${pictures.length > 0 && markup`<h2>${t('pictures')}</h2><ul class="pictures">${pictures.map((file, n) => markup`<li><img src="/api/blobs/${file.blob}?w=1024" alt="${t('picture', { n: n + 1 })}"></li>`)}</ul>`}
${others.length > 0 && markup`<h2>${t('others')}</h2><ul class="plain">${others.map(({ label, item }) => markup`<li>${label} ${item.number} ${item.title} (${item.stateLabel})</li>`)}</ul>`}
<h2>${t('timeline')}</h2><table><thead><tr><th scope="col">${t('when')}</th><th scope="col">${t('what')}</th><th scope="col">${t('who')}</th><th scope="col">${t('words')}</th></tr></thead><tbody>${[...page.timeline].sort((a, b) => a.version - b.version).map((item) => turn(item, personal, time, t))}</tbody></table>
<div class="sign"><p>${t('sign.unit')}</p><p>${t('sign.verify')}</p><p>${t('sign.date')}</p></div></main>
<footer>${t('printed', { time: time(new Date(how.now).toISOString()) })} ${t(personal ? 'personal' : 'plain')}</footer>
<script nonce="${nonce}">document.getElementById('print').addEventListener('click', () => print());</script></body></html>`.text;
};

/**
 * The sheet of a matter, to be printed or saved as PDF by the browser. Names of people, residents' words, notes among staff and the
 * masked phone are left out unless they are asked for; then the trace says who took them, and what the reader may not see is not there all the same.
 */
export const matterPages = ({ world, matters, ledger }: SheetNeeds): Page[] => [{
  name: 'matters.sheet', method: 'GET', path: '/api/matters/{id}/sheet', who: 'session',
  async answer({ actor, params, query, nonce, language }) {
    const id = params['id'] ?? '';
    if (!isUuid(id)) return refuse(404, 'matters.not-found');
    const located = await matters.locate(actor, id);
    if (isRefusal(located)) return located;
    const page = await matters.page(actor, id, language);
    if (isRefusal(page)) return page;
    const { county } = located;
    const personal = query['personal'] === 'yes';
    const now = world.now();
    if (personal) {
      const grant = actor.grants.find((one) => one.county === county && holds(one, now)) ?? { role: 'resident', unit: null };
      await ledger.append(world.db, [entryOf({ county, subject: 'access', kind: 'matter', action: 'print', matter: id, set: { personal } }, actor, grant, now)]);
      ledger.sequencer.nudge(county);
    }
    return { html: await sheet(page, { personal, language, nonce, offsetMinutes: matters.calendar(county).offsetMinutes, now }), headers: { 'cache-control': 'no-store' } };
  },
}];
