import { languages, type Language, type Params } from '../../../base/text/language.ts';
import { isRefusal, type Refusal } from '../../../base/result.ts';
import { type Asset, pageAssets } from '../../../html/assets.ts';
import { type FrameWords, layout, type Version } from '../../../html/layout.ts';
import { markup, type Part } from '../../../html/markup.ts';
import type { CookieToSet, Page, PageAnswer, Visit } from '../../../platform/http/page.ts';
import type { ErrorPage } from '../../../platform/http/served/errorPage.ts';
import type { World } from '../../../platform/world.ts';
import type { Drafts } from '../drafts.ts';
import type { Asker, ReportDesk } from './desk.ts';
import { pagesStyle } from './style.ts';
import { reasonWords, sayResident, type TextKey } from './words.ts';

/** Cookies of the resident pages. All are HttpOnly; none says who somebody is to anyone but this server. */
export const cookies = { version: 'lamplight-version', session: 'lamplight-phone', mine: 'lamplight-mine', draft: 'lamplight-report', asked: 'lamplight-asked', agreed: 'lamplight-agreed', follower: 'lamplight-follower' } as const;
const year = 31_536_000;

/** What every resident page stands on. */
export interface House {
  readonly world: World;
  readonly desk: ReportDesk;
  readonly drafts: Drafts;
  readonly assets: { readonly style: Asset; readonly script: Asset; readonly map: Asset; readonly keep: Asset; readonly mark: Asset; readonly worker: Asset };
}

/** @param styles of modules above whose pages stand in this house */
export const openHouse = (world: World, desk: ReportDesk, drafts: Drafts, styles: readonly string[] = []): House => ({ world, desk, drafts, assets: pageAssets([pagesStyle, ...styles]) });

export interface View {
  readonly title: string;
  readonly main: Part;
  readonly back?: string | null;
  readonly wrong?: boolean;
  readonly status?: number;
  readonly index?: boolean;
  readonly live?: string;
  /** Left out on the page that is the help itself. */
  readonly noHelp?: boolean;
  readonly cookies?: readonly CookieToSet[];
}

/** One visit, with what pages ask about it. */
export interface Visitor {
  readonly visit: Visit;
  readonly house: House;
  readonly ask: Asker;
  readonly language: Language;
  readonly version: Version;
  readonly elder: boolean;
  readonly now: number;
  /** Minutes that the county is ahead of UTC. */
  readonly offsetMinutes: number;
  /** Words of the catalogue; in the elder version the shorter ones, where there are. */
  readonly t: (key: TextKey, params?: Params) => string;
  readonly page: (view: View) => PageAnswer;
  readonly go: (path: `/${string}`, set?: readonly CookieToSet[]) => PageAnswer;
  /** A whole page that says what a refusal says, with a way on. */
  readonly sorry: (refusal: Refusal) => PageAnswer;
  /** A fresh op for a form that makes something when it is sent. */
  readonly op: () => string;
  /** Tokens that this browser keeps. */
  readonly tokens: readonly string[];
}

const tokenPattern = /^[A-Za-z0-9_-]{10,64}$/;
const mostTokens = 12;

/** The cookie that keeps a token among those that this browser follows, the newest first. */
export const keepToken = (tokens: readonly string[], token: string): CookieToSet => ({
  name: cookies.mine, value: [token, ...tokens.filter((one) => one !== token)].slice(0, mostTokens).join('.'), maxAge: year,
});
export const keepSession = (session: string): CookieToSet => ({ name: cookies.session, value: session, maxAge: 90 * 86_400 });
export const keepDraft = (key: string): CookieToSet => ({ name: cookies.draft, value: key, maxAge: 86_400 });
export const dropDraft: CookieToSet = { name: cookies.draft, value: '', maxAge: 0 };

/** Which phone a code was just sent to: sealed, for as long as the code holds, so that the page of the code can be loaded again. */
export const keepAsked = (world: World, phone: string): CookieToSet => ({ name: cookies.asked, value: world.keys.seal(phone, 'mine.phone').toString('base64url'), maxAge: 300, path: '/mine' });
export const dropAsked: CookieToSet = { name: cookies.asked, value: '', maxAge: 0, path: '/mine' };
export const askedPhone = (world: World, cookie: string | undefined): string | null => {
  try {
    return cookie ? world.keys.open(Buffer.from(cookie, 'base64url'), 'mine.phone') : null;
  } catch {
    // Somebody else's, or made up: nobody was asked.
    return null;
  }
};

const versionOf = (text: string | undefined): Version => (text === 'elder' || text === 'elderLarge' ? text : 'plain');
export const keepVersion = (version: Version): CookieToSet => ({ name: cookies.version, value: version, maxAge: year });

const withQuery = (path: string, name: string, value: string): `/${string}` => {
  const url = new URL(path, 'http://page');
  url.searchParams.delete('lang');
  url.searchParams.delete('version');
  url.searchParams.set(name, value);
  return `${url.pathname}${url.search}` as `/${string}`;
};

/** Words of the catalogue; in the elder version the shorter ones, where there are. */
const wordsOf = (language: Language, elder: boolean, key: TextKey, params?: Params): string => {
  if (elder) {
    const short = sayResident(language, `${key}.elder` as TextKey, params);
    if (!short.startsWith('[')) return short;
  }
  return sayResident(language, key, params);
};

/** What stands around every page; `path` is the one that is looked at. */
const frameOf = (house: House, language: Language, version: Version, path: string, noHelp: boolean): FrameWords => {
  const elder = version !== 'plain';
  const t = (key: TextKey, params?: Params): string => wordsOf(language, elder, key, params);
  const here = path === '/elder' || path.startsWith('/elder?') ? '/' : path;
  return {
    brand: t('frame.brand', { town: house.desk.townName({ language, ip: '', session: null }) }),
    skip: t('frame.skip'),
    otherVersion: elder
      ? { words: t('frame.plain'), href: withQuery(here, 'version', 'plain') }
      : { words: t('frame.elder'), href: here === '/' ? '/elder' : withQuery(here, 'version', 'elder') },
    otherSize: !elder ? null : version === 'elder'
      ? { words: t('frame.larger'), href: withQuery(here, 'version', 'elderLarge') }
      : { words: t('frame.smaller'), href: withQuery(here, 'version', 'elder') },
    speak: elder ? t('frame.speak') : null,
    stopSpeaking: t('frame.stopSpeaking'),
    help: noHelp ? null : { words: t('frame.help'), href: '/help' },
    languagesName: t('frame.languages'),
    languages: languages.map((one) => ({ language: one, name: sayResident(one, 'frame.language'), href: withQuery(path, 'lang', one), current: one === language })),
    demo: house.world.demo ? t('frame.demo') : null,
  };
};

const assetPaths = ({ assets: { style, script, keep, mark } }: House): { style: string; script: string; keep: string; mark: string } => ({ style: style.path, script: script.path, keep: keep.path, mark: mark.path });

/** @param as the version that the address itself asks for, as `/elder` does. */
const receive = (house: House, visit: Visit, as?: Version): Visitor => {
  const { language } = visit;
  const kept = versionOf(visit.cookie(cookies.version));
  const version = as === undefined || (as === 'elder' && kept === 'elderLarge') ? kept : as;
  const elder = version !== 'plain';
  const ask: Asker = { language, ip: visit.ip, session: visit.cookie(cookies.session) || null };
  const t = (key: TextKey, params?: Params): string => wordsOf(language, elder, key, params);
  const page = (view: View): PageAnswer => ({
    html: layout({
      language, version, title: view.title, main: view.main, index: view.index ?? false, live: view.live ?? null,
      errorPrefix: view.wrong ? t('frame.errorPrefix') : null,
      back: view.back ? { words: t('frame.back'), href: view.back } : null,
      assets: assetPaths(house),
      frame: frameOf(house, language, version, visit.path, view.noHelp ?? false),
    }),
    status: view.status ?? (view.wrong ? 422 : 200),
    ...(view.cookies && { cookies: view.cookies }),
  });
  return {
    visit, house, ask, offsetMinutes: house.desk.offsetMinutes(), language, version, elder, t, page,
    now: house.world.now(),
    go: (path, set) => ({ redirect: path, status: 303, ...(set && set.length > 0 && { cookies: set }) }),
    sorry: (refusal) => {
      const title = t(refusal.status === 404 ? 'sorry.missing' : refusal.status === 429 || refusal.status === 503 ? 'sorry.later' : 'sorry.title');
      return page({
        title, status: refusal.status,
        main: markup`<h1>${title}</h1><p class="lead">${reasonWords(refusal, language)}</p><p><a class="more" href="/">${t('sorry.home')}</a></p>`,
      });
    },
    op: () => house.world.random.uuid(house.world.now()),
    tokens: (visit.cookie(cookies.mine) ?? '').split('.').filter((one) => tokenPattern.test(one)).slice(0, mostTokens),
  };
};

/** Who can be called, as it was when last asked: an error page has to say so while the database is away. */
export interface Callable { readonly name: string; readonly number: string; readonly hours: string }

/** A refusal where no page of ours answered, in the residents' own layout: what happened, the way home, whom to call. */
export const residentErrorPage = (house: House, callable: (language: Language) => readonly Callable[]): ErrorPage =>
  ({ title, detail, status, errors, request }, language, _nonce, { path, cookie }) => {
    const version = versionOf(cookie(cookies.version));
    const t = (key: TextKey, params?: Params): string => wordsOf(language, version !== 'plain', key, params);
    const heading = status === 404 ? t('sorry.missing') : status === 429 || status === 503 ? t('sorry.later') : title;
    return layout({
      language, version, title: heading, assets: assetPaths(house), frame: frameOf(house, language, version, path, false),
      main: markup`<h1>${heading}</h1><p class="lead">${detail}</p>${errors && errors.length > 0 && markup`<ul>${errors.map(({ message }) => markup`<li>${message}</li>`)}</ul>`}
<p><a class="more" href="/">${t('sorry.home')}</a></p>${callable(language).map((phone) =>
        markup`<div class="card"><h2>${phone.name}</h2><p><a class="call" href="tel:${phone.number.replace(/[^\d+]/g, '')}">${phone.number}</a></p><p>${phone.hours}</p></div>`)}
<p class="quiet-words">${t('sorry.number', { number: request })}</p>`,
    });
  };

export interface ResidentPage {
  readonly name: string;
  /** The module whose page it is; `cases` where absent. */
  readonly module?: string;
  readonly method: 'GET' | 'POST';
  readonly path: `/${string}`;
  readonly as?: Version;
  readonly bodyLimit?: number;
  readonly perMinute?: number;
  readonly answer: (visitor: Visitor) => Promise<PageAnswer | Refusal>;
}

/**
 * A page of residents: open to anyone, refusals in the page's own manner. `?version=` is kept in a cookie and leaves the address,
 * so that a link that is passed on does not change the reader's version.
 */
export const residentPage = (house: House, declared: ResidentPage): Page => ({
  name: `${declared.module ?? 'cases'}.${declared.name}`, method: declared.method, path: declared.path, who: 'anyone',
  ...(declared.bodyLimit !== undefined && { bodyLimit: declared.bodyLimit }),
  ...(declared.perMinute !== undefined && { perMinute: declared.perMinute }),
  answer: async (visit) => {
    const visitor = receive(house, visit, declared.as);
    const asked = visit.query['version'];
    if (declared.method === 'GET' && asked !== undefined) {
      const url = new URL(visit.path, 'http://page');
      url.searchParams.delete('version');
      return visitor.go(`${url.pathname}${url.search}` as `/${string}`, [keepVersion(versionOf(asked))]);
    }
    const answer = await declared.answer(visitor);
    return isRefusal(answer) ? visitor.sorry(answer) : answer;
  },
});
