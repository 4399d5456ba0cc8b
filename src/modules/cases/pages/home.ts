import { doorCard } from '../../../html/components/door.ts';
import { choiceCards } from '../../../html/components/choice.ts';
import { linkAction, submit } from '../../../html/components/action.ts';
import { errorSummary, type PageError } from '../../../html/components/errors.ts';
import { textField } from '../../../html/components/field.ts';
import { noticeBox } from '../../../html/components/notice.ts';
import { type Markup, markup } from '../../../html/markup.ts';
import { maskPhone } from '../../../base/text/phone.ts';
import { isRefusal } from '../../../base/result.ts';
import type { Page, PageAnswer } from '../../../platform/http/page.ts';
import { plan } from './report/steps.ts';
import { followCard, isOpen } from './progress.ts';
import { dropFollower, followerOf } from './wechat.ts';
import { eraseLink } from './erase.ts';
import { toldLink } from './told.ts';
import { askedPhone, cookies, dropAsked, type House, keepAsked, keepSession, keepVersion, residentPage, type Visitor } from './visitor.ts';
import { readCode, readPhone, reasonWords } from './words.ts';

const home = async (visitor: Visitor, set: Parameters<Visitor['go']>[1] = []): Promise<PageAnswer> => {
  const { t, house, ask } = visitor;
  const cards = visitor.tokens.length > 0 || ask.session ? await house.desk.mine(ask, visitor.tokens) : [];
  const open = cards.filter((card) => isOpen(card.stage));
  const shown = open[0] ?? cards[0];
  const key = visitor.visit.cookie(cookies.draft);
  const draft = key ? await house.drafts.find(key) : undefined;
  const resume = key && draft && draft.sent === null && plan(draft).length > 0
    ? markup`<a class="card resume" href="/report/${key}"><h2>${t('home.resume')}</h2><p>${t('home.resumeHint')}</p></a>` : '';
  return visitor.page({
    title: t('home.title'), index: true, cookies: set,
    main: markup`<h1>${t('home.title')}</h1>${!visitor.elder && markup`<p class="lead">${t('home.lead')}</p>`}${resume}
<nav class="doors" aria-label="${t('home.doors')}">
${doorCard({ href: '/report', icon: 'camera', title: t('home.report'), hint: t('home.reportHint'), first: true })}
${doorCard({ href: '/services', icon: 'paper', title: t('home.services'), hint: t('home.servicesHint') })}
${doorCard({ href: '/learn', icon: 'book', title: t('home.learn'), hint: t('home.learnHint') })}
${!shown && doorCard({ href: '/mine', icon: 'mine', title: t('home.mine'), hint: t('home.mineHint') })}</nav>
${shown && markup`<div class="home-mine">${followCard(visitor, shown, 'h2')}<a class="more" href="/mine">${t(open.length > 0 ? 'home.openCount' : 'home.allMine', { count: open.length })}</a></div>`}<p class="home-more"><a class="more" href="/reports">${t('home.reported')}</a></p>`,
  });
};

/** A door that is not open online yet: says so, and says where the same thing is done today. */
const notYet = async (visitor: Visitor, what: 'services' | 'learn'): Promise<PageAnswer> => {
  const { t } = visitor;
  const contacts = await visitor.house.desk.contacts(visitor.ask, null);
  return visitor.page({
    title: t(`${what}.title`), back: '/',
    main: markup`<h1>${t(`${what}.title`)}</h1>${noticeBox('lamp', markup`<p><strong>${t('notYet.online')}</strong></p><p>${t(`${what}.today`)}</p>`)}
${contactLists(visitor, contacts)}`,
  });
};

const contactLists = (visitor: Visitor, contacts: Awaited<ReturnType<Visitor['house']['desk']['contacts']>>): Markup => {
  const { t } = visitor;
  return markup`<h2>${t('help.phone')}</h2>${contacts.phones.length === 0 && markup`<p class="card">${t('help.noPhone')}</p>`}${contacts.phones.map((phone) =>
    markup`<div class="card"><h3>${phone.name}</h3><p><a class="call" href="tel:${phone.number.replace(/[^\d+]/g, '')}">${phone.number}</a></p><p class="quiet-words">${phone.hours}</p></div>`)}
<h2>${t('help.window')}</h2>${contacts.windows.length === 0 && markup`<p class="card">${t('help.noWindow')}</p>`}${contacts.windows.map((window) =>
    markup`<div class="card"><h3>${window.name}</h3><p>${window.address}</p><p class="quiet-words">${window.hours}</p></div>`)}`;
};

const help = async (visitor: Visitor): Promise<PageAnswer> => {
  const { t, ask, house } = visitor;
  const asked = visitor.visit.query['place'] ?? null;
  const place = asked !== null && /^[0-9A-Za-z]{1,24}$/.test(asked) ? asked : null;
  const [contacts, villages] = await Promise.all([house.desk.contacts(ask, place), house.desk.areas(ask, null)]);
  const worker = contacts.gridWorker;
  return visitor.page({
    title: t('help.title'), back: place === null ? '/' : '/help', noHelp: true,
    main: markup`<h1>${t('help.title')}</h1><p class="lead">${t('help.lead')}</p>
${place !== null && markup`<h2>${t('help.worker')}</h2>${worker
    ? markup`<div class="card"><h3>${worker.name}</h3><p>${worker.place.names.join(' ')}</p>${worker.phone && markup`<p><a class="call" href="tel:${worker.phone}">${worker.phone}</a></p>`}</div>`
    : noticeBox('lamp', t('help.nobodyOnDuty'))}`}
${contactLists(visitor, contacts)}
${place === null && villages.length > 0 && markup`<h2>${t('help.worker')}</h2><p>${t('help.workerHint')}</p><form method="get" action="/help"><details><summary>${t('help.chooseVillage')}</summary>${choiceCards({
    name: 'place', legend: t('help.whichVillage'), chosen: null, choices: villages.map(({ code, name }) => ({ value: code, title: name })),
  })}</details>${submit({ words: t('help.showWorker'), rank: 'second' })}</form>`}
<h2>${t('help.proxy')}</h2><p>${t('help.proxyHow')}</p>`,
  });
};

const phoneForm = (visitor: Visitor, step: 'phone' | 'code', values: { phone: string; masked: string }, errors: readonly PageError[]): Markup => {
  const { t } = visitor;
  const wrong = (name: string): string | null => errors.find(({ field }) => field === name)?.words ?? null;
  if (step === 'phone')
    return markup`<form method="post" action="/mine" novalidate>${textField({ name: 'phone', label: t('mine.phone'), hint: t('mine.phoneHint'), value: values.phone, error: wrong('phone'), type: 'tel', autocomplete: 'tel-national', maxLength: 30 })}
${submit({ words: t('mine.send') }, 'do', 'send')}</form>`;
  return markup`<form method="post" action="/mine" novalidate><input type="hidden" name="phone" value="${values.phone}">
${textField({ name: 'code', label: t('code.label'), hint: t('code.sentTo', { phone: values.masked }), value: '', error: wrong('code'), inputMode: 'numeric', autocomplete: 'one-time-code', width: 6, maxLength: 12 })}
${submit({ words: t('mine.open') }, 'do', 'verify')}${submit({ words: t('code.again'), rank: 'quiet' }, 'do', 'send')}</form>`;
};

const mine = async (visitor: Visitor, step: 'phone' | 'code' = 'phone', values = { phone: '', masked: '' }, errors: readonly PageError[] = []): Promise<PageAnswer> => {
  const { t, ask, house } = visitor;
  const [cards, contact] = await Promise.all([house.desk.mine(ask, visitor.tokens), house.desk.contact(ask)]);
  const open = cards.filter((card) => isOpen(card.stage));
  const ended = cards.filter((card) => !isOpen(card.stage));
  return visitor.page({
    title: t('mine.title'), back: '/', wrong: errors.length > 0,
    main: markup`${errorSummary(t('errors.title'), errors)}<h1>${t('mine.title')}</h1>
${contact && markup`<p class="lead">${t('mine.of', { phone: contact.masked })}</p>`}
${step === 'code' ? '' : markup`${cards.length === 0 && markup`<div class="card"><h2>${t('mine.none')}</h2><p>${t('mine.noneHint')}</p></div>`}
${open.length > 0 && markup`<h2>${t('mine.open.title', { count: open.length })}</h2>${open.map((card) => followCard(visitor, card, 'h3'))}`}
${ended.length > 0 && markup`<h2>${t('mine.ended')}</h2>${ended.map((card) => followCard(visitor, card, 'h3'))}`}`}
${contact ? markup`<p class="or"><a class="more" href="/mine/told">${toldLink(visitor.language)}</a></p>${eraseLink(visitor.language)}<form method="post" action="/mine">${submit({ words: t('mine.leave'), rank: 'quiet' }, 'do', 'leave')}</form>`
    : markup`${step === 'phone' && markup`<h2>${t('mine.find')}</h2>`}${phoneForm(visitor, step, values, errors)}`}
${cards.length === 0 && step === 'phone' && markup`<p class="or">${t('mine.or')}</p>${linkAction({ words: t('home.report'), icon: 'camera', rank: 'second' }, '/report')}`}`,
  });
};

/** Whoever came from WeChat and has just checked their phone is told there from now on. */
const bound = async ({ house, ask, visit }: Visitor, session: string): Promise<boolean> => {
  const openid = followerOf(house.world, visit.cookie(cookies.follower));
  return openid !== null && house.desk.bindWechat({ ...ask, session }, openid);
};

const findMine = async (visitor: Visitor): Promise<PageAnswer> => {
  const { t, ask, house, visit, language } = visitor;
  const does = visit.form.get('do');
  if (does === 'leave') return visitor.go('/', [{ name: cookies.session, value: '', maxAge: 0 }, { name: cookies.mine, value: '', maxAge: 0 }]);
  const typed = visit.form.get('phone') ?? '';
  const phone = readPhone(typed);
  if (phone === null) return mine(visitor, 'phone', { phone: typed, masked: '' }, [{ field: 'phone', words: t('errors.phone') }]);
  const masked = maskPhone(phone);
  if (does !== 'verify') {
    const sent = await house.desk.sendCode(ask, phone);
    return isRefusal(sent)
      ? mine(visitor, 'phone', { phone: typed, masked: '' }, [{ field: 'phone', words: reasonWords(sent, language) }])
      : visitor.go('/mine/code', [keepAsked(house.world, phone)]);
  }
  const code = readCode(visit.form.get('code') ?? '');
  if (code === null) return mine(visitor, 'code', { phone, masked }, [{ field: 'code', words: t('errors.code') }]);
  const checked = await house.desk.verifyCode(ask, phone, code);
  return isRefusal(checked)
    ? mine(visitor, 'code', { phone, masked }, [{ field: 'code', words: reasonWords(checked, language) }])
    : visitor.go(await bound(visitor, checked.session) ? '/mine/told?done=bound' : '/mine', [keepSession(checked.session), dropAsked, dropFollower]);
};

/** Where a code was just sent to: a page of its own, so that loading it again sends nothing again. */
const mineCode = async (visitor: Visitor): Promise<PageAnswer> => {
  const phone = askedPhone(visitor.house.world, visitor.visit.cookie(cookies.asked));
  return phone === null ? visitor.go('/mine') : mine(visitor, 'code', { phone, masked: maskPhone(phone) });
};

/** `/`, `/elder`, `/mine`, `/help` and the doors that are not open online yet. */
export const homePages = (house: House): readonly Page[] => [
  residentPage(house, { name: 'page_home', method: 'GET', path: '/', answer: (visitor) => home(visitor) }),
  residentPage(house, { name: 'page_elder', method: 'GET', path: '/elder', as: 'elder', answer: (visitor) => home(visitor, [keepVersion(visitor.version)]) }),
  residentPage(house, { name: 'page_services', method: 'GET', path: '/services', answer: (visitor) => notYet(visitor, 'services') }),
  residentPage(house, { name: 'page_learn', method: 'GET', path: '/learn', answer: (visitor) => notYet(visitor, 'learn') }),
  residentPage(house, { name: 'page_help', method: 'GET', path: '/help', answer: help }),
  residentPage(house, { name: 'page_mine', method: 'GET', path: '/mine', answer: (visitor) => mine(visitor) }),
  residentPage(house, { name: 'page_mine_code', method: 'GET', path: '/mine/code', answer: mineCode }),
  residentPage(house, { name: 'page_mine_find', method: 'POST', path: '/mine', perMinute: 20, answer: findMine }),
];
