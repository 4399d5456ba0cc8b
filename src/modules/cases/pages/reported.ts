import { linkAction, submit } from '../../../html/components/action.ts';
import { choiceCards } from '../../../html/components/choice.ts';
import { type Markup, markup } from '../../../html/markup.ts';
import type { Language } from '../../../base/text/language.ts';
import { isRefusal, type Refusal, type Result } from '../../../base/result.ts';
import type { Page, PageAnswer } from '../../../platform/http/page.ts';
import { type House, residentPage, type Visitor } from './visitor.ts';
import { sayResident, sayTime } from './words.ts';

/** A report as everybody may see it: no person, no words of anybody, no exact house. */
export interface PublicReport {
  readonly number: string;
  readonly title: string;
  readonly service: string;
  readonly open: boolean;
  /** What is happening, in one sentence. */
  readonly words: string;
  readonly where: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly changedAt: number;
  /** WGS-84 degrees. */
  readonly point: { readonly lng: number; readonly lat: number } | null;
}

export interface ReportedAsk {
  readonly service?: string;
  /** Code of a village or community. */
  readonly village?: string;
  readonly after?: string;
}

/** What a county lets everybody see of its reports. */
export interface PublicReports {
  services(language: Language): Promise<readonly { readonly code: string; readonly name: string }[]>;
  /** The newest first, 30 at once. Refusal: what was asked for is not there. */
  list(ask: ReportedAsk, language: Language): Promise<Result<{ readonly items: readonly PublicReport[]; readonly next: string | null }>>;
  /** Refusal: 404 for what is not there and for what is not public. */
  one(number: string, language: Language): Promise<Result<PublicReport>>;
}

const clean = (text: string | undefined): string | undefined => (text !== undefined && /^[\w.:~+-]{1,200}$/.test(text) ? text : undefined);

const readAsk = ({ visit: { query } }: Visitor): ReportedAsk => {
  const [service, village, after] = [clean(query['service']), clean(query['village']), clean(query['after'])];
  return { ...(service && { service }), ...(village && { village }), ...(after && { after }) };
};

const withAsk = (path: string, ask: ReportedAsk): string => {
  const query = new URLSearchParams(Object.entries(ask));
  return query.size === 0 ? path : `${path}?${query.toString()}`;
};

const card = ({ t, language, now }: Visitor, report: PublicReport): Markup =>
  markup`<a class="card" href="/reports/${report.number}"><div class="line"><h2>${report.title}</h2><span>${sayTime(language, report.at, now)}</span></div>
<p>${report.where} · ${report.service}</p><p class="${report.open ? 'due' : ''}">${report.open ? t('reported.open') : t('reported.closed')} · ${report.words}</p></a>`;

const list = (reports: PublicReports) => async (visitor: Visitor): Promise<PageAnswer | Refusal> => {
  const { t, ask: asker, language, house } = visitor;
  const ask = readAsk(visitor);
  const [found, services, villages] = await Promise.all([reports.list(ask, language), reports.services(language), house.desk.areas(asker, null)]);
  if (isRefusal(found)) return found;
  const chosen = [services.find(({ code }) => code === ask.service)?.name, villages.find(({ code }) => code === ask.village)?.name].filter((name) => name !== undefined);
  const all = { value: '', title: t('reported.all') };
  const { after: _, ...kept } = ask;
  return visitor.page({
    title: t('reported.title'), back: '/', index: true,
    main: markup`<h1>${t('reported.title')}</h1><p class="lead">${chosen.length > 0 ? t('reported.of', { what: chosen.join(' · ') }) : t('reported.lead')}</p>
<form method="get" action="/reports"><details${ask.service || ask.village ? markup` open` : ''}><summary>${t('reported.narrow')}</summary>
${choiceCards({ name: 'service', legend: t('reported.which'), chosen: ask.service ?? '', choices: [all, ...services.map(({ code, name }) => ({ value: code, title: name }))] })}
${villages.length > 0 && choiceCards({ name: 'village', legend: t('help.whichVillage'), chosen: ask.village ?? '', choices: [all, ...villages.map(({ code, name }) => ({ value: code, title: name }))] })}
${submit({ words: t('reported.show'), rank: 'second' })}</details></form>
${found.items.length === 0 && markup`<div class="card"><h2>${t('reported.none')}</h2><p>${t('reported.noneHint')}</p></div>`}
${found.items.map((report) => card(visitor, report))}
${found.next && markup`<p><a class="more" rel="next" href="${withAsk('/reports', { ...kept, after: found.next })}">${t('reported.older')}</a></p>`}
<p class="quiet-words">${t('reported.privacy')}</p><p><a class="more" type="application/rss+xml" href="${withAsk('/reports.rss', kept)}">${t('reported.feed')}</a></p>`,
  });
};

const one = (reports: PublicReports) => async (visitor: Visitor): Promise<PageAnswer | Refusal> => {
  const { t, language, now, visit } = visitor;
  const report = await reports.one(visit.params['number'] ?? '', language);
  if (isRefusal(report)) return report;
  return visitor.page({
    title: report.title, back: '/reports',
    main: markup`<h1>${report.title}</h1><p class="lead">${report.words}</p>
<dl class="facts"><div><dt>${t('reported.number')}</dt><dd>${report.number}</dd></div><div><dt>${t('reported.where')}</dt><dd>${report.where}</dd></div>
<div><dt>${t('reported.kind')}</dt><dd>${report.service}</dd></div><div><dt>${t('reported.at')}</dt><dd>${sayTime(language, report.at, now)}</dd></div>
<div><dt>${t('reported.changed')}</dt><dd>${sayTime(language, report.changedAt, now)}</dd></div></dl>
<p class="quiet-words">${t('reported.privacy')}</p>${report.open ? linkAction({ words: t('reported.same'), icon: 'camera', rank: 'second' }, '/report') : ''}`,
  });
};

/** RSS 2.0 of what the list shows, for whoever wants to be told without being asked who they are. */
const feed = (house: House, reports: PublicReports): Page => ({
  name: 'cases.page_reported_feed', method: 'GET', path: '/reports.rss', who: 'anyone', perMinute: 60,
  async answer({ query, language }) {
    const t = (key: Parameters<typeof sayResident>[1], params?: Parameters<typeof sayResident>[2]): string => sayResident(language, key, params);
    const [service, village] = [clean(query['service']), clean(query['village'])];
    const ask: ReportedAsk = { ...(service && { service }), ...(village && { village }) };
    const found = await reports.list(ask, language);
    if (isRefusal(found)) return found;
    const base = house.world.config.url;
    const items = found.items.map((report) => markup`<item><title>${report.title}</title><link>${base}/reports/${report.number}</link><guid isPermaLink="false">${report.number} ${String(report.changedAt)}</guid><pubDate>${new Date(report.changedAt).toUTCString()}</pubDate><category>${report.service}</category><description>${report.where} · ${report.words}</description></item>\n`);
    return {
      type: 'application/rss+xml; charset=utf-8',
      headers: { 'cache-control': 'public, max-age=60' },
      html: `<?xml version="1.0" encoding="UTF-8"?>\n${markup`<rss version="2.0"><channel><title>${t('reported.title')}</title><link>${base}${withAsk('/reports', ask)}</link><description>${t('reported.lead')}</description><language>${language}</language>\n${items}</channel></rss>`.text}`,
    };
  },
});

/** `/reports`, one report, and the feed; made where the county lets its reports be seen. */
export const reportedPages = (house: House, reports: PublicReports): readonly Page[] => [
  residentPage(house, { name: 'page_reported', method: 'GET', path: '/reports', answer: list(reports) }),
  residentPage(house, { name: 'page_reported_one', method: 'GET', path: '/reports/{number}', answer: one(reports) }),
  feed(house, reports),
];
