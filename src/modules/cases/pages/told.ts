import { type Language, languages, type Params, say } from '../../../base/text/language.ts';
import { isRefusal, refuse, type Refusal } from '../../../base/result.ts';
import { scriptAction, submit } from '../../../html/components/action.ts';
import { type Choice, choiceCards } from '../../../html/components/choice.ts';
import { errorSummary, type PageError } from '../../../html/components/errors.ts';
import { type Fact, factList } from '../../../html/components/facts.ts';
import { textField } from '../../../html/components/field.ts';
import { noticeBox } from '../../../html/components/notice.ts';
import { type Markup, markup, type Part } from '../../../html/markup.ts';
import type { Page, PageAnswer } from '../../../platform/http/page.ts';
import { textsOf } from '../../../platform/texts.ts';
import type texts from '../../../../data/texts/told.json';
import type { ToldChoice, ToldView } from './desk.ts';
import { eraseLink } from './erase.ts';
import { type House, residentPage, type Visitor } from './visitor.ts';
import { reasonWords } from './words.ts';

type ToldKey = keyof typeof texts;
const words = (language: Language, key: ToldKey, params?: Params): string => say(textsOf('told'), language, key, params);

/** Minutes after midnight as a clock shows them. */
const clockOf = (minutes: number): string => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
/** Minutes after midnight of a time as people write it (20:30, 8点半, 晚上9点), in full-width figures too; null for what is none. */
const minutesOf = (typed: string): number | null => {
  const found = /^(凌晨|早上|上午|下午|晚上)?\s*(\d{1,2})\s*(?:[:.点點时時]\s*(?:(\d{1,2})\s*分?|(半))?)?\s*(am|pm)?$/i.exec(typed.normalize('NFKC').trim());
  if (!found) return null;
  const [, part = '', written, minutes, half, english = ''] = found;
  const after = /下午|晚上|pm/i.test(part + english);
  // Twelve in the evening and twelve at night are the day's end.
  const hours = Number(written) === 12 ? (/凌晨|晚上|am/i.test(part + english) ? 0 : 12) : Number(written) + (after && Number(written) < 12 ? 12 : 0);
  const rest = half ? 30 : Number(minutes ?? 0);
  return hours < 24 && rest < 60 ? hours * 60 + rest : null;
};

/** What can be chosen, each asked for on a page of its own. `hours`, `email` and `postal` are asked for where a choice needs them. */
const questions = ['way', 'email', 'postal', 'quiet', 'hours', 'wording', 'language', 'texts'] as const;
type Question = (typeof questions)[number];
const pathOf = (question: Question): `/${string}` => `/mine/told/${question}`;

/** Words of the catalogue; in the elder version the shorter ones, where there are. */
const sayTo = ({ language, elder }: Visitor) => (key: ToldKey, params?: Params): string => {
  const short = `${key}.elder` as ToldKey;
  return words(language, elder && short in textsOf('told') ? short : key, params);
};
const languageName = (language: Language): string => say(textsOf('resident'), language, 'frame.language');
const ownHours = ({ quietFrom, quietUntil }: ToldView): { readonly from: string; readonly until: string } | null =>
  quietFrom === null || quietUntil === null ? null : { from: clockOf(quietFrom), until: clockOf(quietUntil) };

/** By which way, in words: where it goes to, or that it goes nowhere. */
const wayHint = (visitor: Visitor, view: ToldView): string | null => {
  const t = sayTo(visitor);
  switch (view.channel) {
    case 'sms': return t('sms.hint', { phone: view.maskedPhone ?? '' });
    case 'email': return view.maskedEmail && t('email.hint', { email: view.maskedEmail });
    case 'push': return t('push.hint', { count: view.browsers });
    case 'letter': return t('letter.kept');
    case 'voice': case 'none': case 'wechat': return t(`${view.channel}.hint`);
    default: return null;
  }
};

/** What a person has chosen, each with the way to change it. */
const overview = (visitor: Visitor, view: ToldView): PageAnswer => {
  const { visit, language } = visitor;
  const t = sayTo(visitor);
  const own = ownHours(view);
  const said = visit.query['done'];
  const done = said === 'saved' || said === 'mailed' || said === 'hereDone' || said === 'bound' || said === 'hereGone' ? said : null;
  const fact = (question: Question, name: string, value: Part): Fact => ({ name, value, change: { href: pathOf(question), words: visitor.t('check.change') } });
  return visitor.page({
    title: t('title'), back: '/mine',
    main: markup`${done && noticeBox('done', t(done))}<h1>${t('title')}</h1><p class="lead">${t('lead', { phone: view.maskedPhone ?? '' })}</p>${view.chosen !== null && view.chosen.by !== 'self' && done === null && noticeBox('lamp', t(`desk.${view.chosen.by}`))}
${view.waitsForMail && done !== 'mailed' && noticeBox('lamp', t('emailWaits'))}
${factList([
      fact('way', t('channel.name'), markup`${t(view.channel)}<small>${wayHint(visitor, view)}</small>`),
      ...(view.maskedEmail === null && !view.waitsForMail ? [] : [fact('email', t('emailLabel'), view.maskedEmail ?? t('emailWaiting'))]),
      ...(view.hasPostal ? [fact('postal', t('postal.name'), t('postal.given'))] : []),
      fact('quiet', t('quiet.name'), own ? t('quiet.span', own) : markup`${t('quiet.span', { from: clockOf(view.countyQuiet.from), until: clockOf(view.countyQuiet.until) })}<small>${t('quiet.usual')}</small>`),
      fact('texts', t('texts'), t(view.stopped ? 'texts.no' : 'texts.yes')),
      fact('wording', t('wording.name'), t(view.plain ? 'wording.plain' : 'wording.usual')),
      fact('language', t('language.name'), languageName(view.language)),
    ], { stacked: true })}${eraseLink(language)}`,
  });
};

/** The button by which this browser asks to be told, and the way out; without a script, or where nothing is sent by push, there is none. */
const noticesPart = ({ pushKey, browsers, offers }: ToldView, t: ReturnType<typeof sayTo>): Markup | false =>
  offers.includes('push') && pushKey !== null && markup`<section${browsers === 0 ? markup` hidden` : ''}><h2>${t('here')}</h2><p>${t('hereHint')}</p>
<form method="post" action="/mine/told" class="notices"><input type="hidden" name="do" value="subscribe"><input type="hidden" name="subscription" value="">${scriptAction({ words: t('hereOn'), rank: 'second' }, 'push', { key: pushKey, busy: t('hereBusy'), failed: t('hereFailed') })}</form>${browsers > 0 && markup`<form method="post" action="/mine/told">${submit({ words: t('hereOff'), rank: 'quiet' }, 'do', 'unsubscribe')}</form>`}</section>`;

/** One question with what was chosen before, or what was just typed. */
const askPage = (visitor: Visitor, view: ToldView, question: Question, errors: readonly PageError[] = []): PageAnswer => {
  const { visit } = visitor;
  const t = sayTo(visitor);
  const error = (name: string): string | null => errors.find(({ field }) => field === name)?.words ?? null;
  const typed = (name: string, kept: string): string => visit.form.get(name) ?? kept;
  const own = ownHours(view);
  const cards = (title: ToldKey, name: string, kept: string, choices: readonly Choice[]): Markup =>
    choiceCards({ name, legend: markup`<h1>${t(title)}</h1>`, chosen: typed(name, kept), choices, error: error(name) });
  const parts: Readonly<Record<Question, () => Markup>> = {
    way: () => markup`${cards('channel', 'channel', view.channel, [
      { value: 'sms', title: t('sms'), hint: t('sms.hint', { phone: view.maskedPhone ?? '' }) },
      ...(view.browsers > 0 && view.offers.includes('push') ? [{ value: 'push', title: t('push'), hint: t('push.hint', { count: view.browsers }) }] : []),
      ...(view.followsWechat && view.offers.includes('wechat') ? [{ value: 'wechat', title: t('wechat'), hint: t('wechat.hint') }] : []),
      ...(view.offers.includes('email') ? [{ value: 'email', title: t('email'), hint: view.maskedEmail === null ? t('email.none') : t('email.hint', { email: view.maskedEmail }) }] : []),
      { value: 'voice', title: t('voice'), hint: t('voice.hint') },
      { value: 'letter', title: t('letter'), hint: view.hasPostal ? t('letter.kept') : t('letter.hint') },
      { value: 'none', title: t('none'), hint: t('none.hint') },
    ])}${!view.followsWechat && view.offers.includes('wechat') && markup`<p class="hint">${t('wechat.none')}</p>`}`,
    email: () => textField({ name: 'email', label: t('emailAsk'), asHeading: true, hint: t('emailHint'), value: typed('email', ''), error: error('email'), autocomplete: 'email', inputMode: 'email', maxLength: 200 }),
    postal: () => textField({ name: 'postal', label: t('postalLabel'), asHeading: true, hint: t(view.hasPostal ? 'postalKept' : 'postalHint'), value: typed('postal', ''), rows: 3, maxLength: 200, error: error('postal'), autocomplete: 'street-address' }),
    quiet: () => cards('quiet', 'quiet', own ? 'own' : 'county', [
      { value: 'county', title: t('quiet.county', { from: clockOf(view.countyQuiet.from), until: clockOf(view.countyQuiet.until) }) },
      { value: 'own', title: t('quiet.own'), hint: own && t('quiet.span', own) },
    ]),
    hours: () => markup`<h1>${t('quiet')}</h1>${textField({ name: 'from', label: t('quiet.from'), hint: t('quiet.hint'), value: typed('from', own?.from ?? ''), error: error('from'), width: 6, maxLength: 12 })}
${textField({ name: 'until', label: t('quiet.until'), hint: t('quiet.untilHint'), value: typed('until', own?.until ?? ''), error: error('until'), width: 6, maxLength: 12 })}`,
    wording: () => cards('wording', 'plain', view.plain ? 'yes' : 'no', [{ value: 'no', title: t('wording.usual') }, { value: 'yes', title: t('wording.plain') }]),
    language: () => cards('language', 'language', view.language, languages.map((one) => ({ value: one, title: languageName(one) }))),
    texts: () => cards('texts.ask', 'texts', view.stopped ? 'no' : 'yes', [{ value: 'yes', title: t('texts.yes') }, { value: 'no', title: t('texts.no'), hint: t('texts.noHint') }]),
  };
  const title = { way: 'channel', email: 'emailAsk', postal: 'postalLabel', quiet: 'quiet', hours: 'quiet', wording: 'wording', language: 'language', texts: 'texts.ask' } as const;
  const asksMore: readonly Question[] = ['hours'];
  return visitor.page({
    title: t(title[question]), back: asksMore.includes(question) ? pathOf('quiet') : '/mine/told', wrong: errors.length > 0,
    main: markup`${errorSummary(visitor.t('errors.title'), errors)}<form method="post" action="${pathOf(question)}" novalidate>${parts[question]()}${submit({ words: t('save') }, 'do', 'save')}</form>${question === 'way' && noticesPart(view, t)}`,
  });
};

/** Whoever's phone is not checked checks it first: a link that was passed on opens nobody's choices. */
const withView = async (visitor: Visitor, work: (view: ToldView) => PageAnswer | Refusal | Promise<PageAnswer | Refusal>): Promise<PageAnswer | Refusal> => {
  const view = await visitor.house.desk.told(visitor.ask);
  return view === null ? visitor.go('/mine') : work(view);
};

const withQuestion = (visitor: Visitor, work: (view: ToldView, question: Question) => PageAnswer | Promise<PageAnswer | Refusal>): Promise<PageAnswer | Refusal> =>
  withView(visitor, (view) => {
    const question = questions.find((one) => one === visitor.visit.params['question']);
    return question === undefined || (question === 'email' && !view.offers.includes('email')) ? refuse(404, 'http.not_found') : work(view, question);
  });

/** What the form of a question chooses: a change, another question first, or what is wrong with it. */
const readChoice = (visitor: Visitor, view: ToldView, question: Question): ToldChoice | Question | readonly PageError[] => {
  const t = sayTo(visitor);
  const get = (name: string): string => (visitor.visit.form.get(name) ?? '').trim();
  const unchosen = (field: string): readonly PageError[] => [{ field, words: visitor.t('errors.choose') }];
  switch (question) {
    case 'way': {
      const channel = (['sms', 'push', 'wechat', 'email', 'voice', 'letter', 'none'] as const).find((one) => one === get('channel'));
      if (channel === 'email' && view.maskedEmail === null) return 'email';
      if (channel === 'letter' && !view.hasPostal) return 'postal';
      return channel ? { channel } : unchosen('channel');
    }
    case 'email': return { email: get('email'), channel: 'email' };
    case 'postal': return { channel: 'letter', ...(get('postal') !== '' && { postal: get('postal') }) };
    case 'quiet': return get('quiet') === 'own' ? 'hours' : get('quiet') === 'county' ? { quiet: { from: null, until: null } } : unchosen('quiet');
    case 'hours': {
      const [from, until] = [minutesOf(get('from')), minutesOf(get('until'))];
      const wrong = (['from', 'until'] as const).filter((name) => (name === 'from' ? from : until) === null);
      return wrong.length > 0 ? wrong.map((field) => ({ field, words: t('quiet.wrong') })) : { quiet: { from, until } };
    }
    case 'wording': return get('plain') === '' ? unchosen('plain') : { plain: get('plain') === 'yes' };
    case 'language': {
      const language = languages.find((one) => one === get('language'));
      return language ? { language } : unchosen('language');
    }
    case 'texts': return get('texts') === '' ? unchosen('texts') : { stopped: get('texts') === 'no' };
  }
};

const receive = (visitor: Visitor): Promise<PageAnswer | Refusal> => withQuestion(visitor, async (view, question) => {
  const read = readChoice(visitor, view, question);
  if (typeof read === 'string') return visitor.go(pathOf(read));
  if (Array.isArray(read)) return askPage(visitor, view, question, read as readonly PageError[]);
  const kept = await visitor.house.desk.choose(visitor.ask, read as ToldChoice);
  if (!isRefusal(kept)) return visitor.go(`/mine/told?done=${kept.mailed ? 'mailed' : 'saved'}`);
  return askPage(visitor, view, question, [{ field: kept.errors?.[0]?.path.slice(1) ?? null, words: reasonWords(kept, visitor.language) }]);
});

/** This browser is told from now on, or none is any more. */
const receiveHere = (visitor: Visitor): Promise<PageAnswer | Refusal> => withView(visitor, async (view) => {
  const { house, ask, visit, language } = visitor;
  if (visit.form.get('do') === 'unsubscribe') {
    await house.desk.unsubscribe(ask);
    return visitor.go('/mine/told?done=hereGone');
  }
  const kept = await house.desk.subscribe(ask, visit.form.get('subscription') ?? '');
  return isRefusal(kept) ? askPage(visitor, view, 'way', [{ field: null, words: reasonWords(kept, language) }]) : visitor.go('/mine/told?done=hereDone');
});

/** The page behind the link in a mail: programs that look at mail open links, so a person presses once more. */
const mail = async (visitor: Visitor, confirm: boolean): Promise<PageAnswer | Refusal> => {
  const { house, language, visit } = visitor;
  const t = (key: ToldKey, params?: Params): string => words(language, key, params);
  const token = visit.params['token'] ?? '';
  const found = confirm ? await house.desk.confirmMail(token) : house.desk.mailOf(token);
  if (isRefusal(found)) return found;
  return visitor.page({
    title: t('mail.title'), back: '/mine',
    main: confirm ? markup`<h1>${t('mail.title')}</h1>${noticeBox('done', t('mail.done'))}`
      : markup`<h1>${t('mail.title')}</h1><p class="lead">${t('mail.ask', { email: found.email })}</p><form method="post" action="/mine/mail/${token}">${submit({ words: t('mail.yes') })}</form>`,
  });
};

/** `/mine/told`: by which way, in which words and when somebody is told, a question a page; `/mine/mail/{token}`: a new mail address. */
export const toldPages = (house: House): readonly Page[] => [
  residentPage(house, { name: 'page_told', method: 'GET', path: '/mine/told', answer: (visitor) => withView(visitor, (view) => overview(visitor, view)) }),
  residentPage(house, { name: 'page_told_here', method: 'POST', path: '/mine/told', perMinute: 20, answer: receiveHere }),
  residentPage(house, { name: 'page_told_ask', method: 'GET', path: '/mine/told/{question}', answer: (visitor) => withQuestion(visitor, (view, question) => askPage(visitor, view, question)) }),
  residentPage(house, { name: 'page_told_choose', method: 'POST', path: '/mine/told/{question}', perMinute: 20, answer: receive }),
  residentPage(house, { name: 'page_mail', method: 'GET', path: '/mine/mail/{token}', perMinute: 30, answer: (visitor) => mail(visitor, false) }),
  residentPage(house, { name: 'page_mail_confirm', method: 'POST', path: '/mine/mail/{token}', perMinute: 30, answer: (visitor) => mail(visitor, true) }),
  {
    name: 'cases.page_told_worker', method: 'GET', path: '/told.js', who: 'anyone', perMinute: 120,
    answer: async () => ({ html: house.assets.worker.body, type: house.assets.worker.type, headers: { 'cache-control': 'no-cache' } }),
  },
];

/** What the pages of one's own reports say about being told. */
export const toldLink = (language: Language): string => words(language, 'link');
