import { attributes, type Markup, markup } from '../markup.ts';
import type { Component } from './component.ts';

export interface Progress {
  /** How many of the four segments are behind us, 0 to 4. */
  readonly done: number;
  /** The segment in hand; false where nothing moves any more. */
  readonly moving: boolean;
  /** Names of the four segments; shown under them where `named`. */
  readonly names: readonly [string, string, string, string];
  readonly named?: boolean;
  /** What a screen reader says instead of the bars. */
  readonly spoken: string;
}

const stateOf = (progress: Progress, at: number): string | null =>
  at < progress.done ? 'past' : at === progress.done && progress.moving ? 'now' : null;

/** Four segments. The sentence beside it says the same in words: the colour is never alone. */
export const progressBar = (progress: Progress): Markup => markup`
<div class="progress" role="img"${attributes({ 'aria-label': progress.spoken })}>${progress.names.map((name, at) =>
  markup`<span${attributes({ class: stateOf(progress, at) })}><i></i>${progress.named && markup`<b aria-hidden="true">${name}</b>`}</span>`)}</div>`;

export const progress: Component = {
  name: 'progress',
  notes: 'An image with a spoken name; the segment in hand has a notch as well as its colour, so that it is told apart without colour.',
  style: `
.progress{display:grid;grid-template-columns:repeat(4,1fr);grid-gap:4px;margin:12px 0}
.progress i{display:block;position:relative;height:8px;border-radius:4px;background:var(--line)}
.progress .past i{background:var(--done)}
.progress .now i{background:var(--lamp)}
.progress .now i::after{content:"";position:absolute;left:50%;top:-3px;width:14px;height:14px;margin-left:-7px;box-sizing:border-box;border:3px solid var(--ink);border-radius:50%;background:var(--lamp)}
.progress b{display:block;margin-top:8px;font-size:.83rem;font-weight:400;line-height:1.3;color:var(--ink-3);text-align:center}
.progress .past b{color:var(--ink-2)}
.progress .now b{color:var(--ink);font-weight:700}
@media print{.progress i{border:1px solid #000}}
@media(forced-colors:active){.progress i{border:1px solid CanvasText}.progress .past i{background:CanvasText}}`,
  examples: {
    started: progressBar({ done: 0, moving: true, names: ['已收到', '已派人', '在处理', '办好了'], named: true, spoken: '第 1 步，共 4 步：已收到' }),
    third: progressBar({ done: 2, moving: true, names: ['已收到', '已派人', '在处理', '办好了'], spoken: '第 3 步，共 4 步：在处理' }),
    ended: progressBar({ done: 4, moving: false, names: ['已收到', '已派人', '在处理', '办好了'], named: true, spoken: '办好了' }),
  },
};
