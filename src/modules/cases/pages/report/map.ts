import { day, fontFamily, ground } from '../../../../base/tokens.ts';
import { attributes, Markup, markup } from '../../../../html/markup.ts';
import type { Box, MapFeature, MapSheet, Point } from '../desk.ts';

/** The sheet's own units: it is shown in several sizes of this shape. */
export const sheet = { width: 360, height: 300 } as const;
/**
 * Widths in CSS pixels in which the sheet is offered; the page shows one of them by the width of the window. A press on an
 * image button sends figures in the pixels of the shown image, so the button's name has to say how wide it is.
 */
export const sheetWidths = [288, 328, 358, 588] as const;

/** Metres that the sheet is wide, from the town down to a crossing. */
const widths = [12_800, 9_000, 6_400, 4_500, 3_200, 2_250, 1_600, 1_120, 800, 560, 400, 280, 200, 140, 100] as const;
const deepestZoom = widths.length - 1;
/** One press of nearer or farther: twice, or half. */
export const zoomPress = 2;
/** At which a lamp can be told from its neighbour. */
export const streetZoom = 11;

const metresPerDegree = 111_320;
const eastScale = (lat: number): number => metresPerDegree * Math.cos((lat * Math.PI) / 180);

export interface MapView {
  readonly lng: number;
  readonly lat: number;
  /** 0, the whole county, to 14, a crossing: each step is nearer by the square root of two. */
  readonly zoom: number;
}

/** What the sheet shows. */
export const boxOf = (view: MapView): Box => {
  const wide = widths[view.zoom]!;
  const east = wide / 2 / eastScale(view.lat);
  const north = (wide * sheet.height) / sheet.width / 2 / metresPerDegree;
  return { west: view.lng - east, east: view.lng + east, south: view.lat - north, north: view.lat + north };
};

/** Where a press landed. `x` and `y` are fractions of the sheet's width and height, from its upper left corner. */
export const pointAt = (view: MapView, x: number, y: number): Point => {
  const box = boxOf(view);
  return { lng: box.west + (box.east - box.west) * x, lat: box.north - (box.north - box.south) * y };
};

const round = (value: number): number => Math.round(value * 1e6) / 1e6;
const within = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** The view after a step of the buttons, never leaving the extent. */
export const moved = (view: MapView, move: string, extent: Box): MapView => {
  const box = boxOf(view);
  const east = (box.east - box.west) * 0.4;
  const north = (box.north - box.south) * 0.4;
  const zoom = within(view.zoom + (move === 'in' ? zoomPress : move === 'out' ? -zoomPress : 0), 0, deepestZoom);
  return {
    lng: round(within(view.lng + (move === 'east' ? east : move === 'west' ? -east : 0), extent.west, extent.east)),
    lat: round(within(view.lat + (move === 'north' ? north : move === 'south' ? -north : 0), extent.south, extent.north)),
    zoom,
  };
};

/** The view that shows a whole extent. */
export const viewOf = (extent: Box): MapView => {
  const lat = (extent.south + extent.north) / 2;
  const wide = Math.max((extent.east - extent.west) * eastScale(lat), ((extent.north - extent.south) * metresPerDegree * sheet.width) / sheet.height);
  const fits = widths.findLastIndex((width) => width >= wide);
  return { lng: round((extent.west + extent.east) / 2), lat: round(lat), zoom: Math.max(0, fits) };
};

/** Zoom of the tiles at which as much is seen as the sheet shows. */
export const tileZoomOf = ({ lat, zoom }: MapView): number =>
  Math.floor(Math.log2((metresPerDegree * 360 * Math.cos((lat * Math.PI) / 180) * sheet.width) / (256 * widths[zoom]!)));

type Pair = readonly [number, number];

/** What the sheet shows of a stretch (Liang and Barsky, 1984), in its own units; null where it shows nothing. */
const clipped = (ax: number, ay: number, bx: number, by: number): readonly [number, number, number, number] | null => {
  const dx = bx - ax;
  const dy = by - ay;
  let from = 0;
  let to = 1;
  for (const [p, q] of [[-dx, ax], [dx, sheet.width - ax], [-dy, ay], [dy, sheet.height - ay]] as const) {
    if (p === 0) {
      if (q < 0) return null;
    } else if (p < 0) from = Math.max(from, q / p);
    else to = Math.min(to, q / p);
  }
  return from < to ? [ax + dx * from, ay + dy * from, ax + dx * to, ay + dy * to] : null;
};

/** Draws a sheet as an SVG file: presentation attributes only, for a page may hold no inline style. */
export const drawMap = (view: MapView, data: MapSheet, pin: Point | null, words: { readonly label: string }): string => {
  const box = boxOf(view);
  const x = (lng: number): number => Math.round(((lng - box.west) / (box.east - box.west)) * sheet.width * 10) / 10;
  const y = (lat: number): number => Math.round(((box.north - lat) / (box.north - box.south)) * sheet.height * 10) / 10;
  const perMetre = sheet.width / widths[view.zoom]!;
  const path = (points: readonly Pair[], close: boolean): string => `M${points.map(([lng, lat]) => `${x(lng)} ${y(lat)}`).join('L')}${close ? 'Z' : ''}`;
  const rings = (kind: MapFeature['kind']): string => data.features.map((one) => (one.kind === kind && 'ring' in one ? path(one.ring, true) : '')).join('');
  const lines = (kind: 'road' | 'river') => data.features.filter((one) => one.kind === kind && 'line' in one) as Extract<MapFeature, { line: unknown }>[];
  const fill = (d: string, color: string, more: Record<string, string | number> = {}): Markup | '' => (d ? markup`<path d="${new Markup(d)}"${attributes({ fill: color, ...more })}/>` : '');
  const stroke = (line: readonly Pair[], color: string, wide: number): Markup =>
    markup`<path d="${new Markup(path(line, false))}" fill="none" stroke="${color}" stroke-width="${Math.round(wide * 10) / 10}" stroke-linecap="round" stroke-linejoin="round"/>`;
  const roadWidth = (metres: number): number => Math.max(metres * perMetre, metres >= 8 ? 3 : 1.6);

  // One name for a road, where it is long enough to carry one; names of places in the middle of what is seen of them.
  const taken: { x: number; y: number; w: number }[] = [];
  const free = (px: number, py: number, w: number): boolean => {
    if (px - w / 2 < 4 || px + w / 2 > sheet.width - 4 || py < 14 || py > sheet.height - 6) return false;
    if (taken.some((one) => Math.abs(one.x - px) < (one.w + w) / 2 + 4 && Math.abs(one.y - py) < 16)) return false;
    taken.push({ x: px, y: py, w });
    return true;
  };
  const label = (name: string, px: number, py: number, size: number, color: string, weight = 400): Markup | '' =>
    free(px, py, name.length * size)
      ? markup`<text x="${Math.round(px)}" y="${Math.round(py)}" font-size="${size}" font-weight="${weight}" text-anchor="middle" fill="${color}" stroke="#fff" stroke-width="3" stroke-linejoin="round" paint-order="stroke">${name}</text>`
      : '';
  const middle = (points: readonly Pair[]): Pair | null => {
    const seen = points.map(([lng, lat]): Pair => [x(lng), y(lat)]).filter(([px, py]) => px > 0 && px < sheet.width && py > 0 && py < sheet.height);
    if (seen.length === 0) return null;
    return [seen.reduce((sum, one) => sum + one[0], 0) / seen.length, seen.reduce((sum, one) => sum + one[1], 0) / seen.length];
  };
  const along = (line: readonly Pair[]): Pair | null => {
    let best: Pair | null = null;
    let longest = 60;
    for (let at = 1; at < line.length; at++) {
      const a = line[at - 1]!;
      const b = line[at]!;
      const seen = clipped(x(a[0]), y(a[1]), x(b[0]), y(b[1]));
      if (!seen) continue;
      const length = Math.hypot(seen[2] - seen[0], seen[3] - seen[1]);
      if (length > longest) {
        longest = length;
        best = [(seen[0] + seen[2]) / 2, (seen[1] + seen[3]) / 2];
      }
    }
    return best;
  };

  const roads = lines('road').toSorted((a, b) => a.metresWide - b.metresWide);
  const pinMark = (point: Point): Markup => {
    const px = x(point.lng);
    const py = y(point.lat);
    return markup`<circle cx="${px}" cy="${py}" r="16" fill="${day.lamp}" fill-opacity=".3"/><circle cx="${px}" cy="${py}" r="8" fill="${day.lamp}" stroke="${day.ink}" stroke-width="2.5"/>`;
  };
  const half = { x: sheet.width / 2, y: sheet.height / 2 };
  const dot = view.zoom >= streetZoom ? 4 : view.zoom >= 8 ? 2.4 : 0;

  return `${markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${sheet.width} ${sheet.height}" width="${sheet.width}" height="${sheet.height}" role="img" aria-label="${words.label}" font-family="${fontFamily}"><rect width="${sheet.width}" height="${sheet.height}" fill="${ground.land}"/>
${fill(rings('green'), ground.green)}${fill(rings('water'), ground.water)}
${lines('river').map((one) => stroke(one.line, ground.water, Math.max(3, one.metresWide * perMetre)))}
${view.zoom >= 6 && fill(rings('building'), ground.building)}
${roads.map((one) => stroke(one.line, ground.roadEdge, roadWidth(one.metresWide) + 1.5))}
${roads.map((one) => stroke(one.line, ground.road, roadWidth(one.metresWide)))}
${fill(rings('place'), 'none', { stroke: day.action, 'stroke-width': 1, 'stroke-dasharray': '4 4', 'stroke-opacity': 0.6 })}
${dot > 0 && data.components.map((one) => markup`<circle cx="${x(one.lng)}" cy="${y(one.lat)}" r="${dot}" fill="${day.ink2}"${attributes({ stroke: dot > 3 ? '#fff' : null, 'stroke-width': dot > 3 ? 1.5 : null })}/>`)}
${data.features.map((one) => {
    if (one.kind !== 'place' || one.name === null || view.zoom > 8) return '';
    const at = middle(one.ring);
    return at ? label(one.name, at[0], at[1], 12, day.ink, 600) : '';
  })}
${view.zoom >= 5 && roads.toReversed().map((one) => {
    const at = one.name === null ? null : along(one.line);
    return at && one.name ? label(one.name, at[0], at[1] + 4, 11, ground.label) : '';
  })}
${view.zoom >= streetZoom && data.components.map((one) => label(one.name, x(one.lng), y(one.lat) - 9, 10, day.ink))}
${pin && pinMark(pin)}
<path d="M${half.x - 7} ${half.y}h14M${half.x} ${half.y - 7}v14" stroke="${day.ink}" stroke-width="1.5" stroke-opacity="${pin ? 0 : 0.55}"/></svg>`}`;
};
