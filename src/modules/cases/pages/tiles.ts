import { createHash } from 'node:crypto';
import { boxOfTile, mercator, readTile, tileSize, type Tile } from '../../../base/geo/tiles.ts';
import { refuse } from '../../../base/result.ts';
import { day, fontFamily, ground } from '../../../base/tokens.ts';
import { attributes, Markup, markup } from '../../../html/markup.ts';
import type { Page } from '../../../platform/http/page.ts';
import type { MapFeature, MapSheet } from './desk.ts';
import type { House } from './visitor.ts';

/** Drawn tiles that are kept; a town has some hundred at the zooms that people use. */
const kept = 2_000;
/** How long a drawing counts, in milliseconds: roads are not built in a day. */
const keepMs = 600_000;
const metresAround = 40_075_017;

/** A tile of the map as an SVG file, of presentation attributes alone. Labels stand only where they fit into the tile. */
export const drawTile = (tile: Tile, sheet: MapSheet): string => {
  const side = 2 ** tile.z;
  const at = ([lng, lat]: readonly [number, number]): string => {
    const [x, y] = mercator(lng, lat);
    return `${Math.round((x * side - tile.x) * tileSize * 10) / 10} ${Math.round((y * side - tile.y) * tileSize * 10) / 10}`;
  };
  const box = boxOfTile(tile);
  const perMetre = (tileSize * side) / (metresAround * Math.cos(((box.north + box.south) * Math.PI) / 360));
  const path = (points: readonly (readonly [number, number])[], close: boolean): string => `M${points.map(at).join('L')}${close ? 'Z' : ''}`;
  const rings = (kind: MapFeature['kind']): string => sheet.features.map((one) => (one.kind === kind && 'ring' in one ? path(one.ring, true) : '')).join('');
  const lines = (kind: MapFeature['kind']) => sheet.features.filter((one) => one.kind === kind && 'line' in one) as Extract<MapFeature, { line: unknown }>[];
  const fill = (d: string, color: string, more: Record<string, string | number> = {}): Markup | '' => (d === '' ? '' : markup`<path d="${new Markup(d)}"${attributes({ fill: color, ...more })}/>`);
  const stroke = (d: string, color: string, wide: number): Markup => markup`<path d="${new Markup(d)}" fill="none" stroke="${color}" stroke-width="${Math.round(wide * 10) / 10}" stroke-linecap="round" stroke-linejoin="round"/>`;
  const wide = (metres: number): number => Math.max(metres * perMetre, metres >= 8 ? 2.5 : 1);
  const roads = lines('road').toSorted((a, b) => a.metresWide - b.metresWide);
  const taken: number[][] = [];
  const label = (name: string, x: number, y: number, size: number, weight: number): Markup | '' => {
    const half = (name.length * size) / 2;
    if (x - half < 2 || x + half > tileSize - 2 || y < 12 || y > tileSize - 6 || taken.some(([tx, ty, th]) => Math.abs(tx! - x) < th! + half && Math.abs(ty! - y) < 16)) return '';
    taken.push([x, y, half]);
    return markup`<text x="${Math.round(x)}" y="${Math.round(y)}" font-size="${size}" font-weight="${weight}" text-anchor="middle" fill="${weight > 400 ? day.ink : ground.label}" stroke="#fff" stroke-width="3" stroke-linejoin="round" paint-order="stroke">${name}</text>`;
  };
  const inTile = (points: readonly (readonly [number, number])[]): [number, number][] => points.map((point) => {
    const [x, y] = mercator(...point);
    return [(x * side - tile.x) * tileSize, (y * side - tile.y) * tileSize] as [number, number];
  });
  const middle = (points: readonly (readonly [number, number])[]): [number, number] => {
    const all = inTile(points);
    return [all.reduce((sum, [x]) => sum + x, 0) / all.length, all.reduce((sum, [, y]) => sum + y, 0) / all.length];
  };
  return `${markup`<svg xmlns="http://www.w3.org/2000/svg" width="${tileSize}" height="${tileSize}" viewBox="0 0 ${tileSize} ${tileSize}" font-family="${fontFamily}"><rect width="${tileSize}" height="${tileSize}" fill="${ground.land}"/>
${fill(rings('green'), ground.green)}${fill(rings('water'), ground.water)}${lines('river').map((one) => stroke(path(one.line, false), ground.water, Math.max(2, one.metresWide * perMetre)))}
${tile.z >= 15 && fill(rings('building'), ground.building)}${roads.map((one) => stroke(path(one.line, false), ground.roadEdge, wide(one.metresWide) + 1.5))}${roads.map((one) => stroke(path(one.line, false), ground.road, wide(one.metresWide)))}
${fill(rings('place'), 'none', { stroke: day.action, 'stroke-width': 1, 'stroke-dasharray': '4 4', 'stroke-opacity': 0.5 })}
${tile.z >= 17 && sheet.components.map(({ lng, lat }) => { const [x, y] = at([lng, lat]).split(' '); return markup`<circle cx="${x}" cy="${y}" r="3" fill="${day.ink2}" stroke="#fff"/>`; })}
${tile.z <= 15 && sheet.features.map((one) => (one.kind === 'place' && one.name !== null ? label(one.name, ...middle(one.ring), 12, 600) : ''))}
${tile.z >= 14 && roads.toReversed().map((one) => {
    const [a, b] = inTile(one.line).reduce<[[number, number], [number, number]][]>((all, point, i, list) => (i === 0 ? all : [...all, [list[i - 1]!, point]]), []).sort((p, q) => Math.hypot(q[0][0] - q[1][0], q[0][1] - q[1][1]) - Math.hypot(p[0][0] - p[1][0], p[0][1] - p[1][1]))[0] ?? [[-1, -1], [-1, -1]];
    const x = Math.min(tileSize - 40, Math.max(40, (a[0] + b[0]) / 2));
    const t = a[0] === b[0] ? 0.5 : (x - a[0]) / (b[0] - a[0]);
    return one.name !== null && t >= 0 && t <= 1 ? label(one.name, x, a[1] + (b[1] - a[1]) * t + 4, 11, 400) : '';
  })}</svg>`.text}`;
};

/** `/map/{z}/{x}/{y}.svg`: the ground that every map of the residents' pages lies on. */
export const tilePages = ({ world, desk }: House): readonly Page[] => {
  const drawn = new Map<string, { readonly html: string; readonly tag: string; readonly at: number }>();
  return [{
    name: 'cases.page_map_tile', method: 'GET', path: '/map/{z}/{x}/{y}', who: 'anyone', perMinute: 3_000,
    async answer({ params: { z = '', x = '', y = '' }, language, ip, request }) {
      const tile = y.endsWith('.svg') ? readTile(z, x, y.slice(0, -4)) : undefined;
      if (!tile || tile.z < 9) return refuse(404, 'http.not_found');
      const key = `${z}/${x}/${y}`;
      let found = drawn.get(key);
      if (!found || world.now() - found.at > keepMs) {
        const html = drawTile(tile, await desk.map({ language, ip, session: null }, boxOfTile(tile)));
        found = { html, tag: `"${createHash('sha256').update(html).digest('base64url').slice(0, 16)}"`, at: world.now() };
        if (drawn.size >= kept) drawn.clear();
        drawn.set(key, found);
      }
      const headers = { etag: found.tag, 'cache-control': 'public, max-age=3600' };
      return request.headers['if-none-match'] === found.tag ? { html: '', status: 304, headers } : { html: found.html, type: 'image/svg+xml; charset=utf-8', headers };
    },
  }];
};
