import { isUuid } from '../../../base/ids.ts';
import { isRefusal, refuse, type Refusal } from '../../../base/result.ts';
import { submit } from '../../../html/components/action.ts';
import { choiceCards } from '../../../html/components/choice.ts';
import { errorSummary, type PageError } from '../../../html/components/errors.ts';
import { textField } from '../../../html/components/field.ts';
import { noticeBox } from '../../../html/components/notice.ts';
import { photoInput, photoView } from '../../../html/components/photo.ts';
import { timelineList } from '../../../html/components/timeline.ts';
import { type Markup, markup } from '../../../html/markup.ts';
import type { Page, PageAnswer } from '../../../platform/http/page.ts';
import { frame, openStream } from '../../../platform/http/stream.ts';
import type { FollowView } from './desk.ts';
import { photosAtMost, takePhoto } from './report/draft.ts';
import { dueWords, reasonOf, segments, sentence, turnWords } from './progress.ts';
import { toldLink } from './told.ts';
import { erasedWords } from './erase.ts';
import { type House, keepToken, residentPage, type Visitor } from './visitor.ts';
import { groupNumber, reasonWords, sayTime, spellNumber } from './words.ts';

const longestWords = 500;

interface Trouble {
  readonly form: 'note' | 'rate' | 'reopen' | 'none';
  readonly errors: readonly PageError[];
  readonly text?: string;
}

const news = (visitor: Visitor, view: FollowView): Markup => {
  const { t, language, now } = visitor;
  const due = dueWords(visitor, view);
  const before = view.photos.filter(({ role }) => role === 'before').slice(0, photosAtMost);
  const after = view.photos.filter(({ role }) => role === 'after').slice(-1);
  const arrival = after.length > 0 ? [] : view.photos.filter(({ role }) => role === 'arrival').slice(-1);
  const shown = [...before, ...arrival, ...after];
  return markup`<p class="step">${t('follow.number')} <span role="text" aria-label="${spellNumber(view.number)}">${groupNumber(view.number)}</span></p><h1>${view.title}</h1>
${segments(visitor, view.stage, true)}<p class="sentence" id="sentence">${sentence(visitor, view)}</p>${due && markup`<p class="${due.late ? 'due late' : 'due'}">${due.words}</p>`}${due && view.working.length > 0 && markup`<details class="why"><summary>${t('due.why')}</summary><ul>${view.working.map((line) => markup`<li>${line}</li>`)}</ul></details>`}${reasonOf(visitor, view)}
${shown.length > 0 && markup`<div class="${shown.length > 1 ? 'photos' : 'one'}">${shown.map((photo) =>
    photoView({ src: `/f/${view.token}/picture/${photo.id}`, alt: t(`follow.alt.${photo.role}`), caption: t(`follow.${photo.role}`) }))}</div>`}
${view.place && view.place.names.length > 0 && markup`<p class="quiet-words">${view.place.names.join(' ')}</p>`}
<h2>${t('follow.timeline')}</h2>${timelineList(view.timeline.toReversed().map((turn) => ({
    words: turnWords(visitor, turn), when: sayTime(language, turn.at, now, visitor.offsetMinutes), at: new Date(turn.at).toISOString(), note: turn.words,
  })))}`;
};

const forms = (visitor: Visitor, view: FollowView, trouble: Trouble): Markup => {
  const { t } = visitor;
  const to = `/f/${view.token}`;
  const wrong = (name: string): string | null => trouble.errors.find(({ field }) => field === name)?.words ?? null;
  const op = (): Markup => markup`<input type="hidden" name="op" value="${visitor.op()}">`;
  const text = (form: Trouble['form']): string => (trouble.form === form ? (trouble.text ?? '') : '');
  const stars = ['5', '4', '3', '2', '1'] as const;
  return markup`${view.rating !== null && noticeBox('done', t('rate.thanks', { words: t(`rate.${String(view.rating) as (typeof stars)[number]}`) }))}
${view.can.rate && markup`<form method="post" action="${to}" class="stars">${op()}${choiceCards({
    name: 'stars', legend: markup`<h2>${t('rate.title')}</h2>`, chosen: null, error: wrong('stars'),
    inRow: true, choices: stars.map((value) => ({ value, title: t(`rate.${value}`) })),
  })}${textField({ name: 'why', label: t('rate.why'), value: text('rate'), rows: 2, maxLength: longestWords, error: wrong('why') })}${submit({ words: t('rate.send') }, 'do', 'rate')}</form>`}
${view.can.reopen && markup`<details${trouble.form === 'reopen' ? markup` open` : ''}><summary>${t('reopen.title')}</summary><form method="post" action="${to}">${op()}${textField({ name: 'reason', label: t('reopen.reason'), hint: t('reopen.hint'), value: text('reopen'), rows: 3, maxLength: longestWords, error: wrong('reason') })}${submit({ words: t('reopen.send'), rank: 'second' }, 'do', 'reopen')}</form></details>`}
${view.can.note && markup`<details${trouble.form === 'note' ? markup` open` : ''}><summary>${t('note.title')}</summary><form method="post" enctype="multipart/form-data" action="${to}">${op()}${textField({ name: 'note', label: t('note.label'), value: text('note'), rows: 3, maxLength: longestWords, error: wrong('note') })}${photoInput({ name: 'photo', label: t('check.photo'), hint: t('photo.hint'), chosenWords: t('photo.chosen'), error: wrong('photo') })}${submit({ words: t('note.send'), rank: 'second' }, 'do', 'note')}</form></details>`}`;
};

const followPage = async (visitor: Visitor, trouble: Trouble = { form: 'none', errors: [] }): Promise<PageAnswer | Refusal> => {
  const { t, house, ask, visit } = visitor;
  const token = visit.params['token'] ?? '';
  const view = await house.desk.follow(ask, token);
  if (isRefusal(view)) return view;
  const said = visit.query['done'];
  const thanks = said === 'note' || said === 'rate' || said === 'reopen' ? said : null;
  return visitor.page({
    title: view.title, back: '/', wrong: trouble.errors.length > 0, live: `/f/${token}/live`,
    // Whoever opens the link follows: it is kept among one's own, so that it is found again.
    cookies: visitor.tokens.includes(token) ? [] : [keepToken(visitor.tokens, token)],
    main: markup`${errorSummary(t('errors.title'), trouble.errors)}${thanks && noticeBox('done', t(`follow.done.${thanks}`))}<p class="aside" id="said" role="status"></p>${view.erased && noticeBox('lamp', erasedWords(visitor.language))}<div id="news" data-renew>${news(visitor, view)}</div><div id="forms" data-renew>${forms(visitor, view, trouble)}</div><p class="or"><a class="more" href="/mine/told">${toldLink(visitor.language)}</a></p>`,
  });
};

const receiveFollow = async (visitor: Visitor): Promise<PageAnswer | Refusal> => {
  const { t, house, ask, visit, language } = visitor;
  const token = visit.params['token'] ?? '';
  const opText = visit.form.get('op') ?? '';
  const op = isUuid(opText) ? opText : visitor.op();
  const does = visit.form.get('do');
  const trimmed = (name: string): string => (visit.form.get(name) ?? '').trim();
  const tooLong = (text: string): boolean => text.length > longestWords;
  const long = t('errors.long', { most: longestWords });
  const failed = (form: Trouble['form'], field: string | null, words: string, text: string) => followPage(visitor, { form, errors: [{ field, words }], text });
  const done = (what: string): PageAnswer => visitor.go(`/f/${token}?done=${what}`);
  if (does === 'rate') {
    const stars = Number(visit.form.get('stars') ?? 0);
    const text = trimmed('why');
    if (![1, 2, 3, 4, 5].includes(stars)) return failed('rate', 'stars', t('errors.choose'), text);
    if (tooLong(text)) return failed('rate', 'why', long, text);
    const rated = await house.desk.rate(ask, token, { stars, text }, op);
    return isRefusal(rated) ? failed('rate', null, reasonWords(rated, language), text) : done('rate');
  }
  if (does === 'reopen') {
    const text = trimmed('reason');
    if (text === '') return failed('reopen', 'reason', t('errors.reason'), text);
    if (tooLong(text)) return failed('reopen', 'reason', long, text);
    const asked = await house.desk.askReopen(ask, token, text, op);
    return isRefusal(asked) ? failed('reopen', null, reasonWords(asked, language), text) : done('reopen');
  }
  if (does !== 'note') return refuse(400, 'cases.form_unknown');
  const text = trimmed('note');
  const photo = await takePhoto(visitor, 'photo');
  if (isRefusal(photo)) return failed('note', 'photo', reasonWords(photo, language), text);
  if (text === '' && photo === null) return failed('note', 'note', t('errors.note'), text);
  if (tooLong(text)) return failed('note', 'note', long, text);
  const added = await house.desk.addNote(ask, token, { text, photo }, op);
  return isRefusal(added) ? failed('note', null, reasonWords(added, language), text) : done('note');
};

const picture = async (visitor: Visitor): Promise<PageAnswer | Refusal> => {
  const { token = '', photo = '' } = visitor.visit.params;
  const found = await visitor.house.desk.followPhoto(token, photo);
  return isRefusal(found) ? found : { html: Buffer.from(found.bytes), type: found.type, headers: { 'cache-control': 'private, max-age=86400' } };
};

/** Says `change` whenever the case has changed; what it is the page then asks for itself. */
const live = async (visitor: Visitor): Promise<PageAnswer | Refusal> => {
  const { request, reply, params: { token = '' } } = visitor.visit;
  let tell = (): void => {};
  const stop = visitor.house.desk.watch(token, () => tell());
  if (!stop) return refuse(404, 'case.token-unknown');
  const stream = openStream(request, reply);
  tell = () => void stream.write(frame({ event: 'change', data: '{}' }));
  stream.ended.addEventListener('abort', stop, { once: true });
  return { html: '' };
};

/** `/f/{token}`: what becomes of a report, and what its reporter may still say. */
export const followPages = (house: House): readonly Page[] => [
  residentPage(house, { name: 'page_follow', method: 'GET', path: '/f/{token}', perMinute: 120, answer: (visitor) => followPage(visitor) }),
  residentPage(house, { name: 'page_follow_say', method: 'POST', path: '/f/{token}', bodyLimit: 24 * 1024 * 1024, perMinute: 20, answer: receiveFollow }),
  residentPage(house, { name: 'page_follow_live', method: 'GET', path: '/f/{token}/live', perMinute: 60, answer: live }),
  residentPage(house, { name: 'page_follow_picture', method: 'GET', path: '/f/{token}/picture/{photo}', perMinute: 240, answer: picture }),
];
