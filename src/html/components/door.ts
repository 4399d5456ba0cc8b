import { icon, type Icon } from '../icons.ts';
import { attributes, type Markup, markup } from '../markup.ts';
import type { Component } from './component.ts';

export interface Door {
  readonly href: string;
  readonly icon: Icon;
  readonly title: string;
  readonly hint: string;
  /** The one door of a page that most people come for. */
  readonly first?: boolean;
}

/** A large plain door: the whole card is one link. */
export const doorCard = (door: Door): Markup => markup`
<a${attributes({ class: door.first ? 'door first' : 'door', href: door.href })}><span class="knob">${icon(door.icon)}</span><span class="words"><strong>${door.title}</strong><span>${door.hint}</span></span>${icon('next')}</a>`;

export const door: Component = {
  name: 'door',
  notes: 'One link with its title first, so that a screen reader says the title before the hint. Doors of a page stand in a nav with a name.',
  style: `
.doors{display:grid;grid-gap:12px}
.door{display:grid;grid-template-columns:auto 1fr auto;align-items:center;min-height:68px;padding:10px 16px;border:1px solid var(--line);border-radius:14px;background:var(--card);color:var(--ink);text-decoration:none;transition:border-color .12s}
.door:hover{border-color:var(--action)}
.door:hover strong{text-decoration:underline;text-underline-offset:.2em}
.door .knob{display:grid;place-items:center;width:52px;height:52px;margin-right:16px;border-radius:12px;background:var(--lamp-tint);color:var(--lamp-text)}
.door strong{display:block;font-size:1.17rem;line-height:1.35}
.door .words span{display:block;font-size:.89rem;line-height:1.4;color:var(--ink-3)}
.door>.icon{width:20px;height:20px;color:var(--ink-3)}
.door.first{min-height:88px;background:var(--action);border-color:var(--action);color:#fff}
.door.first:hover{background:var(--action-pressed);border-color:var(--action-pressed)}
.door.first .knob{background:#fff;color:var(--action)}
.door.first .words span,.door.first>.icon{color:#E4F0F3}
.elder .door{padding:14px 14px;min-height:92px}
.elder .door strong{font-size:1.12rem}
@media(max-width:340px){.door .knob{margin-right:12px;width:44px;height:44px}}`,
  examples: {
    first: doorCard({ href: '#', icon: 'camera', title: '我要报事', hint: '路灯、垃圾、噪音、道路', first: true }),
    plain: doorCard({ href: '#', icon: 'paper', title: '我要办事', hint: '证照、入学、补贴、预约' }),
  },
};
