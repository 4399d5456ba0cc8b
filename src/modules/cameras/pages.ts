import { say, type Params } from '../../base/text/language.ts';
import { markup } from '../../html/markup.ts';
import type { Page } from '../../platform/http/page.ts';
import { textsOf } from '../../platform/texts.ts';
import { type House, residentPage } from '../cases/index.ts';
import type texts from '../../../data/texts/cameras.json';
import type { Cameras } from './index.ts';

/** Cameras on one page: a village has some dozens, and the whole list is a file away. */
const onPage = 100;

/** `/cameras`: where cameras are, whose they are, what for, for how long pictures are kept and whom to ask. */
export const cameraPages = (house: House, cameras: Pick<Cameras, 'publicList' | 'rules'>, county: string): readonly Page[] => [
  residentPage(house, {
    module: 'cameras', name: 'page_cameras', method: 'GET', path: '/cameras',
    async answer(visitor) {
      const { language, visit: { query } } = visitor;
      const t = (key: keyof typeof texts & string, params?: Params): string => say(textsOf('cameras'), language, key, params);
      const [all, { contact, viewMinutes }] = await Promise.all([cameras.publicList(county, language), cameras.rules(county)]);
      const words = (query['q'] ?? '').trim().slice(0, 60);
      const found = words === '' ? all : all.filter((one) => [one.name, one.spot ?? '', one.owner, one.purpose, ...one.place].some((text) => text.includes(words)));
      const pages = Math.max(1, Math.ceil(found.length / onPage));
      const at = Math.min(pages, Math.max(1, Math.trunc(Number(query['page'] ?? '1')) || 1));
      const shown = found.slice((at - 1) * onPage, at * onPage);
      const link = (page: number): string => `/cameras?${new URLSearchParams({ ...(words && { q: words }), page: String(page) })}`;
      return visitor.page({
        title: t('public.title'), back: '/', index: true,
        main: markup`<h1>${t('public.title')}</h1><p class="lead">${t('public.lead', { count: all.length })}</p>
<div class="card"><h2>${t('public.rules')}</h2><ul><li>${t('public.rule.who')}</li><li>${t('public.rule.purpose', { minutes: viewMinutes })}</li><li>${t('public.rule.trace')}</li><li>${t('public.rule.keep')}</li></ul>
<p><b>${t('public.ask')}</b> ${contact ? markup`${contact.name[language]}${contact.phone !== null && markup` <a href="tel:${contact.phone}">${contact.phone}</a>`}` : t('public.ask.owner')}</p></div>
<form method="get" action="/cameras" role="search"><div class="field"><label for="q">${t('public.find')}</label><input id="q" name="q" type="search" value="${words}" maxlength="60"></div><button class="do second">${t('public.find.go')}</button></form>
${found.length === 0 && markup`<div class="card"><p>${all.length === 0 ? t('public.none') : t('public.none.found', { words })}</p></div>`}
${shown.map((one) => markup`<section class="card"><h2>${one.name}</h2><dl class="facts"><div><dt>${t('public.where')}</dt><dd>${[...one.place, one.spot ?? ''].filter(Boolean).join(' · ')}</dd></div><div><dt>${t('public.owner')}</dt><dd>${one.owner}</dd></div><div><dt>${t('public.purpose')}</dt><dd>${one.purpose}</dd></div><div><dt>${t('public.retention')}</dt><dd>${one.retention === 0 ? t('public.retention.none') : t('public.retention.days', { days: one.retention })}</dd></div><div><dt>${t('public.notice')}</dt><dd>${one.notice ? t('public.notice.yes') : t('public.notice.no')}</dd></div></dl></section>`)}
${pages > 1 && markup`<nav aria-label="${t('public.pages')}"><p>${t('public.page', { at, pages })}</p><p>${at > 1 && markup`<a class="more" rel="prev" href="${link(at - 1)}">${t('public.before')}</a> `}${at < pages && markup`<a class="more" rel="next" href="${link(at + 1)}">${t('public.after')}</a>`}</p></nav>`}
<h2>${t('public.data')}</h2><p>${t('public.data.words')}</p><ul><li><a href="/api/cameras/public?format=csv" download>CSV</a></li><li><a href="/api/cameras/public">GeoJSON</a></li></ul>`,
      });
    },
  }),
];
