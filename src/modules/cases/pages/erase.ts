import { type Language, type Params, say } from '../../../base/text/language.ts';
import { isRefusal, type Refusal } from '../../../base/result.ts';
import { linkAction, submit } from '../../../html/components/action.ts';
import { type Markup, markup } from '../../../html/markup.ts';
import type { Page, PageAnswer } from '../../../platform/http/page.ts';
import { textsOf } from '../../../platform/texts.ts';
import type texts from '../../../../data/texts/erasure.json';
import { cookies, dropDraft, type House, residentPage, type Visitor } from './visitor.ts';

type EraseKey = keyof typeof texts;

/** Words about having one's data erased; in the elder version the shorter ones, where there are. */
const words = (language: Language, elder: boolean, key: EraseKey, params?: Params): string => {
  const short = `${key}.elder` as EraseKey;
  return say(textsOf('erasure'), language, elder && short in textsOf('erasure') ? short : key, params);
};

/** What leads to the page that erases. */
export const eraseLink = (language: Language): Markup => markup`<p class="or"><a class="more" href="/mine/erase">${words(language, false, 'link')}</a></p>`;

/** What the page of a case says once its reporter had their data erased. */
export const erasedWords = (language: Language): string => words(language, false, 'followed');

const goes = ['goes.reach', 'goes.links', 'goes.words', 'goes.photos', 'goes.rest'] as const;
const stays = ['stays.case', 'stays.office', 'stays.proof', 'stays.backup'] as const;

/** First what goes and what stays; then the question once more. Only whoever has the phone in hand gets here. */
const ask = async (visitor: Visitor, sure: boolean): Promise<PageAnswer> => {
  const { house, language, elder } = visitor;
  const contact = await house.desk.contact(visitor.ask);
  if (contact === null) return visitor.go('/mine');
  const t = (key: EraseKey, params?: Params): string => words(language, elder, key, params);
  const list = (keys: readonly EraseKey[]): Markup => markup`<ul>${keys.map((key) => markup`<li>${t(key)}</li>`)}</ul>`;
  const phone = contact.masked;
  return visitor.page(sure
    ? { title: t('sure'), back: '/mine/erase', main: markup`<h1>${t('sure')}</h1><p class="lead">${t('sure.lead', { phone })}</p><p>${t('after')}</p>
<form method="post" action="/mine/erase">${submit({ words: t('yes') }, 'do', 'erase')}</form>${linkAction({ words: t('no'), rank: 'second' }, '/mine')}` }
    : { title: t('title'), back: '/mine', main: markup`<h1>${t('title')}</h1><p class="lead">${t('lead', { phone })}</p>
<h2>${t('goes')}</h2>${list(goes)}<h2>${t('stays')}</h2>${list(stays)}<p>${t('after')}</p>
${linkAction({ words: t('next') }, '/mine/erase/sure')}${linkAction({ words: t('no'), rank: 'second' }, '/mine')}` });
};

/** Nothing of the person stays in this browser either: whoever uses it next is somebody else. */
const leave = (['session', 'mine', 'asked', 'agreed', 'follower'] as const).map((name) => ({ name: cookies[name], value: '', maxAge: 0, ...(name === 'asked' && { path: '/mine' as const }) }));

const erase = async (visitor: Visitor): Promise<PageAnswer | Refusal> => {
  const { house, visit } = visitor;
  const done = await house.desk.eraseMe(visitor.ask);
  if (isRefusal(done)) return done.status === 401 ? visitor.go('/mine') : done;
  await house.drafts.drop(visit.cookie(cookies.draft) ?? '');
  return visitor.go('/mine/erased', [...leave, dropDraft]);
};

const erased = async (visitor: Visitor): Promise<PageAnswer> => {
  const { language, elder } = visitor;
  const t = (key: EraseKey): string => words(language, elder, key);
  return visitor.page({ title: t('done'), main: markup`<h1>${t('done')}</h1><p class="lead">${t('done.lead')}</p><p><a class="more" href="/">${visitor.t('sorry.home')}</a></p>` });
};

/** `/mine/erase`: a resident has their own data erased, after a second yes. */
export const erasePages = (house: House): readonly Page[] => [
  residentPage(house, { name: 'page_erase', method: 'GET', path: '/mine/erase', answer: (visitor) => ask(visitor, false) }),
  residentPage(house, { name: 'page_erase_sure', method: 'GET', path: '/mine/erase/sure', answer: (visitor) => ask(visitor, true) }),
  residentPage(house, { name: 'page_erase_do', method: 'POST', path: '/mine/erase', perMinute: 10, answer: erase }),
  residentPage(house, { name: 'page_erased', method: 'GET', path: '/mine/erased', answer: erased }),
];
