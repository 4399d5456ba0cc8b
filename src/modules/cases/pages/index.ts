import { languages, type Language } from '../../../base/text/language.ts';
import type { Page } from '../../../platform/http/page.ts';
import type { ErrorPage } from '../../../platform/http/served/errorPage.ts';
import type { World } from '../../../platform/world.ts';
import { createDrafts, type Drafts } from '../drafts.ts';
import { askPages } from './report/ask.ts';
import { checkPages } from './report/check.ts';
import type { ReportDesk } from './desk.ts';
import { erasePages } from './erase.ts';
import { followPages } from './follow.ts';
import { homePages } from './home.ts';
import { reportPages } from './report/questions.ts';
import { type Callable, type House, openHouse, residentErrorPage } from './visitor.ts';
import { tilePages } from './tiles.ts';
import { toldPages } from './told.ts';
import { wechatPages } from './wechat.ts';
import { wherePages } from './report/where.ts';

/** Stylesheet, script and mark: each under a name that changes with its content, so that a browser may keep it for ever. */
const assetPages = (house: House): readonly Page[] =>
  Object.entries(house.assets).filter(([name]) => name !== 'worker').map(([name, { path, type, body }]) => ({
    name: `cases.asset_${name}`, method: 'GET', path, who: 'anyone', perMinute: 600,
    answer: async () => ({ html: body, type, headers: { 'cache-control': 'public, max-age=31536000, immutable' } }),
  }));

export interface ResidentPages {
  readonly pages: readonly Page[];
  readonly drafts: Drafts;
  /** What pages of modules above stand on. */
  readonly house: House;
  /** How a refusal looks to whoever asked for a page that none of ours answered. */
  readonly errorPage: ErrorPage;
  /** Reads again whom residents can call; call it at the start and now and then. */
  refresh(): Promise<void>;
}

/**
 * All resident pages of one county, and the drafts behind them: let a worker call `drafts.sweep()` every hour.
 * @param styles of modules above whose pages stand in the same house
 */
export const residentPages = (world: World, desk: ReportDesk, county: string, styles: readonly string[] = []): ResidentPages => {
  const drafts = createDrafts(world, county);
  const house = openHouse(world, desk, drafts, styles);
  let known: ReadonlyMap<Language, readonly Callable[]> = new Map();
  return {
    drafts, house,
    errorPage: residentErrorPage(house, (language) => known.get(language) ?? []),
    async refresh() {
      known = new Map(await Promise.all(languages.map(async (language) => [language, (await desk.contacts({ language, ip: '', session: null }, null)).phones] as const)));
    },
    pages: [...homePages(house), ...reportPages(house), ...wherePages(house), ...askPages(house), ...checkPages(house), ...followPages(house), ...toldPages(house), ...erasePages(house), ...wechatPages(house), ...tilePages(house), ...assetPages(house)],
  };
};

export type { ReportDesk } from './desk.ts';
