import { submit } from '../../../../html/components/action.ts';
import { choiceCards } from '../../../../html/components/choice.ts';
import { errorSummary, type PageError } from '../../../../html/components/errors.ts';
import { textField } from '../../../../html/components/field.ts';
import { noticeBox } from '../../../../html/components/notice.ts';
import { attributes, type Markup, markup } from '../../../../html/markup.ts';
import type { Page, PageAnswer } from '../../../../platform/http/page.ts';
import type { Draft } from '../../drafts.ts';
import type { AskedQuestion } from '../desk.ts';
import { type House, residentPage, type Visitor } from '../visitor.ts';
import { reasonWords } from '../words.ts';
import { keeping, onward, type Open, stepHead, stepPath, withDraft } from './draft.ts';
import { asked, nextStep, pending } from './steps.ts';

/** The longest answer in words; the rule of the report allows more than a phone's screen shows. */
const longestAnswer = 200;

/** The draft with what is asked about its kind: answers that the chosen row gives by itself are given. */
export const withCategory = async (visitor: Visitor, draft: Draft): Promise<Draft> => {
  const { desk } = visitor.house;
  const found = await desk.category(visitor.ask, draft.kind?.key ?? null, draft.component?.code ?? null);
  if (found === null) return { ...draft, category: null, answers: {}, passed: [] };
  const same = draft.category?.code === found.code;
  return {
    ...draft,
    category: { code: found.code, name: found.name, anonymous: found.anonymous, notice: found.notice, asks: found.questions.map(({ code, when }) => ({ code, when })) },
    answers: { ...(same ? draft.answers : {}), ...await desk.givenAnswers(draft.kind?.key ?? null) }, passed: same ? draft.passed : [],
  };
};

/** The questions of a draft in the visitor's language. */
export const questionsOf = async ({ house, ask }: Visitor, draft: Draft): Promise<readonly AskedQuestion[]> =>
  (draft.category ? (await house.desk.category(ask, draft.kind?.key ?? null, draft.component?.code ?? null))?.questions : undefined) ?? [];

/** An answer as people read it. */
export const answerWords = ({ values }: AskedQuestion, given: readonly string[]): string => given.map((one) => values.find(({ key }) => key === one)?.title ?? one).join('、');

/** The box, the choices or the ticks of one question. */
export const questionField = (visitor: Visitor, question: AskedQuestion, given: readonly string[], error: string | null, asHeading: boolean): Markup => {
  const { t } = visitor;
  const name = asHeading ? 'answer' : `answer-${question.code}`;
  const legend = asHeading ? markup`<h1>${question.title}</h1>${question.hint && markup`<p class="lead">${question.hint}</p>`}` : markup`<strong>${question.title}</strong>`;
  if (question.datatype === 'singlevaluelist')
    return choiceCards({ name, legend, chosen: given[0] ?? null, error, choices: question.values.map(({ key, title }) => ({ value: key, title })) });
  if (question.datatype === 'multivaluelist')
    return markup`<fieldset class="choices"${attributes({ 'aria-describedby': error ? `${name}-error` : null })}><legend>${legend}</legend>${error && markup`<p class="wrong-words" id="${name}-error">${error}</p>`}
${question.values.map(({ key, title }, at) => markup`<div class="choice tick"><input type="checkbox"${attributes({ id: at === 0 ? name : `${name}-${at}`, name: `${name}-${at}`, value: key, checked: given.includes(key) })}><label for="${at === 0 ? name : `${name}-${at}`}"><strong>${title}</strong></label></div>`)}</fieldset>`;
  return textField({
    name, label: question.title, asHeading, hint: question.hint ?? (question.datatype === 'datetime' ? t('ask.date') : null), value: given[0] ?? '', maxLength: longestAnswer, error,
    ...(question.datatype === 'number' && { inputMode: 'numeric', width: 6 }), ...(question.datatype === 'text' && { rows: 3 }),
  });
};

/** What a form gives as the answer to a question. */
export const readAnswer = ({ form }: Visitor['visit'], question: AskedQuestion, name: string): readonly string[] =>
  (question.datatype === 'multivaluelist' ? question.values.flatMap((_, at) => form.get(`${name}-${at}`) ?? []) : [(form.get(name) ?? '').normalize('NFKC').trim()]).filter((one) => one !== '');

const askPage = async (visitor: Visitor, open: Open, code: string, errors: readonly PageError[] = [], typed?: readonly string[]): Promise<PageAnswer> => {
  const { t } = visitor;
  const { key, draft } = open;
  const question = (await questionsOf(visitor, draft)).find((one) => one.code === code);
  if (!question) return visitor.go(stepPath(key, nextStep({ ...draft, category: null })));
  const head = stepHead(visitor, open, 'ask');
  const codes = asked(draft);
  const before = codes[codes.indexOf(code) - 1];
  return visitor.page({
    title: question.title, back: before === undefined ? head.back : `${stepPath(key, 'ask')}?q=${before}`, wrong: errors.length > 0,
    main: markup`${errorSummary(t('errors.title'), errors)}<p class="step">${head.words} · ${draft.category!.name}</p>
${codes[0] === code && draft.category!.notice !== null && noticeBox('lamp', draft.category!.notice)}
<form method="post" action="${stepPath(key, 'ask')}" novalidate${keeping(visitor)}><input type="hidden" name="q" value="${code}">
${questionField(visitor, question, typed ?? draft.answers[code] ?? [], errors[0]?.words ?? null, true)}
${submit({ words: t('next') }, 'do', 'answer')}${!question.required && submit({ words: t('ask.skip'), rank: 'quiet' }, 'do', 'skip')}</form>`,
  });
};

const receiveAsk = async (visitor: Visitor, open: Open): Promise<PageAnswer> => {
  const { visit, house, t, language } = visitor;
  const { key, draft } = open;
  const code = visit.form.get('q') ?? '';
  const questions = await questionsOf(visitor, draft);
  const question = questions.find((one) => one.code === code);
  if (!draft.category || !question) return visitor.go(stepPath(key, nextStep(draft)));
  const { [code]: _, ...others } = draft.answers;
  const given = visit.form.get('do') === 'skip' ? [] : readAnswer(visit, question, 'answer');
  if (given.length === 0) {
    if (question.required) return askPage(visitor, open, code, [{ field: 'answer', words: t(question.values.length > 0 ? 'errors.choose' : 'errors.answer') }], []);
    return onward(visitor, key, { ...draft, answers: others, passed: [...new Set([...draft.passed, code])] });
  }
  const answers = { ...others, [code]: given };
  const fault = await house.desk.answerFault(draft.category.code, answers, code);
  if (fault) return askPage(visitor, open, code, [{ field: 'answer', words: reasonWords(fault, language) }], given);
  const next: Draft = { ...draft, answers, passed: draft.passed.filter((one) => one !== code) };
  // Answers to questions that are not asked any more go with the answer that asked them.
  const still = new Set(asked(next));
  const kept: Draft = { ...next, answers: Object.fromEntries(Object.entries(answers).filter(([one]) => still.has(one))) };
  const row = await house.desk.rowFor(draft.category.code, kept.answers, draft.description);
  return onward(visitor, key, { ...kept, kind: row ?? kept.kind });
};

/** What is asked about a kind of case: one question a page, from the county's own list. */
export const askPages = (house: House): readonly Page[] => [
  residentPage(house, { name: 'page_report_ask', method: 'GET', path: '/report/{draft}/ask', answer: (visitor) => withDraft(visitor, async (open) => {
    const wanted = visitor.visit.query['q'];
    const code = wanted !== undefined && asked(open.draft).includes(wanted) ? wanted : pending(open.draft);
    return code === undefined ? visitor.go(stepPath(open.key, nextStep(open.draft))) : askPage(visitor, open, code);
  }) }),
  residentPage(house, { name: 'page_report_ask_put', method: 'POST', path: '/report/{draft}/ask', answer: (visitor) => withDraft(visitor, (open) => receiveAsk(visitor, open)) }),
];
