import { type Markup, markup } from '../markup.ts';
import type { Component } from './component.ts';

export interface TimelineStep {
  readonly words: string;
  readonly when: string;
  /** RFC 3339. */
  readonly at: string;
  /** What somebody wrote with it. */
  readonly note?: string | null;
}

/** What has happened, the newest first. */
export const timelineList = (steps: readonly TimelineStep[]): Markup => markup`
<ol class="timeline">${steps.map(({ words, when, at, note }) => markup`<li><span>${words}</span><time datetime="${at}">${when}</time>${note && markup`<q>${note}</q>`}</li>`)}</ol>`;

export const timeline: Component = {
  name: 'timeline',
  notes: 'An ordered list: newest first, so that what is new is heard first.',
  style: `
.timeline{margin:12px 0;padding:0;list-style:none}
.timeline li{position:relative;padding:0 0 18px 28px}
.timeline li::before{content:"";position:absolute;left:2px;top:.45em;width:12px;height:12px;box-sizing:border-box;border:3px solid var(--line-strong);border-radius:50%;background:#fff}
.timeline li:first-child::before{border-color:var(--ink);background:var(--lamp)}
.timeline li:not(:last-child)::after{content:"";position:absolute;left:7px;top:calc(.45em + 14px);bottom:calc(-.45em + 2px);width:2px;height:auto;background:var(--line)}
.timeline span{display:block;font-weight:600;line-height:1.45}
.timeline time{display:block;font-size:.89rem;color:var(--ink-3)}
.timeline q{display:block;margin-top:6px;padding:10px 12px;border:1px solid var(--line);border-radius:10px;background:var(--card);quotes:none}`,
  examples: {
    lamp: timelineList([
      { words: '维修员到了现场', when: '今天 9:40', at: '2026-11-24T01:40:00Z', note: '灯杆接线盒进水，换熔断器。' },
      { words: '您报了这件事', when: '昨天 21:04', at: '2026-11-23T13:04:00Z' },
    ]),
  },
};
