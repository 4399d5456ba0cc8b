import { say, type Params } from '../../base/text/language.ts';
import { markup } from '../../html/markup.ts';
import type { Page } from '../../platform/http/page.ts';
import { textsOf } from '../../platform/texts.ts';
import { type House, residentPage } from '../cases/index.ts';
import { setsOf } from './service/sets.ts';
import type { OpenData } from './service/open-data.ts';
import type texts from '../../../data/texts/opendata.json';

/** Days that are listed on the page; the dictionary lists all. */
const listed = 14;

/** `/data`: what is open, under which licence, what the fields mean, and the files. */
export const openDataPages = (house: House, openData: OpenData, county: string): readonly Page[] => [
  residentPage(house, {
    module: 'opendata', name: 'page_data', method: 'GET', path: '/data',
    async answer(visitor) {
      const { language } = visitor;
      const t = (key: keyof typeof texts, params?: Params): string => say(textsOf('opendata'), language, key, params);
      const [{ licence, smallest, keepDays }, files] = await Promise.all([openData.settings(county), openData.files(county)]);
      const days = [...Map.groupBy(files, ({ day }) => day)].slice(0, listed);
      const addressOf = (name: string, day: string): string => `/data/${name.replace('.', `/${day}.`)}`;
      return visitor.page({
        title: t('title'), back: '/reports', index: true,
        main: markup`<h1>${t('title')}</h1><p class="lead">${t('lead')}</p>
<div class="card"><h2>${t('licence')}</h2><p><a href="${licence.url}" rel="license">${licence.name[language]}</a></p><p>${licence.text[language]}</p></div>
<div class="card"><h2>${t('privacy')}</h2><p>${t('privacy.words', { smallest })}</p></div>
<h2>${t('files')}</h2><p>${t('files.words', { days: keepDays })}</p>
${days.length === 0 && markup`<div class="card"><p>${t('files.none')}</p></div>`}
${days.map(([day, of], at) => markup`<div class="card"><h3>${day}${at === 0 && markup` · ${t('newest')}`}</h3><ul>${of.map(({ name, rows, bytes }) => markup`<li><a class="more" href="${addressOf(name, day)}" download>${name}</a> · ${t('size', { rows, kb: Math.ceil(bytes / 1_000) })} · <a class="more" href="${addressOf(name, day)}.sha256">SHA-256</a></li>`)}</ul></div>`)}
<h2>${t('sets')}</h2>
${setsOf().map((set) => markup`<section class="card"><h3>${set.name}</h3><p>${set.meaning[language]}</p><dl class="facts">${set.fields.map((field) => markup`<div><dt><code>${field.name}</code></dt><dd>${field.meaning[language]} (${field.type})</dd></div>`)}</dl></section>`)}
<p class="quiet-words"><a class="more" href="/data/dictionary.json">${t('machine')}</a></p>`,
      });
    },
  }),
];
