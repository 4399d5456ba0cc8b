import { type Markup, markup, type Part } from '../markup.ts';
import type { Component } from './component.ts';

export interface Fact {
  readonly name: string;
  readonly value: Part;
  /** Where the answer can be changed; absent where it cannot. */
  readonly change?: { readonly href: string; readonly words: string } | null | undefined;
}

/**
 * What was answered, to be checked before it is sent.
 * @param look `stacked`: a name stands above its value, where names are longer than a word
 */
export const factList = (list: readonly Fact[], { stacked = false }: { readonly stacked?: boolean } = {}): Markup => markup`
<dl class="${stacked ? 'facts stacked' : 'facts'}">${list.map(({ name, value, change }) => markup`<div><dt>${name}</dt><dd>${value}</dd>${change ? markup`<dd class="do"><a href="${change.href}">${change.words}<span class="aside"> ${name}</span></a></dd>` : ''}</div>`)}</dl>`;

export const facts: Component = {
  name: 'facts',
  notes: 'A description list; each link to change says to a screen reader what it changes.',
  style: `
.facts{margin:16px 0;padding:0 16px;border:1px solid var(--line);border-radius:14px;background:var(--card)}
.facts>div{display:grid;grid-template-columns:3.2em 1fr auto;grid-gap:0 12px;align-items:baseline;padding:6px 0}
.facts>div+div{border-top:1px solid var(--line)}
.facts dt{color:var(--ink-3);font-size:.89rem}
.facts dd{margin:0;padding:8px 0;font-weight:600;overflow-wrap:anywhere}
.facts small{display:block;font-size:.89rem;font-weight:400;color:var(--ink-3)}
.facts .do a{display:inline-block;min-width:2.4em;padding:8px 0;text-align:right;font-weight:400}
.facts.stacked>div,.elder .facts>div{grid-template-columns:1fr auto}
.facts.stacked dt,.elder .facts dt{grid-column:1/3;padding-top:6px}
.facts.stacked dd{padding-top:2px}
.elder .facts .do a{padding:12px 0}`,
  examples: {
    report: factList([
      { name: '什么', value: '路灯：光明路 3 号灯', change: { href: '#a', words: '改' } },
      { name: '哪里', value: markup`谢家路村<small>泗门镇</small>`, change: { href: '#b', words: '改' } },
    ]),
  },
};
