import { attributes, type Markup, markup } from '../markup.ts';
import type { Component } from './component.ts';

export interface Choice {
  readonly value: string;
  readonly title: string;
  readonly hint?: string | null;
}

export interface Choices {
  readonly name: string;
  /** Said before the choices by a screen reader; the page's heading where the question is the page. */
  readonly legend?: Markup | string;
  /** Id of a heading that stands elsewhere, in place of a legend. */
  readonly labelledBy?: string;
  readonly chosen: string | null;
  readonly choices: readonly Choice[];
  readonly error?: string | null;
  /** Few short choices side by side. */
  readonly inRow?: boolean;
}

/** Radio cards: the whole card is the label. The first one's id is the field's name, so that the error summary leads to it. */
export const choiceCards = ({ name, legend, labelledBy, chosen, choices, error, inRow }: Choices): Markup => markup`
<fieldset class="${error ? 'choices wrong' : 'choices'}"${attributes({ 'aria-describedby': error ? `${name}-error` : null, 'aria-labelledby': labelledBy })}>${legend && markup`<legend>${legend}</legend>`}${error && markup`<p class="wrong-words" id="${name}-error">${error}</p>`}
${inRow && markup`<div class="row">`}${choices.map((choice, at) => {
  const id = at === 0 ? name : `${name}-${at}`;
  return markup`<div class="choice"><input type="radio"${attributes({ id, name, value: choice.value, checked: choice.value === chosen })}><label for="${id}"><strong>${choice.title}</strong>${choice.hint && markup`<span>${choice.hint}</span>`}</label></div>`;
})}${inRow && markup`</div>`}</fieldset>`;

export const choice: Component = {
  name: 'choice',
  notes: 'Real radio buttons under drawn ones: arrow keys move, the label is the card. The fieldset names the question.',
  style: `
fieldset{min-width:0;margin:0;padding:0;border:0}
legend{padding:0}
legend h1,legend h2{margin-top:4px}
legend .lead{margin-bottom:8px}
.choice{position:relative;margin:10px 0 0}
.choices{margin:12px 0 16px}
.step+form .choices,.photo+form .choices{margin-top:0}
.choice input{position:absolute;left:16px;top:50%;width:28px;height:28px;margin:-14px 0 0;opacity:0}
.choice label{display:block;min-height:var(--target);box-sizing:border-box;padding:14px 16px 14px 60px;border:2px solid var(--line-strong);border-radius:12px;background:var(--card);cursor:pointer}
.choice label::before{content:"";position:absolute;left:18px;top:50%;width:26px;height:26px;margin-top:-13px;box-sizing:border-box;border:2px solid var(--line-strong);border-radius:50%;background:#fff}
.choice input:checked+label{border-color:var(--action);box-shadow:inset 0 0 0 1px var(--action)}
.choice input:checked+label::before{border:8px solid var(--action)}
.choice input:focus+label{outline:3px solid var(--lamp);box-shadow:0 0 0 5px var(--ink)}
.choice strong{display:block;font-weight:600;line-height:1.4}
.choice label span{display:block;font-size:.89rem;line-height:1.45;color:var(--ink-3)}
@media(forced-colors:active){.choice input{opacity:1}.choice label::before{display:none}}`,
  examples: {
    lamps: choiceCards({
      name: 'lamp', legend: '是这里的路灯吗？', chosen: 'a',
      choices: [{ value: 'a', title: '光明路 3 号灯', hint: '离您 2 米，谢家路村' }, { value: 'b', title: '光明路 4 号灯', hint: '离您 31 米' }, { value: 'other', title: '不是，是别的事' }],
    }),
    wrong: choiceCards({ name: 'what', legend: '是什么事？', chosen: null, choices: [{ value: 'a', title: '暴露垃圾' }], error: '请选一个。' }),
  },
};
