import { isUuid } from '../../../base/ids.ts';
import { linkAction, submit } from '../../../html/components/action.ts';
import { factList } from '../../../html/components/facts.ts';
import { type Markup, markup } from '../../../html/markup.ts';
import { isRefusal, type Refusal } from '../../../base/result.ts';
import type { Page, PageAnswer } from '../../../platform/http/page.ts';
import { groupNumber, type House, keepToken, residentPage, sayTime, spellNumber, type Visitor } from '../../cases/index.ts';
import type { Bulletin, ListAsk } from '../service/bulletin.ts';
import type { PublicCase } from '../service/view.ts';
import { narrowedTo, readAsk, withAsk } from './ask.ts';
import { type Choices, narrowedWords, narrowForm } from './filter.ts';
import { wordsFor } from './words.ts';

/** A case in a list, leading to its page. */
export const card = (visitor: Visitor, one: PublicCase): Markup => {
  const t = wordsFor(visitor);
  return markup`<a class="card" href="/reports/${one.number}"><div class="line"><h2>${one.title}</h2><span>${sayTime(visitor.language, one.at, visitor.now, visitor.offsetMinutes)}</span></div>
<p>${one.where.words} · ${one.category.name[visitor.language]}</p><p class="${one.open ? 'due' : ''}">${one.open ? t('list.open') : t('list.closed')} · ${one.words}</p></a>`;
};

/** What list and map of a county can be narrowed to. */
export const choicesOf = async (bulletin: Bulletin, county: string, { house, ask }: Visitor): Promise<Choices> => {
  const [{ categories }, villages, streets] = await Promise.all([bulletin.offer(county), house.desk.areas(ask, null), bulletin.streets(county)]);
  return { categories, villages, streets };
};

const list = (bulletin: Bulletin, county: string) => async (visitor: Visitor): Promise<PageAnswer | Refusal> => {
  const t = wordsFor(visitor);
  const ask = readAsk(visitor.visit.query);
  const [found, choices] = await Promise.all([bulletin.list(county, ask, visitor.language), choicesOf(bulletin, county, visitor)]);
  if (isRefusal(found)) return found;
  const chosen = narrowedWords(visitor, choices, ask);
  const kept = narrowedTo(ask);
  return visitor.page({
    title: t('list.title'), back: '/', index: true,
    main: markup`<h1>${t('list.title')}</h1><p class="lead">${chosen !== '' ? t('list.of', { what: chosen }) : t('list.lead')}${found.all > 0 && markup` ${t('list.count', { count: found.all })}`}</p>
${linkAction({ words: t('list.map'), icon: 'map', rank: 'second' }, withAsk('/reports/map', ask.box ? { ...kept, box: ask.box } : kept))}
${narrowForm(visitor, choices, ask, '/reports')}
${found.items.length === 0 && markup`<div class="card"><h2>${t('list.none')}</h2><p>${t('list.noneHint')}</p></div>`}
${found.items.map((one) => card(visitor, one))}
${found.next && markup`<p><a class="more" rel="next" href="${withAsk('/reports', { ...ask, after: found.next })}">${t('list.older')}</a></p>`}
<p class="quiet-words">${t('list.privacy')}</p>${followLinks(bulletin, visitor, ask)}`,
  });
};

/** Ways to be told of what list and map show. */
export const followLinks = (bulletin: Bulletin, visitor: Visitor, ask: ListAsk): Markup =>
  markup`<p>${bulletin.mail && markup`<a class="more" href="${withAsk('/reports/mail', narrowedTo(ask))}">${wordsFor(visitor)('list.mail')}</a><br>`}<a class="more" type="application/rss+xml" href="${withAsk('/reports.rss', narrowedTo(ask))}">${wordsFor(visitor)('list.feed')}</a><br><a class="more" href="/data">${wordsFor(visitor)('list.data')}</a></p>`;

const one = (bulletin: Bulletin, county: string) => async (visitor: Visitor): Promise<PageAnswer | Refusal> => {
  const { language, now, visit } = visitor;
  const t = wordsFor(visitor);
  const found = await bulletin.one(county, visit.params['number'] ?? '', language);
  if (isRefusal(found)) return found;
  return visitor.page({
    title: found.title, back: '/reports',
    main: markup`<h1>${found.title}</h1><p class="lead">${found.words}</p>
${found.summary !== null && markup`<div class="public-words"><h2>${t('list.summary')}</h2><p>${found.summary}</p></div>`}
${factList([
      { name: t('list.number'), value: markup`<span role="text" aria-label="${spellNumber(found.number)}">${groupNumber(found.number)}</span>` }, { name: t('list.where'), value: found.where.words }, { name: t('list.kind'), value: found.category.name[language] },
      { name: t('list.at'), value: sayTime(language, found.at, now, visitor.offsetMinutes) }, { name: t('list.changed'), value: sayTime(language, found.changedAt, now, visitor.offsetMinutes) },
    ], { stacked: true })}
${found.open && markup`<form method="post" action="/reports/${found.number}"><input type="hidden" name="op" value="${visitor.op()}">${submit({ words: t('list.same'), icon: 'here' })}</form><p class="quiet-words">${t('list.sameHow')}</p>`}
<p class="quiet-words">${t('list.privacy')}</p>`,
  });
};

/** Whoever has seen the same goes along: the page of the case is theirs too, and so are its turns where their phone is known. */
const along = (bulletin: Bulletin, county: string) => async ({ visit, language, house, ask, tokens, op, go }: Visitor): Promise<PageAnswer | Refusal> => {
  const found = await bulletin.one(county, visit.params['number'] ?? '', language);
  if (isRefusal(found)) return found;
  const typed = visit.form.get('op') ?? '';
  const made = await house.desk.followTogether(ask, found.id, isUuid(typed) ? typed : op());
  return isRefusal(made) ? made : go(`/f/${made.token}`, [keepToken(tokens, made.token)]);
};

/** RSS 2.0 of what the list shows, for whoever wants to be told without being asked who they are. */
const feed = (house: House, bulletin: Bulletin, county: string): Page => ({
  name: 'bulletin.page_feed', method: 'GET', path: '/reports.rss', who: 'anyone', perMinute: 60,
  async answer({ query, language }) {
    const t = wordsFor({ language, elder: false });
    const ask = narrowedTo(readAsk(query));
    const found = await bulletin.list(county, ask, language);
    if (isRefusal(found)) return found;
    const base = house.world.config.url;
    const items = found.items.map((item) => markup`<item><title>${item.title}</title><link>${base}/reports/${item.number}</link><guid isPermaLink="false">${item.number} ${String(item.changedAt)}</guid><pubDate>${new Date(item.changedAt).toUTCString()}</pubDate><category>${item.category.name[language]}</category><description>${item.where.words} · ${item.words}</description></item>\n`);
    return {
      type: 'application/rss+xml; charset=utf-8',
      headers: { 'cache-control': 'public, max-age=60' },
      html: `<?xml version="1.0" encoding="UTF-8"?>\n${markup`<rss version="2.0"><channel><title>${t('list.title')}</title><link>${base}${withAsk('/reports', ask)}</link><description>${t('list.lead')}</description><language>${language}</language>\n${items}</channel></rss>`.text}`,
    };
  },
});

/** `/reports`, one report, and the feed. */
export const listPages = (house: House, bulletin: Bulletin, county: string): readonly Page[] => [
  residentPage(house, { module: 'bulletin', name: 'page_list', method: 'GET', path: '/reports', answer: list(bulletin, county) }),
  residentPage(house, { module: 'bulletin', name: 'page_one', method: 'GET', path: '/reports/{number}', answer: one(bulletin, county) }),
  residentPage(house, { module: 'bulletin', name: 'page_along', method: 'POST', path: '/reports/{number}', perMinute: 10, answer: along(bulletin, county) }),
  feed(house, bulletin, county),
];
