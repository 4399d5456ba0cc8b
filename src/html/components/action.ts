import { icon, type Icon } from '../icons.ts';
import { attributes, type Markup, markup } from '../markup.ts';
import type { Component } from './component.ts';

export interface Action {
  readonly words: string;
  readonly icon?: Icon;
  /** `first` is the one thing that a page is for; `second` is outlined; `quiet` is a link. */
  readonly rank?: 'first' | 'second' | 'quiet';
}

const classOf = (action: Action): string => `do ${action.rank ?? 'first'}`;
const inside = (action: Action): Markup => markup`${action.icon && icon(action.icon)}<span>${action.words}</span>`;

/** A button that sends its form; with a name and a value where a form has several. */
export const submit = (action: Action, name?: string, value?: string): Markup =>
  markup`<button${attributes({ class: classOf(action), name, value })}>${inside(action)}</button>`;

/** A link that looks like what it leads to is worth: a button's look for a link's work. */
export const linkAction = (action: Action, href: string): Markup =>
  markup`<a${attributes({ class: classOf(action), href })}>${inside(action)}</a>`;

/** A button that only a script can answer: it is not shown where there is none. */
export const scriptAction = (action: Action, does: 'locate' | 'speak' | 'push', words: Readonly<Record<string, string>> = {}): Markup =>
  markup`<button type="button" hidden${attributes({ class: classOf(action), 'data-does': does, ...Object.fromEntries(Object.entries(words).map(([name, value]) => [`data-${name}`, value])) })}>${inside(action)}</button>`;

export const action: Component = {
  name: 'action',
  notes: 'Buttons send, links go. A script button is hidden until the script shows it.',
  style: `
button.do,a.do{display:inline-flex;align-items:center;justify-content:center;width:100%;min-height:56px;box-sizing:border-box;margin:12px 0 0;padding:10px 20px;border:2px solid var(--action);border-radius:12px;background:var(--action);color:#fff;font:inherit;font-weight:700;font-size:1.06rem;line-height:1.3;text-align:center;text-decoration:none;cursor:pointer;-webkit-appearance:none;appearance:none;transition:background .12s}
.do[hidden]{display:none!important}
.do>.icon{flex:none;margin-right:10px}
button.do:hover,a.do:hover{background:var(--action-pressed);border-color:var(--action-pressed)}
button.do.second,a.do.second{border-color:var(--ink);background:#fff;color:var(--ink)}
button.do.second:hover,a.do.second:hover{background:var(--action-tint)}
button.do.quiet,a.do.quiet{min-height:var(--target);border-color:transparent;background:none;color:var(--action);font-weight:400;font-size:1rem;text-decoration:underline;text-underline-offset:.2em}
button.do.quiet:hover,a.do.quiet:hover{background:none;color:var(--action-pressed)}
.elder button.do,.elder a.do{min-height:68px}
@media print{.do{display:none!important}}`,
  examples: {
    send: submit({ words: '下一步' }),
    again: submit({ words: '再发一次', rank: 'quiet' }, 'do', 'again'),
    call: linkAction({ words: '找人帮忙', icon: 'phone', rank: 'second' }, '#help'),
    script: scriptAction({ words: '读给我听', icon: 'sound', rank: 'second' }, 'speak'),
  },
};
