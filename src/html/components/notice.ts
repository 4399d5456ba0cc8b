import { icon, type Icon } from '../icons.ts';
import { type Markup, markup, type Part } from '../markup.ts';
import type { Component } from './component.ts';

export type Tone = 'lamp' | 'done' | 'late' | 'plain';
const icons: Readonly<Record<Tone, Icon>> = { lamp: 'lamp', done: 'done', late: 'alert', plain: 'phone' };

/** Words that need attention now. The icon says the tone where the colour is not seen. */
export const noticeBox = (tone: Tone, words: Part): Markup => markup`<div class="notice ${tone}">${icon(icons[tone])}<div>${words}</div></div>`;

export const notice: Component = {
  name: 'notice',
  notes: 'Not a live region: it is there when the page opens. One a page, as a rule.',
  style: `
.notice{display:grid;grid-template-columns:auto 1fr;grid-gap:12px;margin:16px 0;padding:14px 16px;border-radius:12px;background:var(--card)}
.notice>.icon{margin-top:2px}
.notice>div:only-child{grid-column:1/-1}
.notice p{margin:0}
.notice p+p{margin-top:6px}
.notice.lamp{background:var(--lamp-tint);color:var(--lamp-text)}
.notice.done{background:var(--done-tint);color:var(--done)}
.notice.late{background:var(--late-tint);color:var(--late)}
.notice.plain{border:1px solid var(--line)}
.notice a{color:inherit;font-weight:700}
@media print{.notice{border:1px solid #000}}`,
  examples: {
    lamp: noticeBox('lamp', markup`<p>昨天已有人报过光明路 5 号灯。<a href="#a">是同一盏？一起跟进</a></p>`),
    done: noticeBox('done', '已修好，请看看是不是亮了。'),
    late: noticeBox('late', '已超过答应的时间。'),
    plain: noticeBox('plain', '也可以打电话。'),
  },
};
