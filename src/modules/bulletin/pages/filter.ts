import { submit } from '../../../html/components/action.ts';
import { choiceCards } from '../../../html/components/choice.ts';
import { attributes, type Markup, markup } from '../../../html/markup.ts';
import type { House, Visitor } from '../../cases/index.ts';
import type { Offer } from '../service/offer.ts';
import type { ShownAsk } from '../service/shown.ts';
import { wordsFor } from './words.ts';

/** Spans that people can choose, in days. */
const spans = [7, 30] as const;
/** Roads in the box of suggestions: those with most. */
const suggested = 200;

/** What list and map can be narrowed to. */
export interface Choices {
  readonly categories: Offer['categories'];
  readonly villages: Awaited<ReturnType<House['desk']['areas']>>;
  readonly streets: readonly string[];
}

/** What is seen now, in words; empty where it is everything. */
export const narrowedWords = (visitor: Visitor, { categories, villages }: Choices, { category, village, street, state, days }: ShownAsk): string => {
  const t = wordsFor(visitor);
  return [
    categories.find(({ code }) => code === category)?.name[visitor.language], villages.find(({ code }) => code === village)?.name, street,
    state && t(`list.${state}`), days && t(days <= 7 ? 'list.days7' : 'list.days30'),
  ].filter((words) => words !== undefined && words !== 0).join(' · ');
};

/** The form that narrows list and map alike; it opens where something is chosen. */
export const narrowForm = (visitor: Visitor, { categories, villages, streets }: Choices, ask: ShownAsk, action: '/reports' | '/reports/map'): Markup => {
  const t = wordsFor(visitor);
  const all = { value: '', title: t('list.all') };
  return markup`<form method="get" action="${action}"><details><summary>${t('list.narrow')}</summary>
${choiceCards({ name: 'kind', legend: t('list.which'), chosen: ask.category ?? '', choices: [all, ...categories.map(({ code, name }) => ({ value: code, title: name[visitor.language] }))] })}
${choiceCards({ name: 'state', legend: t('list.state'), chosen: ask.state ?? '', inRow: true, choices: [all, { value: 'open', title: t('list.open') }, { value: 'closed', title: t('list.closed') }] })}
${choiceCards({ name: 'days', legend: t('list.days'), chosen: ask.days === undefined ? '' : String(ask.days), inRow: true, choices: [all, ...spans.map((days) => ({ value: String(days), title: t(`list.days${days}`) }))] })}
${villages.length > 0 && choiceCards({ name: 'village', legend: t('list.village'), chosen: ask.village ?? '', choices: [all, ...villages.map(({ code, name }) => ({ value: code, title: name }))] })}
<div class="field"><label for="street">${t('list.street')}</label><input${attributes({ id: 'street', name: 'street', type: 'text', list: 'streets', value: ask.street ?? '', maxlength: 40, autocomplete: 'off' })}><datalist id="streets">${streets.slice(0, suggested).map((one) => markup`<option value="${one}"></option>`)}</datalist></div>
${submit({ words: t('list.show'), rank: 'second' })}</details></form>`;
};
