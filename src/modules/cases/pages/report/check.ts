import { isRefusal } from '../../../../base/result.ts';
import { submit } from '../../../../html/components/action.ts';
import { errorSummary, type PageError } from '../../../../html/components/errors.ts';
import { type Fact, factList } from '../../../../html/components/facts.ts';
import { textField } from '../../../../html/components/field.ts';
import { noticeBox } from '../../../../html/components/notice.ts';
import { photoInput, photoView } from '../../../../html/components/photo.ts';
import { markup } from '../../../../html/markup.ts';
import type { Page, PageAnswer } from '../../../../platform/http/page.ts';
import type { Draft } from '../../drafts.ts';
import type { Duplicate } from '../desk.ts';
import { answerWords, questionField, questionsOf, readAnswer } from './ask.ts';
import { keeping, onward, type Open, send, stepHead, stepPath, takePhotos, withDraft, withPhotos } from './draft.ts';
import { nextStep } from './steps.ts';
import { type House, keepSession, residentPage, type Visitor } from '../visitor.ts';
import { kindWords, readCode, readPhone, reasonWords, sayTime } from '../words.ts';

const longestWords = 500;
const photosLimit = 64 * 1024 * 1024;

interface CheckView {
  /** A report that a plate's code opened and that nothing is kept of yet. */
  readonly plate?: string;
  readonly known?: Duplicate | null;
  readonly errors?: readonly PageError[];
  readonly phone?: string;
}

/** The last page: what is known, a word more if one likes, a phone if one likes, and the button that sends. */
export const checkPage = async (visitor: Visitor, key: string | null, draft: Draft, { plate, known = null, errors = [], phone = draft.phone ?? '' }: CheckView = {}): Promise<PageAnswer> => {
  const { t, house, ask, language, now } = visitor;
  const wrong = (name: string): string | null => errors.find(({ field }) => field === name)?.words ?? null;
  const contact = await house.desk.contact(ask);
  const head = key === null ? null : stepHead(visitor, { key, draft }, 'check');
  const change = (step: Parameters<typeof stepPath>[1]): Fact['change'] =>
    key === null || draft.source === 'plate' ? null : { href: stepPath(key, step), words: t('check.change') };
  const questions = await questionsOf(visitor, draft);
  // A plate's page asks the one question that says what is wrong, and sends without it as well.
  const inline = draft.source === 'plate' ? questions.find(({ datatype, required }) => required && datatype === 'singlevaluelist') : undefined;
  const anonymous = draft.category?.anonymous ?? true;
  const what = draft.component ? draft.component.name : draft.kind ? kindWords(draft.kind.name).title : t('check.other');
  const place = draft.address ?? draft.placeNames.slice(-2).join(' ');
  const title = draft.source === 'plate' && draft.component ? t('check.plateTitle', { name: draft.component.name }) : t('check.title');
  const list: Fact[] = [
    { name: t('check.what'), value: draft.component ? markup`${what}<small>${draft.component.kindName}</small>` : draft.kind ? markup`${what}<small>${kindWords(draft.kind.name).hint}</small>` : what, change: change(draft.otherThing ? 'what' : 'which') },
    { name: t('check.where'), value: place === '' ? t('check.placeUnknown') : draft.address && draft.placeNames.length > 0 ? markup`${place}<small>${draft.placeNames.slice(-2).join(' ')}</small>` : place, change: change('where') },
    ...(draft.source === 'plate' ? [] : questions.flatMap((question): Fact[] => (draft.answers[question.code] === undefined ? [] : [{ name: question.title, value: answerWords(question, draft.answers[question.code]!), change: key === null ? null : { href: `${stepPath(key, 'ask')}?q=${question.code}`, words: t('check.change') } }]))),
  ];
  const has = draft.photos.length > 0 && key !== null;
  return visitor.page({
    title, back: head?.back ?? '/', wrong: errors.length > 0,
    main: markup`${errorSummary(t('errors.title'), errors)}${head && draft.source !== 'plate' && markup`<p class="step">${head.words}</p>`}<h1>${title}</h1>
${known && markup`<form method="post" action="/report"><input type="hidden" name="plate" value="${plate}"><input type="hidden" name="op" value="${visitor.op()}"><input type="hidden" name="together" value="${known.id}">${noticeBox('lamp', markup`<p>${t('together.known', { when: sayTime(language, known.reportedAt, now, visitor.offsetMinutes), title: known.title })}</p>`)}${submit({ words: t('together.press'), rank: 'second' })}</form>`}
${has && markup`<div class="${draft.photos.length > 1 ? 'photos' : 'one'}">${draft.photos.map((_, at) => photoView({
      src: `/report/${key}/picture/${at}`, alt: draft.photos.length > 1 ? t('photo.nth', { at: at + 1 }) : t('photo.yours'),
      ...(at === draft.photos.length - 1 && { change: { href: stepPath(key, 'photo'), words: t('photo.change') } }),
    }))}</div>`}
${factList(list)}
<form method="post" enctype="multipart/form-data" action="${key === null ? '/report' : stepPath(key, 'check')}" novalidate${keeping(visitor)}><input type="hidden" name="op" value="${draft.op}">${plate !== undefined && markup`<input type="hidden" name="plate" value="${plate}">`}
${!has && photoInput({ name: 'photo', many: true, label: t('check.photo'), hint: t('check.photoHint'), chosenWords: t('photo.chosen'), error: wrong('photo') })}
${textField({ name: 'words', label: t('check.words'), hint: visitor.elder ? null : t('check.wordsHint'), value: draft.description, rows: 2, maxLength: longestWords, error: wrong('words') })}
${inline && questionField(visitor, inline, draft.answers[inline.code] ?? [], null, false)}
${contact ? markup`<p>${t('check.contact', { phone: contact.masked })}</p>${anonymous && markup`<div class="choice tick"><input type="checkbox" id="unnamed" name="unnamed" value="yes"${draft.unnamed ? markup` checked` : ''}><label for="unnamed"><strong>${t('check.unnamed')}</strong><span>${t('check.unnamedHint')}</span></label></div>`}`
    : textField({ name: 'phone', label: t(anonymous ? 'check.phone' : 'check.phoneNeeded'), hint: anonymous ? t('check.phoneHint') : (draft.category?.notice ?? t('check.phoneHint')), value: phone, type: 'tel', autocomplete: 'tel-national', maxLength: 30, error: wrong('phone') })}
${submit({ words: t('check.send') })}</form>`,
  });
};

/** What a plate's page says is wrong, where it was said: it tells the row of the code table. */
const plateAnswer = async (visitor: Visitor, draft: Draft): Promise<Draft> => {
  if (draft.source !== 'plate' || !draft.category) return draft;
  const found = (await questionsOf(visitor, draft)).find(({ datatype, required }) => required && datatype === 'singlevaluelist');
  const given = found ? readAnswer(visitor.visit, found, `answer-${found.code}`) : [];
  if (!found || !given.every((one) => found.values.some(({ key }) => key === one))) return draft;
  // Pressed without a word about it, the desk finds out what is wrong.
  if (given.length === 0) return { ...draft, answers: {}, kind: null };
  const answers = { [found.code]: given };
  return { ...draft, answers, kind: await visitor.house.desk.rowFor(draft.category.code, answers, draft.description) };
};

/** What the last page posted: kept first, then sent, or a code sent to the phone. */
export const receiveCheck = async (visitor: Visitor, { key, draft: before }: Open): Promise<PageAnswer> => {
  const { t, house, ask, language, visit } = visitor;
  const typed = visit.form.get('phone') ?? '';
  const words = (visit.form.get('words') ?? '').trim();
  const errors: PageError[] = [];
  const { photos, refused } = await takePhotos(visitor, 'photo', before.photos.length);
  if (refused) errors.push({ field: 'photo', words: reasonWords(refused, language) });
  if (words.length > longestWords) errors.push({ field: 'words', words: t('errors.long', { most: longestWords }) });
  const phone = typed.trim() === '' ? null : readPhone(typed);
  if (typed.trim() !== '' && phone === null) errors.push({ field: 'phone', words: t('errors.phone') });
  const contact = await house.desk.contact(ask);
  if (before.category?.anonymous === false && phone === null && contact === null && errors.length === 0) errors.push({ field: 'phone', words: t('errors.phoneNeeded') });
  const draft = await plateAnswer(visitor, { ...withPhotos(before, photos), description: words.slice(0, longestWords), unnamed: contact !== null && visit.form.get('unnamed') === 'yes' });
  await house.drafts.save(key, draft);
  if (errors.length > 0) return checkPage(visitor, key, draft, { errors, phone: typed });
  if (nextStep(draft) !== 'check') return onward(visitor, key, draft);
  if (phone !== null && contact === null) {
    const code = await house.desk.sendCode(ask, phone);
    if (isRefusal(code)) return checkPage(visitor, key, draft, { errors: [{ field: 'phone', words: reasonWords(code, language) }], phone: typed });
    await house.drafts.save(key, { ...draft, phone, maskedPhone: code.masked });
    return visitor.go(stepPath(key, 'code'));
  }
  return send(visitor, key, draft, (failed) => checkPage(visitor, key, draft, { errors: [{ field: null, words: failed }], phone: typed }));
};

const codePage = (visitor: Visitor, { key, draft }: Open, errors: readonly PageError[] = []): PageAnswer => {
  const { t } = visitor;
  return visitor.page({
    title: t('code.title'), back: stepPath(key, 'check'), wrong: errors.length > 0,
    main: markup`${errorSummary(t('errors.title'), errors)}<form method="post" action="${stepPath(key, 'code')}" novalidate>
${textField({ name: 'code', label: t('code.title'), asHeading: true, hint: t('code.sentTo', { phone: draft.maskedPhone ?? '' }), value: '', error: errors.find(({ field }) => field === 'code')?.words ?? null, inputMode: 'numeric', autocomplete: 'one-time-code', width: 6, maxLength: 12 })}
${submit({ words: t('code.send') }, 'do', 'verify')}${submit({ words: t('code.skip'), rank: 'second' }, 'do', 'skip')}${submit({ words: t('code.again'), rank: 'quiet' }, 'do', 'again')}</form>`,
  });
};

const receiveCode = async (visitor: Visitor, open: Open): Promise<PageAnswer> => {
  const { t, house, ask, language, visit } = visitor;
  const { key, draft } = open;
  if (draft.phone === null) return visitor.go(stepPath(key, 'check'));
  const failed = async (words: string): Promise<PageAnswer> => codePage(visitor, open, [{ field: null, words }]);
  const does = visit.form.get('do');
  if (does === 'skip') return send(visitor, key, draft, failed);
  if (does === 'again') {
    const sent = await house.desk.sendCode(ask, draft.phone);
    return isRefusal(sent) ? codePage(visitor, open, [{ field: 'code', words: reasonWords(sent, language) }]) : visitor.go(stepPath(key, 'code'));
  }
  const code = readCode(visit.form.get('code') ?? '');
  if (code === null) return codePage(visitor, open, [{ field: 'code', words: t('errors.code') }]);
  const checked = await house.desk.verifyCode(ask, draft.phone, code);
  if (isRefusal(checked)) {
    // Pressed twice: the first press has used the code up and sent the report.
    if ((await house.drafts.find(key))?.sent) return visitor.go(stepPath(key, 'done'));
    return codePage(visitor, open, [{ field: 'code', words: reasonWords(checked, language) }]);
  }
  const known: Visitor = { ...visitor, ask: { ...ask, session: checked.session } };
  const answer = await send(known, key, draft, failed);
  return { ...answer, cookies: [keepSession(checked.session), ...(answer.cookies ?? [])] };
};

/** The last page of a report and the code that comes by SMS. */
export const checkPages = (house: House): readonly Page[] => [
  residentPage(house, { name: 'page_report_check', method: 'GET', path: '/report/{draft}/check', answer: (visitor) => withDraft(visitor, async ({ key, draft }) => nextStep(draft) === 'check' ? checkPage(visitor, key, draft) : visitor.go(stepPath(key, nextStep(draft)))) }),
  residentPage(house, { name: 'page_report_check_put', method: 'POST', path: '/report/{draft}/check', bodyLimit: photosLimit, perMinute: 30, answer: (visitor) => withDraft(visitor, (open) => receiveCheck(visitor, open)) }),
  residentPage(house, { name: 'page_report_code', method: 'GET', path: '/report/{draft}/code', answer: (visitor) => withDraft(visitor, async (open) => open.draft.phone === null ? visitor.go(stepPath(open.key, 'check')) : codePage(visitor, open)) }),
  residentPage(house, { name: 'page_report_code_put', method: 'POST', path: '/report/{draft}/code', perMinute: 20, answer: (visitor) => withDraft(visitor, (open) => receiveCode(visitor, open)) }),
];
