import { deepest, lngLat, mercator, readTile, tileSize } from '../../../base/geo/tiles.ts';
import { isRefusal, refuse, type Refusal } from '../../../base/result.ts';
import { slippyMap } from '../../../html/components/slippy.ts';
import { type Markup, markup } from '../../../html/markup.ts';
import type { Page, PageAnswer } from '../../../platform/http/page.ts';
import { type House, residentPage, type Visitor } from '../../cases/index.ts';
import type { Bulletin, ListAsk } from '../service/bulletin.ts';
import type { ShownAsk } from '../service/shown.ts';
import { narrowedTo, readAsk, withAsk } from './ask.ts';
import { narrowedWords, narrowForm } from './filter.ts';
import { card, choicesOf, followLinks } from './list.ts';
import { wordsFor } from './words.ts';

/** From a whole prefecture down to a crossing. */
const least = 9;
/** Of a point that stands alone there is nothing nearer to see. */
const nearest = 16;
/** Side of the map that stands without script, in its own units; 256 of them are a tile. */
const side = 512;

interface View {
  readonly lng: number;
  readonly lat: number;
  readonly z: number;
}

/** The narrowest phone's map, in px. */
const narrowest = 330;

/** The view in which a box fits on a map that is `px` wide and high, as near as it can be. */
const viewOf = ({ west, south, east, north }: NonNullable<ShownAsk['box']>, px: number): View => {
  const [left, top] = mercator(west, north);
  const [right, bottom] = mercator(east, south);
  const wide = Math.max(right - left, bottom - top) * tileSize;
  const z = wide > 0 ? Math.floor(Math.log2(px / wide)) : nearest;
  const [lng, lat] = lngLat((left + right) / 2, (top + bottom) / 2);
  return { lng, lat, z: Math.min(nearest, Math.max(least, z)) };
};

/** The box around a view, `px` wide and high. */
const boxAround = ({ lng, lat, z }: View, px: number): NonNullable<ShownAsk['box']> => {
  const [x, y] = mercator(lng, lat);
  const half = px / tileSize / 2 ** z / 2;
  const [[west, north], [east, south]] = [lngLat(x - half, y - half), lngLat(x + half, y + half)];
  return { west, south, east, north };
};

const readView = (query: Readonly<Record<string, string>>): View | undefined => {
  const [lng, lat, z] = [Number(query['lng']), Number(query['lat']), Number(query['z'])];
  const whole = query['lng'] && query['lat'] && Number.isInteger(z) && Math.abs(lng) <= 180 && Math.abs(lat) <= 85;
  return whole ? { lng, lat, z: Math.min(deepest, Math.max(least, z)) } : undefined;
};

const placed = (ask: ListAsk, { lng, lat, z }: View): string => withAsk('/reports/map', narrowedTo(ask), { lng: lng.toFixed(5), lat: lat.toFixed(5), z: String(z) });

/** The map where no script runs: tiles and spots in one drawing, every spot and every way on a link. */
const stillMap = async (visitor: Visitor, bulletin: Bulletin, county: string, ask: ListAsk, view: View): Promise<Markup> => {
  const t = wordsFor(visitor);
  const [x, y] = mercator(view.lng, view.lat);
  const whole = tileSize * 2 ** view.z;
  const [left, top] = [x * whole - side / 2, y * whole - side / 2];
  const [grounds, spots]: [Markup[], Markup[]] = [[], []];
  for (let tx = Math.floor(left / tileSize); tx * tileSize < left + side; tx++)
    for (let ty = Math.floor(top / tileSize); ty * tileSize < top + side; ty++) {
      grounds.push(markup`<image href="/map/${view.z}/${tx}/${ty}.svg" x="${Math.round(tx * tileSize - left)}" y="${Math.round(ty * tileSize - top)}" width="256" height="256"/>`);
      const found = await bulletin.tile(county, { z: view.z, x: tx, y: ty }, narrowedTo(ask));
      if (isRefusal(found)) continue;
      for (const [px, py, count, number] of JSON.parse(found) as (readonly [number, number, number, string?])[]) {
        const [cx, cy] = [Math.round(tx * tileSize - left + px), Math.round(ty * tileSize - top + py)];
        const [lng, lat] = lngLat((cx + left) / whole, (cy + top) / whole);
        const words = number === undefined ? t('map.many', { count }) : `${t('map.one')} ${number}`;
        spots.push(markup`<a href="${number === undefined ? placed(ask, { lng, lat, z: view.z + 1 }) : `/reports/${number}`}" aria-label="${words}"><circle cx="${cx}" cy="${cy}" r="${count > 1 ? 20 : 12}"/>${count > 1 && markup`<text x="${cx}" y="${cy + 6}">${count}</text>`}</a>`);
      }
    }
  const step = (words: string, dx: number, dy: number, dz = 0): Markup => {
    const [lng, lat] = lngLat(x + (dx * side) / 2 / whole, y + (dy * side) / 2 / whole);
    return markup`<a class="more" href="${placed(ask, { lng, lat, z: view.z + dz })}">${words}</a> `;
  };
  return markup`<noscript><svg class="still" viewBox="0 0 ${side} ${side}" role="group" aria-label="${t('map.title')}">${grounds}${spots}</svg>
<p>${step(t('map.nearer'), 0, 0, 1)}${step(t('map.farther'), 0, 0, -1)}${step(t('map.north'), 0, -1)}${step(t('map.south'), 0, 1)}${step(t('map.west'), -1, 0)}${step(t('map.east'), 1, 0)}</p></noscript>`;
};

const map = (bulletin: Bulletin, county: string) => async (visitor: Visitor): Promise<PageAnswer | Refusal> => {
  const { language, house, ask: asker, visit } = visitor;
  const t = wordsFor(visitor);
  const { after: _, ...ask } = readAsk(visit.query);
  const [found, choices] = await Promise.all([bulletin.list(county, ask, language), choicesOf(bulletin, county, visitor)]);
  if (isRefusal(found)) return found;
  const kept = narrowedTo(ask);
  const said = readView(visit.query);
  const seen = said ? null : ask.box ?? bulletin.shown(county).extent(kept) ?? (await house.desk.map(asker, null)).extent;
  const view = said ?? viewOf(seen!, narrowest);
  const box = ask.box ?? boxAround(view, side);
  const inside = await bulletin.list(county, { ...kept, box }, language);
  if (isRefusal(inside)) return inside;
  const chosen = narrowedWords(visitor, choices, ask);
  const address = withAsk('/reports/map', kept);
  const points = withAsk('/reports/map/{z}/{x}/{y}.json', kept).replaceAll('%7B', '{').replaceAll('%7D', '}');
  return visitor.page({
    title: t('map.title'), back: '/reports', index: true,
    main: markup`<h1>${t('map.title')}</h1><p class="lead">${chosen === '' ? t('map.lead') : t('list.of', { what: chosen })}</p>
${narrowForm(visitor, choices, ask, '/reports/map')}
<div class="map-and-list"><div>${slippyMap({
  lng: view.lng, lat: view.lat, z: view.z, least, most: deepest, base: '/map/{z}/{x}/{y}.svg', points, found: address,
  words: { label: t('map.label'), one: t('map.one'), many: t('map.many'), nearer: t('map.nearer'), farther: t('map.farther') }, script: house.assets.map.path,
})}${await stillMap(visitor, bulletin, county, ask, said ?? viewOf(seen!, side))}<p class="quiet-words">${t('map.coarse')}</p></div>
<section aria-labelledby="found-title"><h2 id="found-title" tabindex="-1">${t('map.found')}</h2><p role="status" id="found-count">${inside.all === 0 ? t('map.foundNone') : t('map.foundCount', { count: inside.all })}</p>
<div id="found">${inside.items.map((one) => card(visitor, one))}${inside.next && markup`<p><a class="more" href="${withAsk('/reports', { ...kept, box })}">${t('map.foundMore')}</a></p>`}</div></section></div>
<p><a class="more" href="${withAsk('/reports', kept)}">${t('map.asList')}</a>${chosen !== '' && markup` <a class="more" href="/reports/map">${t('map.whole')}</a>`}</p>
<p class="quiet-words">${t('list.privacy')}</p>${followLinks(bulletin, visitor, ask)}`,
  });
};

/** What stands in a tile of the map: `[x, y, count]` in px of the tile, with a number where it is one. */
const points = (bulletin: Bulletin, county: string): Page => ({
  name: 'bulletin.page_map_points', method: 'GET', path: '/reports/map/{z}/{x}/{y}', who: 'anyone', perMinute: 3_000,
  async answer({ params: { z = '', x = '', y = '' }, query }) {
    const tile = y.endsWith('.json') ? readTile(z, x, y.slice(0, -5)) : undefined;
    if (!tile) return refuse(404, 'http.not_found');
    const found = await bulletin.tile(county, tile, narrowedTo(readAsk(query)));
    return isRefusal(found) ? found : { html: found, type: 'application/json; charset=utf-8', headers: { 'cache-control': 'public, max-age=15' } };
  },
});

/** `/reports/map` and what its script asks for. */
export const mapPages = (house: House, bulletin: Bulletin, county: string): readonly Page[] => [
  residentPage(house, { module: 'bulletin', name: 'page_map', method: 'GET', path: '/reports/map', perMinute: 240, answer: map(bulletin, county) }),
  points(bulletin, county),
];
