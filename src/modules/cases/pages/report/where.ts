import { deepest } from '../../../../base/geo/tiles.ts';
import { isRefusal, type Refusal } from '../../../../base/result.ts';
import { linkAction, scriptAction, submit } from '../../../../html/components/action.ts';
import { choiceCards } from '../../../../html/components/choice.ts';
import { errorSummary, type PageError } from '../../../../html/components/errors.ts';
import { textField } from '../../../../html/components/field.ts';
import { slippyMap } from '../../../../html/components/slippy.ts';
import { icon } from '../../../../html/icons.ts';
import { type Markup, markup } from '../../../../html/markup.ts';
import type { Page, PageAnswer } from '../../../../platform/http/page.ts';
import type { Draft } from '../../drafts.ts';
import type { AddressChoice } from '../desk.ts';
import { withCategory } from './ask.ts';
import { devicePoint, keeping, located, nearby, onward, type Open, stepHead, stepPath, withDraft } from './draft.ts';
import { boxOf, drawMap, type MapView, moved, pointAt, sheet, sheetWidths, streetZoom, tileZoomOf, viewOf } from './map.ts';
import { type House, residentPage, type Visitor } from '../visitor.ts';
import { sayDistance } from '../words.ts';

/** What looks like a plate's code, as it may be typed: in groups, lower case, full-width. Pinyin may look like one too. */
const plateTyped = (words: string): string | null => {
  const signs = words.normalize('NFKC').replace(/[\s\-_.·]/g, '').toUpperCase();
  return /^([0-9A-Z]{8}|\d{14,18})$/.test(signs) ? signs : null;
};

/** One box for whatever one knows of the place; the position, the map and the list of villages stand beside it. */
const wherePage = (visitor: Visitor, open: Open, words = '', found: readonly AddressChoice[] = [], errors: readonly PageError[] = []): PageAnswer => {
  const { t } = visitor;
  const { key } = open;
  const head = stepHead(visitor, open, 'where');
  return visitor.page({
    title: t('where.title'), back: head.back, wrong: errors.length > 0,
    main: markup`${errorSummary(t('errors.title'), errors)}<p class="step">${head.words}</p><h1>${t('where.title')}</h1>
<form id="here" method="post" action="${stepPath(key, 'where')}"${keeping(visitor)}><input type="hidden" name="lng" value=""><input type="hidden" name="lat" value="">${scriptAction({ words: t('where.here'), icon: 'here' }, 'locate', { busy: t('locate.busy'), found: t('locate.found'), failed: t('locate.failed'), send: '1' })}</form>
<form method="post" class="beside" action="${stepPath(key, 'where')}"${keeping(visitor)}>
${textField({ name: 'words', label: t('where.words'), hint: t('where.wordsHint'), value: words, maxLength: 100, error: errors.find(({ field }) => field === 'words')?.words ?? null })}
${found.length > 0 && choiceCards({ name: 'found', legend: markup`<strong>${t('where.found')}</strong>`, chosen: found.length === 1 ? '0' : null, error: errors.find(({ field }) => field === 'found')?.words ?? null, choices: found.map((one, at) => ({ value: String(at), title: one.label, hint: one.place?.names.slice(-2).join(' ') ?? null })) })}
${submit({ words: t('next'), icon: found.length > 0 ? 'next' : 'search' }, 'do', found.length > 0 ? 'choose' : 'find')}</form>
<p class="or">${t('where.or')}</p>${linkAction({ words: t('where.map'), icon: 'map', rank: 'second' }, stepPath(key, 'map'))}${linkAction({ words: t('where.list'), icon: 'list', rank: 'second' }, stepPath(key, 'list'))}`,
  });
};

const receiveWhere = async (visitor: Visitor, open: Open): Promise<PageAnswer | Refusal> => {
  const { t, house, ask, visit } = visitor;
  const { key, draft } = open;
  const device = devicePoint(visit.form);
  if (device) {
    const next = await located(visitor, draft, device, 'device', null);
    return next ? onward(visitor, key, next) : wherePage(visitor, open, '', [], [{ field: null, words: t('errors.outside') }]);
  }
  const words = (visit.form.get('words') ?? '').trim().slice(0, 100);
  if (words === '') return wherePage(visitor, open, '', [], [{ field: 'words', words: t('errors.where') }]);
  const plate = plateTyped(words);
  if (plate) {
    const component = await house.desk.plate(ask, plate);
    if (!isRefusal(component)) {
      const next = await located(visitor, draft, component, 'plate', null);
      return onward(visitor, key, await withCategory(visitor, {
        ...(next ?? draft), point: { lng: component.lng, lat: component.lat }, source: 'plate', otherThing: null,
        component: { code: component.code, name: component.name, kindName: component.kindName },
        placeNames: component.place?.names ?? [], placeCode: component.place?.code ?? null,
      }));
    }
    if (component.status !== 404) return component;
    if (/\d/.test(plate)) return wherePage(visitor, open, words, [], [{ field: 'words', words: t('errors.plate') }]);
  }
  const found = await house.desk.findAddress(ask, words);
  if (found.length === 0) return wherePage(visitor, open, words, [], [{ field: 'words', words: t('errors.address', { words }) }]);
  const chosen = visit.form.get('do') === 'choose' ? found[Number(visit.form.get('found') ?? -1)] : undefined;
  if (!chosen) {
    const errors: PageError[] = visit.form.get('do') === 'choose' && visit.form.get('found') === undefined ? [{ field: 'found', words: t('errors.choose') }] : [];
    return wherePage(visitor, open, words, found, errors);
  }
  const next = await located(visitor, draft, chosen, 'address', chosen.label);
  return next ? onward(visitor, key, next) : wherePage(visitor, open, words, found, [{ field: 'words', words: t('errors.outside') }]);
};

const startView = async (visitor: Visitor, draft: Draft): Promise<NonNullable<Draft['map']>> => {
  if (draft.map) return draft.map;
  if (draft.point) return { lng: draft.point.lng, lat: draft.point.lat, zoom: streetZoom, pin: draft.point, turn: 0 };
  const { extent } = await visitor.house.desk.map(visitor.ask, null);
  return { ...viewOf(extent), pin: null, turn: 0 };
};

/** Of a whole town there is nothing farther to see. */
const farthest = 10;
/** Zoom of the tiles from which a spot can be meant: a road is some pixels wide. */
const sureZoom = 16;

const takeButton = (words: string): Markup => markup`<button class="do first" name="do" value="here" data-take>${icon('place')}<span>${words}</span></button>`;

/** Words for a spot of the map: what it belongs to, and what stands next to it. */
const spotWords = async (visitor: Visitor, { draft }: Open): Promise<PageAnswer> => {
  const { t, visit, language } = visitor;
  const point = devicePoint({ get: (name) => visit.query[name] });
  const suggestion = point && await visitor.house.desk.suggest(visitor.ask, { text: '', point, blobs: [], plate: null, kind: draft.kind?.key ?? null });
  const next = suggestion && nearby(suggestion)[0];
  const words = !suggestion || suggestion.outside ? t('errors.outside') : [
    suggestion.place?.names.slice(-2).join(' ') ?? t('check.placeUnknown'),
    next && t('map.beside', { name: next.name, distance: sayDistance(language, next.metres ?? 0) }),
  ].filter(Boolean).join(' · ');
  return { html: words, type: 'text/plain; charset=utf-8', headers: { 'cache-control': 'private, no-store' } };
};

/** The map is dragged where there is a script; without one it is one image button: a press sends where it landed. Arrows, nearer and farther are buttons of the same form. */
const mapPage = async (visitor: Visitor, open: Open, errors: readonly PageError[] = []): Promise<PageAnswer> => {
  const { t } = visitor;
  const { key, draft } = open;
  const view = await startView(visitor, draft);
  const move = (value: string, name: 'plus' | 'minus' | 'up' | 'down', words: string) =>
    markup`<button name="move" value="${value}" class="${value}" aria-label="${words}" title="${words}">${icon(name)}</button>`;
  return visitor.page({
    title: t('map.title'), back: stepPath(key, 'where'), wrong: errors.length > 0,
    main: markup`${errorSummary(t('errors.title'), errors)}<h1>${t('map.title')}</h1>
<form method="post" action="${stepPath(key, 'map')}"${keeping(visitor)}><input type="hidden" name="lng" value=""><input type="hidden" name="lat" value=""><p class="lead picked">${t('map.pick')}</p>${slippyMap({
      lng: view.pin?.lng ?? view.lng, lat: view.pin?.lat ?? view.lat, z: Math.min(deepest, tileZoomOf(view)), least: farthest, most: deepest, base: '/map/{z}/{x}/{y}.svg',
      pick: { says: `/report/${key}/spot`, sure: sureZoom, far: t('map.far') },
      words: { label: t('map.pickLabel'), one: '', many: '', nearer: t('map.in'), farther: t('map.out') }, script: visitor.house.assets.map.path,
    })}
<div class="picked"><p class="spot-words" role="status" data-where></p>${takeButton(t('map.take'))}</div>
<div class="still"><p class="lead">${t(view.pin ? 'map.pinned' : 'map.how')}</p><div class="map">${sheetWidths.map((width) =>
    markup`<input type="image" class="w${width}" name="m${width}" src="/report/${key}/map.svg?n=${view.turn}" width="${width}" height="${Math.round((width * sheet.height) / sheet.width)}" alt="${t('map.alt')}">`)}
<div class="moves">${move('in', 'plus', t('map.in'))}${move('out', 'minus', t('map.out'))}${move('west', 'up', t('map.west'))}${move('north', 'up', t('map.north'))}${move('south', 'down', t('map.south'))}${move('east', 'up', t('map.east'))}</div></div>
${view.pin ? submit({ words: t('map.take'), icon: 'place' }, 'do', 'take') : submit({ words: t('map.middle'), icon: 'place', rank: 'second' }, 'do', 'middle')}</div></form>
<p class="or">${t('map.keyboard')} <a href="${stepPath(key, 'list')}">${t('where.list')}</a></p>`,
  });
};

/** Fractions of the sheet that an image button's press sent; null where none was pressed. */
const pressed = (visitor: Visitor): { readonly x: number; readonly y: number } | null => {
  for (const width of sheetWidths) {
    const x = visitor.visit.form.get(`m${width}.x`);
    const y = visitor.visit.form.get(`m${width}.y`);
    if (x === undefined || y === undefined) continue;
    // A press by key says 0, 0: the cross in the middle is meant.
    if (x === '0' && y === '0') return { x: 0.5, y: 0.5 };
    const height = (width * sheet.height) / sheet.width;
    const fractions = { x: Number(x) / width, y: Number(y) / height };
    return fractions.x >= 0 && fractions.x <= 1 && fractions.y >= 0 && fractions.y <= 1 ? fractions : null;
  }
  return null;
};

const receiveMap = async (visitor: Visitor, open: Open): Promise<PageAnswer> => {
  const { t, house, ask, visit } = visitor;
  const { key, draft } = open;
  const view = await startView(visitor, draft);
  const turn = view.turn + 1;
  const keep = async (map: MapView, pin: Draft['point']): Promise<PageAnswer> => {
    await house.drafts.save(key, { ...draft, map: { lng: map.lng, lat: map.lat, zoom: map.zoom, pin, turn } });
    return visitor.go(stepPath(key, 'map'));
  };
  const move = visit.form.get('move');
  if (move !== undefined) return keep(moved(view, move, (await house.desk.map(ask, null)).extent), view.pin);
  if (visit.form.get('do') === 'take' && view.pin) {
    const next = await located(visitor, draft, view.pin, 'map', null);
    return next ? onward(visitor, key, next) : mapPage(visitor, { key, draft: { ...draft, map: view } }, [{ field: null, words: t('errors.outside') }]);
  }
  const chosen = visit.form.get('do') === 'here' ? devicePoint(visit.form) : null;
  if (chosen) {
    const next = await located(visitor, draft, chosen, 'map', null);
    return next ? onward(visitor, key, next) : mapPage(visitor, { key, draft: { ...draft, map: { ...chosen, zoom: streetZoom, pin: null, turn } } }, [{ field: null, words: t('errors.outside') }]);
  }
  const press = visit.form.get('do') === 'middle' ? { x: 0.5, y: 0.5 } : pressed(visitor);
  if (!press) return visitor.go(stepPath(key, 'map'));
  const pin = pointAt(view, press.x, press.y);
  // From afar a press says which part of the town is meant; only near enough to see lamps it says a spot.
  if (view.zoom < streetZoom - 2) {
    const zoom = Math.min(view.zoom + 5, streetZoom);
    return keep({ lng: pin.lng, lat: pin.lat, zoom }, zoom === streetZoom ? pin : null);
  }
  return keep({ lng: pin.lng, lat: pin.lat, zoom: view.zoom }, pin);
};

const mapFile = async (visitor: Visitor, { draft }: Open): Promise<PageAnswer> => {
  const { house, ask, t } = visitor;
  const view = await startView(visitor, draft);
  const data = await house.desk.map(ask, boxOf(view));
  return { html: drawMap(view, data, view.pin, { label: t('map.alt') }), type: 'image/svg+xml; charset=utf-8', headers: { 'cache-control': 'private, max-age=600' } };
};

/** Villages, then what lies in one: the way for who cannot or will not use a map. */
const listPage = async (visitor: Visitor, open: Open, errors: readonly PageError[] = []): Promise<PageAnswer> => {
  const { t, house, ask, visit } = visitor;
  const { key } = open;
  const asked = visit.query['in'] ?? visit.form.get('in') ?? '';
  const inside = /^[0-9A-Za-z-]{1,40}$/.test(asked) ? asked : null;
  const areas = await house.desk.areas(ask, inside);
  const title = t(inside === null ? 'list.village' : 'list.road');
  if (inside === null)
    return visitor.page({
      title, back: stepPath(key, 'where'), wrong: errors.length > 0,
      main: markup`${errorSummary(t('errors.title'), errors)}<h1>${title}</h1>${areas.length === 0 && markup`<p class="card">${t('list.empty')}</p>`}
<ul class="plain-list card">${areas.map((one) => markup`<li><a href="${stepPath(key, 'list')}?in=${encodeURIComponent(one.code)}">${one.name}${icon('next')}</a></li>`)}</ul>`,
    });
  const village = (await house.desk.areas(ask, null)).find(({ code }) => code === inside);
  return visitor.page({
    title, back: stepPath(key, 'list'), wrong: errors.length > 0,
    main: markup`${errorSummary(t('errors.title'), errors)}<form method="post" action="${stepPath(key, 'list')}"${keeping(visitor)}><input type="hidden" name="in" value="${inside}">
${choiceCards({
      name: 'area', legend: markup`<h1>${title}</h1>`, chosen: null, error: errors[0]?.words ?? null,
      choices: [...areas.map((one) => ({ value: one.code, title: one.name })), ...(village ? [{ value: village.code, title: t('list.whole', { name: village.name }), hint: t('list.wholeHint') }] : [])],
    })}${submit({ words: t('next') })}</form>`,
  });
};

const receiveList = async (visitor: Visitor, open: Open): Promise<PageAnswer> => {
  const { t, house, ask, visit } = visitor;
  const { key, draft } = open;
  const inside = visit.form.get('in') ?? '';
  const chosen = visit.form.get('area');
  const [villages, areas] = await Promise.all([house.desk.areas(ask, null), house.desk.areas(ask, inside)]);
  const village = villages.find(({ code }) => code === inside);
  const area = areas.find(({ code }) => code === chosen) ?? (chosen === inside ? village : undefined);
  if (!area) return listPage(visitor, open, [{ field: 'area', words: t('errors.choose') }]);
  const label = area === village || !village ? area.name : `${village.name} ${area.name}`;
  const next = await located(visitor, draft, area, 'list', label);
  return next ? onward(visitor, key, next) : listPage(visitor, open, [{ field: 'area', words: t('errors.outside') }]);
};

/** Everything that answers "where is it?". */
export const wherePages = (house: House): readonly Page[] => [
  residentPage(house, { name: 'page_report_where', method: 'GET', path: '/report/{draft}/where', answer: (visitor) => withDraft(visitor, async (open) => wherePage(visitor, open, open.draft.address ?? '')) }),
  residentPage(house, { name: 'page_report_where_put', method: 'POST', path: '/report/{draft}/where', answer: (visitor) => withDraft(visitor, (open) => receiveWhere(visitor, open)) }),
  residentPage(house, { name: 'page_report_map', method: 'GET', path: '/report/{draft}/map', answer: (visitor) => withDraft(visitor, (open) => mapPage(visitor, open)) }),
  residentPage(house, { name: 'page_report_map_put', method: 'POST', path: '/report/{draft}/map', perMinute: 240, answer: (visitor) => withDraft(visitor, (open) => receiveMap(visitor, open)) }),
  residentPage(house, { name: 'page_report_spot', method: 'GET', path: '/report/{draft}/spot', perMinute: 240, answer: (visitor) => withDraft(visitor, (open) => spotWords(visitor, open)) }),
  residentPage(house, { name: 'page_report_map_file', method: 'GET', path: '/report/{draft}/map.svg', perMinute: 480, answer: (visitor) => withDraft(visitor, (open) => mapFile(visitor, open)) }),
  residentPage(house, { name: 'page_report_list', method: 'GET', path: '/report/{draft}/list', answer: (visitor) => withDraft(visitor, (open) => listPage(visitor, open)) }),
  residentPage(house, { name: 'page_report_list_put', method: 'POST', path: '/report/{draft}/list', answer: (visitor) => withDraft(visitor, (open) => receiveList(visitor, open)) }),
];
