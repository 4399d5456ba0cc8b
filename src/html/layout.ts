import type { Language } from '../base/text/language.ts';
import { icon } from './icons.ts';
import { lanternMark } from './mark.ts';
import { attributes, markup, type Part } from './markup.ts';
import { day, sizes, typeSizes } from '../base/tokens.ts';

/** How large a page is written: plain (18 px), elder version (26 px), elder version at its largest (30 px). */
export type Version = 'plain' | 'elder' | 'elderLarge';

/** The words that stand on every page. */
export interface FrameWords {
  /** 灯火 · 泗门 */
  readonly brand: string;
  readonly skip: string;
  /** What the link to the other version is called, and where it leads. */
  readonly otherVersion: { readonly words: string; readonly href: string };
  /** Only in the elder version: larger or smaller still. */
  readonly otherSize: { readonly words: string; readonly href: string } | null;
  readonly speak: string | null;
  /** What the script button says while it reads. */
  readonly stopSpeaking: string;
  readonly help: { readonly words: string; readonly href: string } | null;
  readonly languagesName: string;
  readonly languages: readonly { readonly language: Language; readonly name: string; readonly href: string; readonly current: boolean }[];
  /** The quiet line of a demo database; null elsewhere. */
  readonly demo: string | null;
}

export interface Layout {
  readonly language: Language;
  readonly version: Version;
  /** Of the browser's tab; the brand is put after it. */
  readonly title: string;
  /** Stands before the title where something has to be put right. */
  readonly errorPrefix?: string | null;
  readonly frame: FrameWords;
  /** A step back inside a task; the browser's own way back works too. */
  readonly back?: { readonly words: string; readonly href: string } | null;
  readonly assets: { readonly style: string; readonly script: string; readonly keep: string; readonly mark: string };
  /** Told to search engines; resident forms and follow pages are nobody else's business. */
  readonly index?: boolean;
  /** Address of an event stream: the script renews the page's main part at each event. */
  readonly live?: string | null;
  readonly main: Part;
}

const classes: Readonly<Record<Version, string | null>> = { plain: null, elder: 'elder', elderLarge: 'elder large' };

/** A whole page: night frame, one column of paper, help at the foot, languages. Works with neither script nor style. */
export const layout = (page: Layout): string => `<!doctype html>
${markup`<html${attributes({ lang: page.language, class: classes[page.version] })}>
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${page.errorPrefix}${page.title} · ${page.frame.brand}</title>
<link rel="stylesheet" href="${page.assets.style}"><link rel="icon" type="image/svg+xml" href="${page.assets.mark}">
<meta name="theme-color" content="${day.ink}"><meta name="format-detection" content="telephone=no">${page.index ? '' : markup`<meta name="robots" content="noindex">`}
<script src="${page.assets.script}" defer></script></head>
<body${attributes({ 'data-live': page.live, 'data-keeper': page.assets.keep })}><a class="skip" href="#main">${page.frame.skip}</a>
<header><div class="frame"><div class="column"><a class="brand" href="/">${lanternMark(30)}<span>${page.frame.brand}</span></a><a class="pill" href="${page.frame.otherVersion.href}">${page.frame.otherVersion.words}</a></div></div>
<div class="column tools">${page.frame.speak && markup`<button type="button" hidden class="speak" data-does="speak" data-stop="${page.frame.stopSpeaking}">${icon('sound')}<span>${page.frame.speak}</span></button>`}${page.back && markup`<a class="back" href="${page.back.href}">${icon('back')}${page.back.words}</a>`}</div></header>
<main id="main" class="column" tabindex="-1">${page.main}</main>
<footer>${page.frame.help && markup`<div class="help"><div class="column"><a class="do second" href="${page.frame.help.href}">${icon('phone')}<span>${page.frame.help.words}</span></a></div></div>`}
<div class="column foot">${page.frame.otherSize && markup`<a href="${page.frame.otherSize.href}">${page.frame.otherSize.words}</a>`}<nav aria-label="${page.frame.languagesName}">${page.frame.languages.map((one) => one.current
  ? markup`<b lang="${one.language}" aria-current="true">${one.name}</b>`
  : markup`<a lang="${one.language}" hreflang="${one.language}" href="${one.href}">${one.name}</a>`)}</nav>${page.frame.demo && markup`<p>${page.frame.demo}</p>`}</div></footer>
</body></html>`}`;

/** Of the browser's own 16 px, so that whoever has set another size gets that much more. */
const percent = (px: number): string => `${(px / 16) * 100}%`;
const ratio = ({ body, heading }: { readonly body: number; readonly heading: number }): string => `${Math.round((heading / body) * 1000) / 1000}rem`;

/** The style that every page stands on; components bring their own after it. */
export const layoutStyle = `
:root{--target:${sizes.target}px}
html{font-size:${percent(typeSizes.resident.body)};-webkit-text-size-adjust:100%;text-size-adjust:100%}
html.elder{font-size:${percent(typeSizes.elder.body)};--target:${sizes.targetElder}px;--ink-3:#33434F;--done:#0F4D28;--late:#8C1A11;--lamp-text:#553800;--progress:#123A69}
html.large{font-size:${percent(typeSizes.elderLarge.body)}}
body{display:flex;flex-direction:column;min-height:100vh;margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 var(--font);overflow-wrap:break-word}
.column{box-sizing:border-box;width:100%;max-width:${sizes.column}px;margin:0 auto;padding:0 16px}
h1{margin:4px 0 8px;font-size:${ratio(typeSizes.resident)};line-height:1.3;letter-spacing:-.005em}
h2{margin:32px 0 8px;font-size:1.17rem;line-height:1.35}
.elder h1{font-size:${ratio(typeSizes.elder)};margin-bottom:12px}
.elder h2{font-size:1.12rem}
p{margin:0 0 12px}
.lead{color:var(--ink-2);margin-bottom:20px}
.quiet-words{color:var(--ink-3);font-size:.89rem}
a{color:var(--action);text-underline-offset:.2em}
a:hover{color:var(--action-pressed)}
.icon{width:24px;height:24px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.elder .icon{width:30px;height:30px}
a:focus,button:focus,input:focus,textarea:focus,summary:focus,[tabindex]:focus{outline:3px solid var(--lamp);outline-offset:0;box-shadow:0 0 0 5px var(--ink);border-radius:6px}
main:focus{outline:0;box-shadow:none}
button.do:focus,a.do:focus,.door:focus{border-radius:14px}
a:focus:not(:focus-visible),button:focus:not(:focus-visible){outline:0;box-shadow:none}
.skip{position:absolute;left:-999px}
.skip:focus{left:8px;top:8px;z-index:1;padding:10px 16px;background:#fff}
.aside{position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0 0 0 0);white-space:nowrap}
.frame{background:var(--night-frame);color:#fff}
.frame .column{display:flex;align-items:center;justify-content:space-between;min-height:64px}
.frame a{color:#fff;text-decoration:none}
.brand{display:flex;align-items:center;min-height:var(--target);font-weight:700;font-size:1.06rem;letter-spacing:.04em}
:lang(en) .brand{font-size:1rem;letter-spacing:0}
.elder .brand{font-size:.85rem}
:lang(en).elder .brand,:lang(en).elder .pill{font-size:.8rem}
.mark{flex:none;margin-right:10px}
.pill{display:flex;align-items:center;min-height:42px;padding:0 18px;border:1px solid var(--night-dim);border-radius:30px;white-space:nowrap}
.elder .frame .column{min-height:78px}
.elder .pill{min-height:58px;font-size:.85rem}
.frame a:hover{text-decoration:underline}
.tools{padding-top:16px}
.back{display:inline-flex;align-items:center;min-height:var(--target);margin-left:-6px;padding-right:12px;text-decoration:none}
.back .icon{width:20px;height:20px}
.speak{display:inline-flex;align-items:center;min-height:var(--target);margin:0 16px 8px 0;padding:4px 20px;border:2px solid var(--ink);border-radius:12px;background:#fff;color:var(--ink);font:inherit;font-weight:700;cursor:pointer}
.speak[hidden]{display:none}
.speak .icon{margin-right:10px}
main{flex:1 0 auto;padding-bottom:32px!important}
.step{margin:0;color:var(--ink-3);font-size:.89rem}
.card{display:block;margin:12px 0;padding:16px;border:1px solid var(--line);border-radius:14px;background:var(--card);color:inherit;text-decoration:none}
a.card:hover{color:inherit;border-color:var(--action)}
.card h2,.card h3{margin:0;font-size:1.06rem;line-height:1.4}
.card .line{display:flex;justify-content:space-between;align-items:baseline}
.card .line>:last-child{flex:none;margin-left:12px;color:var(--ink-3);font-size:.89rem}
.elder .card .line{display:block}
.elder .card .line>:last-child{margin-left:0}
.card p{margin:4px 0 0;color:var(--ink-2)}
.more{display:inline-block;padding:10px 0}
.number{font-size:1.556rem;font-weight:700;line-height:1.4;letter-spacing:.02em;font-variant-numeric:tabular-nums}
.large .number{font-size:1.3rem;letter-spacing:0}
.sentence{margin:8px 0 4px;font-size:1.17rem;font-weight:600;line-height:1.45}
.due{margin:0;color:var(--ink-2)}
.due.late{color:var(--late);font-weight:700}
.or{margin:20px 0 0;color:var(--ink-3);font-size:.89rem;text-align:center}
details{margin:16px 0}
summary{min-height:var(--target);padding:8px 0;box-sizing:border-box;color:var(--action);text-decoration:underline;text-underline-offset:.2em;cursor:pointer}
.plain-list{margin:8px 0;padding:0 16px;list-style:none}
.plain-list li{border-top:1px solid var(--line)}
.plain-list li:first-child{border-top:0}
.plain-list a{color:var(--ink);font-weight:600;text-decoration:none;display:flex;align-items:center;justify-content:space-between;min-height:var(--target);padding:8px 0}
.plain-list a:hover{text-decoration:underline}
.plain-list .icon{flex:none;width:20px;height:20px;color:var(--ink-3)}
.call{font-size:1.3rem;font-weight:700;font-variant-numeric:tabular-nums;white-space:nowrap}
footer{border-top:1px solid var(--line);background:#fff}
.help{padding:16px 0;border-bottom:1px solid var(--line)}
.help .do{margin:0}
.foot{padding-top:12px;padding-bottom:28px;font-size:.89rem;color:var(--ink-3)}
.foot a,.foot b{display:inline-flex;align-items:center;min-height:var(--target);min-width:var(--target);margin-right:16px}
.foot b{color:var(--ink)}
.foot p{margin:4px 0 0}
@media(min-width:700px){.tools{padding-top:28px}main{padding-bottom:56px!important}.frame .column{min-height:72px}}
@media print{.frame,footer,.skip,.tools,.pill{display:none}body{background:#fff;font-size:12pt}.card,.facts{border-color:#000}a{color:#000}}
@media(prefers-reduced-motion:reduce){*{transition:none!important;scroll-behavior:auto!important}}
`;
