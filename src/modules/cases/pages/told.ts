import { type Language, languages, type Params, say } from '../../../base/text/language.ts';
import { isRefusal, type Refusal } from '../../../base/result.ts';
import { scriptAction, submit } from '../../../html/components/action.ts';
import { choiceCards } from '../../../html/components/choice.ts';
import { errorSummary, type PageError } from '../../../html/components/errors.ts';
import { textField } from '../../../html/components/field.ts';
import { noticeBox } from '../../../html/components/notice.ts';
import { type Markup, markup } from '../../../html/markup.ts';
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
/** Minutes after midnight of a time as people write it, in full-width figures too; null for what is none. */
const minutesOf = (typed: string): number | null => {
  const found = /^(\d{1,2})\s*[:.点點]\s*(\d{2})?\s*分?$/.exec(typed.normalize('NFKC').trim());
  const [hours, minutes] = [Number(found?.[1]), Number(found?.[2] ?? 0)];
  return found && hours < 24 && minutes < 60 ? hours * 60 + minutes : null;
};

/** The button by which this browser asks to be told; without a script, or where nothing is sent by push, there is none. */
const noticesForm = (language: Language, key: string): Markup => {
  const t = (name: ToldKey): string => words(language, name);
  return markup`<form method="post" action="/mine/told" class="notices"><input type="hidden" name="do" value="subscribe"><input type="hidden" name="subscription" value="">${scriptAction({ words: t('hereOn'), rank: 'second' }, 'push', { key, busy: t('hereBusy'), failed: t('hereFailed') })}</form>`;
};

/** What a person may choose, with what they chose. */
const told = async (visitor: Visitor, view: ToldView, errors: readonly PageError[] = []): Promise<PageAnswer> => {
  const { language, elder, visit } = visitor;
  const t = (key: ToldKey, params?: Params): string => {
    const short = `${key}.elder` as ToldKey;
    return words(language, elder && short in textsOf('told') ? short : key, params);
  };
  const wrong = (name: string): string | null => errors.find(({ field }) => field === name)?.words ?? null;
  const typed = (name: string, kept: string): string => visit.form.get(name) ?? kept;
  const phone = view.maskedPhone ?? '';
  const ways = [
    { value: 'sms', title: t('sms'), hint: t('sms.hint', { phone }) },
    ...(view.offers.includes('push') ? [{ value: 'push', title: t('push'), hint: view.browsers > 0 ? t('push.hint', { count: view.browsers }) : t('push.none') }] : []),
    ...(view.offers.includes('wechat') ? [{ value: 'wechat', title: t('wechat'), hint: view.followsWechat ? t('wechat.hint') : t('wechat.none') }] : []),
    ...(view.offers.includes('email') ? [{ value: 'email', title: t('email'), hint: view.maskedEmail === null ? t('email.none') : t('email.hint', { email: view.maskedEmail }) }] : []),
    { value: 'voice', title: t('voice'), hint: t('voice.hint') },
    { value: 'letter', title: t('letter'), hint: view.hasPostal ? t('letter.kept') : t('letter.hint') },
    { value: 'none', title: t('none'), hint: t('none.hint') },
  ];
  const own = view.quietFrom !== null && view.quietUntil !== null;
  const said = visit.query['done'];
  const done = said === 'saved' || said === 'mailed' || said === 'hereDone' || said === 'bound' || said === 'hereGone' ? said : null;
  return visitor.page({
    title: t('title'), back: '/mine', wrong: errors.length > 0,
    main: markup`${errorSummary(visitor.t('errors.title'), errors)}${done && noticeBox('done', t(done))}<h1>${t('title')}</h1><p class="lead">${t('lead', { phone })}</p>${view.chosen !== null && view.chosen.by !== 'self' && done === null && noticeBox('lamp', t(`desk.${view.chosen.by}`))}
<form method="post" action="/mine/told" novalidate>${choiceCards({ name: 'channel', legend: markup`<h2>${t('channel')}</h2>`, chosen: typed('channel', view.channel), choices: ways, error: wrong('channel') })}
${view.offers.includes('email') && markup`${view.waitsForMail && noticeBox('lamp', t('emailWaits'))}${textField({ name: 'email', label: t('emailLabel'), hint: t('emailHint'), value: typed('email', ''), error: wrong('email'), autocomplete: 'email', maxLength: 200 })}`}
${textField({ name: 'postal', label: t('postalLabel'), hint: t('postalHint'), value: typed('postal', ''), rows: 2, maxLength: 200, error: wrong('postal'), autocomplete: 'street-address' })}
${choiceCards({ name: 'plain', legend: markup`<h2>${t('wording')}</h2>`, chosen: typed('plain', view.plain ? 'yes' : 'no'), choices: [{ value: 'no', title: t('wording.usual') }, { value: 'yes', title: t('wording.plain') }] })}
${choiceCards({ name: 'language', legend: markup`<h2>${t('language')}</h2>`, chosen: typed('language', view.language), choices: languages.map((one) => ({ value: one, title: say(textsOf('resident'), one, 'frame.language') })) })}
${choiceCards({ name: 'quiet', legend: markup`<h2>${t('quiet')}</h2>`, chosen: typed('quiet', own ? 'own' : 'county'), choices: [{ value: 'county', title: t('quiet.county', { from: clockOf(view.countyQuiet.from), until: clockOf(view.countyQuiet.until) }) }, { value: 'own', title: t('quiet.own') }], error: wrong('quiet') })}
${textField({ name: 'from', label: t('quiet.from'), hint: t('quiet.hint'), value: typed('from', own ? clockOf(view.quietFrom!) : ''), error: wrong('from'), width: 6, maxLength: 8 })}
${textField({ name: 'until', label: t('quiet.until'), value: typed('until', own ? clockOf(view.quietUntil!) : ''), error: wrong('until'), width: 6, maxLength: 8 })}
${choiceCards({ name: 'texts', legend: markup`<h2>${t('texts')}</h2>`, chosen: typed('texts', view.stopped ? 'no' : 'yes'), choices: [{ value: 'yes', title: t('texts.yes') }, { value: 'no', title: t('texts.no'), hint: t('texts.noHint') }] })}
${submit({ words: t('save') }, 'do', 'save')}</form>
${view.offers.includes('push') && view.pushKey !== null && markup`<section${view.browsers === 0 ? markup` hidden` : ''}><h2>${t('here')}</h2><p>${t('hereHint')}</p>${noticesForm(language, view.pushKey)}${view.browsers > 0 && markup`<form method="post" action="/mine/told">${submit({ words: t('hereOff'), rank: 'quiet' }, 'do', 'unsubscribe')}</form>`}</section>`}${eraseLink(language)}`,
  });
};

/** Whoever's phone is not checked checks it first: a link that was passed on opens nobody's choices. */
const asksPhone = (visitor: Visitor): PageAnswer => visitor.go('/mine');

const open = async (visitor: Visitor): Promise<PageAnswer | Refusal> => {
  const view = await visitor.house.desk.told(visitor.ask);
  return view === null ? asksPhone(visitor) : told(visitor, view);
};

/** The choice of a form, or what is wrong with it. */
const choiceOf = (visitor: Visitor): { readonly choice: ToldChoice; readonly errors: readonly PageError[] } => {
  const { visit, language } = visitor;
  const get = (name: string): string => (visit.form.get(name) ?? '').trim();
  const errors: PageError[] = [];
  const time = (name: 'from' | 'until'): number | null => {
    const minutes = minutesOf(get(name));
    if (get('quiet') === 'own' && minutes === null) errors.push({ field: name, words: words(language, 'quiet.wrong') });
    return minutes;
  };
  const [from, until] = [time('from'), time('until')];
  const channel = (['sms', 'push', 'wechat', 'email', 'voice', 'letter', 'none'] as const).find((one) => one === get('channel'));
  const chosen = languages.find((one) => one === get('language'));
  return {
    errors,
    choice: {
      ...(channel && { channel }), ...(chosen && { language: chosen }), plain: get('plain') === 'yes', stopped: get('texts') === 'no',
      quiet: get('quiet') === 'own' ? { from, until } : { from: null, until: null }, ...(get('email') !== '' && { email: get('email') }), ...(get('postal') !== '' && { postal: get('postal') }),
    },
  };
};

const receive = async (visitor: Visitor): Promise<PageAnswer | Refusal> => {
  const { house, ask, visit, language } = visitor;
  const view = await house.desk.told(ask);
  if (view === null) return asksPhone(visitor);
  const does = visit.form.get('do');
  if (does === 'unsubscribe') {
    await house.desk.unsubscribe(ask);
    return visitor.go('/mine/told?done=hereGone');
  }
  if (does === 'subscribe') {
    const kept = await house.desk.subscribe(ask, visit.form.get('subscription') ?? '');
    return isRefusal(kept) ? told(visitor, view, [{ field: null, words: reasonWords(kept, language) }]) : visitor.go('/mine/told?done=hereDone');
  }
  const { choice, errors } = choiceOf(visitor);
  if (errors.length > 0) return told(visitor, view, errors);
  const kept = await house.desk.choose(ask, choice);
  if (!isRefusal(kept)) return visitor.go(`/mine/told?done=${kept.mailed ? 'mailed' : 'saved'}`);
  const path = kept.errors?.[0]?.path.slice(1) ?? null;
  return told(visitor, view, [{ field: path, words: reasonWords(kept, language) }]);
};

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

/** `/mine/told`: by which way, in which words and when somebody is told; `/mine/mail/{token}`: a new mail address. */
export const toldPages = (house: House): readonly Page[] => [
  residentPage(house, { name: 'page_told', method: 'GET', path: '/mine/told', answer: open }),
  residentPage(house, { name: 'page_told_choose', method: 'POST', path: '/mine/told', perMinute: 20, answer: receive }),
  residentPage(house, { name: 'page_mail', method: 'GET', path: '/mine/mail/{token}', perMinute: 30, answer: (visitor) => mail(visitor, false) }),
  residentPage(house, { name: 'page_mail_confirm', method: 'POST', path: '/mine/mail/{token}', perMinute: 30, answer: (visitor) => mail(visitor, true) }),
  {
    name: 'cases.page_told_worker', method: 'GET', path: '/told.js', who: 'anyone', perMinute: 120,
    answer: async () => ({ html: house.assets.worker.body, type: house.assets.worker.type, headers: { 'cache-control': 'no-cache' } }),
  },
];

/** What the pages of one's own reports say about being told. */
export const toldLink = (language: Language): string => words(language, 'link');
