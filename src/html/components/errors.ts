import { icon } from '../icons.ts';
import { type Markup, markup, nothing } from '../markup.ts';
import type { Component } from './component.ts';

export interface PageError {
  /** Id of the field to go to; null where the page as a whole is meant. */
  readonly field: string | null;
  readonly words: string;
}

/** What has to be put right, at the head of the page, each line leading to its field. Nothing where nothing is wrong. */
export const errorSummary = (title: string, wrong: readonly PageError[]): Markup => wrong.length === 0 ? nothing : markup`
<div class="errors" role="alert" tabindex="-1" id="errors" aria-labelledby="errors-title"><h2 id="errors-title">${icon('alert')}${title}</h2><ul>${wrong.map(({ field, words }) =>
  markup`<li>${field ? markup`<a href="#${field}">${words}</a>` : words}</li>`)}</ul></div>`;

export const errors: Component = {
  name: 'errors',
  notes: 'Stands before the heading, is announced at once and takes the focus where a script is there. The page title begins with the word for error.',
  style: `
.errors{margin:16px 0;padding:16px;border:3px solid var(--late);border-radius:12px;background:var(--card)}
.errors h2{display:grid;grid-template-columns:auto 1fr;grid-gap:8px;align-items:center;margin:0 0 8px;font-size:1.06rem;color:var(--late)}
.errors ul{margin:0;padding:0;list-style:none}
.errors a{display:inline-block;padding:6px 0;color:var(--late);font-weight:700}`,
  examples: { two: errorSummary('还差一点', [{ field: 'phone', words: '手机号要 11 位数字。' }, { field: null, words: '短信没有发出去，请再试一次。' }]) },
};
