import { toWgs84 } from '../../base/geo/coordinates.ts';
import { squareMetres, type Box } from '../../base/geo/geometry.ts';
import type { CountyCode } from '../../base/ids.ts';
import { say, type Language } from '../../base/text/language.ts';
import { isRefusal, refuse, type Result } from '../../base/result.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { textsOf } from '../../platform/texts.ts';
import { inParts, type Identity } from '../identity/index.ts';
import * as contract from './contract.ts';
import { dutyRoutes } from './duty-routes.ts';
import type { Places } from './index.ts';
import type { OnDuty } from './rules/duty.ts';
import type { Place, PlaceRef } from './rules/tree.ts';

const iso = (at: Date | number): string => new Date(at).toISOString();

/** The addresses of places and of duty. */
export const placesRoutes = (places: Places, identity: Identity): Mounted[] => {
  const { world } = identity;
  const texts = textsOf('places');

  const countyOf = (asked: string | undefined): Promise<Result<CountyCode>> => identity.county(asked) as Promise<Result<CountyCode>>;

  const viewer = async (language: Language) => {
    const kinds = await places.kinds();
    return ({ id, code, level, name, kind }: PlaceRef | Place): contract.PlaceView => ({
      id, code, level, name, kind,
      label: (kind !== null && kinds[kind]?.[language]) || say(texts, language, `level.${level}`),
    });
  };

  const found = async (asked: string | undefined, code: string) => {
    const county = await countyOf(asked);
    if (isRefusal(county)) return county;
    const tree = await places.tree(county);
    const place = tree.find(code);
    return place ? { county, tree, place } : refuse(404, 'places.unknown', { code });
  };

  const peopleViewer = async (language: Language, list: readonly OnDuty[]) => {
    const keys = [...new Set(list.flatMap(({ person, standIn }) => (standIn === null ? [person] : [person, standIn])))];
    const names = await identity.accounts.names(world.db, keys.filter((key) => key.startsWith('account:')).map((key) => key.slice(8)));
    const person = (key: string) => ({ key, name: names.get(key.slice(8)) ?? say(texts, language, 'person.contact') });
    return (one: OnDuty) => ({
      person: person(one.person), standIn: one.standIn === null ? null : person(one.standIn), standingIn: one.standingIn,
      role: one.role, roleLabel: identity.roles.roles[one.role]?.label[language] ?? one.role, from: iso(one.shift.from), until: iso(one.shift.until),
    });
  };

  const moment = (text: string | undefined): Result<number> => {
    const at = text === undefined ? world.now() : Date.parse(text);
    return Number.isNaN(at) ? refuse(422, 'places.bad_moment', { text: text ?? '' }) : at;
  };

  return [
    ...dutyRoutes(places, identity),
    handle(contract.locatePlace, async ({ query, language }) => {
      const [lng, lat] = toWgs84(query.crs ?? 'wgs84', query.lng, query.lat);
      const asked = query.county === undefined ? await places.countyAt(lng, lat) : await countyOf(query.county);
      if (isRefusal(asked)) return asked;
      if (asked === undefined)
        return { outcome: 'outside' as const, county: null, lng, lat, place: null, path: null, chain: [], also: [], microgrids: [], address: null };
      const located = await places.locate(asked, lng, lat);
      const view = await viewer(language);
      return {
        outcome: located.outcome, county: asked as string, lng, lat, place: located.place, path: located.path,
        chain: located.chain.map(view), also: located.also.map(view), microgrids: located.microgrids.map(view),
        address: located.outcome === 'outside' ? null : await places.addressNear(asked, lng, lat, 60),
      };
    }),
    handle(contract.placeTree, async ({ query, language }) => {
      const county = await countyOf(query.county);
      if (isRefusal(county)) return county;
      const tree = await places.tree(county);
      if (query.parent !== undefined && !tree.find(query.parent)) return refuse(404, 'places.unknown', { code: query.parent });
      const view = await viewer(language);
      return {
        version: tree.version,
        places: tree.children(query.parent ?? null).map((place) => ({ ...view(place), children: tree.children(place.id).length })),
      };
    }),
    handle(contract.searchPlaces, async ({ query, language }) => {
      const county = await countyOf(query.county);
      if (isRefusal(county)) return county;
      const tree = await places.tree(county);
      const view = await viewer(language);
      return { places: tree.search(query.q, 20).map((place) => ({ ...view(place), path: place.path, chain: tree.chain(place).map(({ name }) => name) })) };
    }),
    handle(contract.exportPlaces, async ({ actor, query, language, reply }) => {
      const county = await countyOf(query.county);
      if (isRefusal(county)) return county;
      const grant = identity.permits(actor, county, 'places.read');
      if (!grant) return refuse(403, 'identity.not_permitted');
      const tree = await places.tree(county);
      const top = query.under === undefined ? undefined : tree.find(query.under);
      if (query.under !== undefined && !top) return refuse(404, 'places.unknown', { code: query.under });
      const view = await viewer(language);
      const word = (key: string): string => say(textsOf('exports'), language, `places.${key}`);
      const list = [...tree.all()].filter(({ path }) => top === undefined || path.startsWith(top.path)).sort((a, b) => (a.code < b.code ? -1 : 1));
      return identity.send(reply, {
        county, kind: 'places', actor, grant, format: query.format, filter: { under: query.under }, file: word('file'),
        columns: ['code', 'level', 'kind', 'name', 'parent', 'chain'].map(word),
        rowOf: (place: Place) => [place.code, say(texts, language, `level.${place.level}`), place.kind === null ? null : view(place).label, place.name, place.parent === null ? null : (tree.find(place.parent)?.code ?? null), tree.chain(place).map(({ name }) => name).join(' · ')],
      }, inParts(list));
    }),
    handle(contract.placeGeometry, async ({ query, reply }) => {
      const county = await countyOf(query.county);
      if (isRefusal(county)) return county;
      const [west, south, east, north] = query.bbox?.split(',').map(Number) ?? [];
      const box: Box | undefined = query.bbox === undefined ? undefined : { west: west!, south: south!, east: east!, north: north! };
      if (box && !(box.west <= box.east && box.south <= box.north)) return refuse(422, 'places.bad_box', { bbox: query.bbox! });
      // The map changes by imports only: a minute's age harms nobody and saves the whole download.
      reply.header('cache-control', 'private, max-age=60');
      const drawn = await places.drawn(county, { ...(box && { box }), ...(query.kinds !== undefined && { kinds: query.kinds.split(',') }) });
      return { type: drawn.type, features: [...drawn.features] };
    }),
    handle(contract.findAddress, async ({ body }) => {
      const county = await countyOf(body.county);
      if (isRefusal(county)) return county;
      const candidates = await places.findAddress(county, body.words);
      return {
        candidates: candidates.map(({ label, kind, lng, lat, confidence, located }) =>
          ({ label, kind, lng, lat, confidence, outcome: located.outcome, place: located.place, chain: located.chain.map(({ name }) => name) })),
      };
    }),
    handle(contract.placeVersions, async ({ query }) => {
      const county = await countyOf(query.county);
      if (isRefusal(county)) return county;
      return { versions: (await places.versions(county, 50)).map((version) => ({ ...version, at: iso(version.at) })) };
    }),
    handle(contract.importPlaces, async ({ query, actor, upload }) => {
      const county = await countyOf(query.county);
      if (isRefusal(county)) return county;
      const grant = identity.permits(actor, county, 'places.import');
      if (!grant) return refuse(403, 'places.may_not_import');
      const file = await upload();
      if (isRefusal(file)) return file;
      const acting = { actor, role: grant.role, ...(grant.unit !== null && { unit: grant.unit as string }) };
      return places.importGeoJson(county, acting, once(file.bytes), {
        source: query.source ?? file.filename ?? 'upload', bytes: file.bytes.length,
        ...(query.crs && { system: query.crs }), ...(query.mode && { mode: query.mode }), ...(query.dryRun !== undefined && { dryRun: query.dryRun }),
      });
    }),
    handle(contract.readPlace, async ({ params, query, language }) => {
      const here = await found(query.county, params.code);
      if (isRefusal(here)) return here;
      const { county, tree, place } = here;
      const view = await viewer(language);
      const point = tree.centre(place);
      const { codes, stretches } = await places.history(county, place.id);
      return {
        ...view(place), path: place.path, chain: tree.chain(place).map(view), children: tree.children(place.id).map(view),
        addresses: [...(place.addresses ?? [])], squareMetres: place.area && Math.round(squareMetres(place.area)),
        point: point && { lng: point[0], lat: point[1] },
        codes: codes.map(({ code, validFrom, validUntil }) => ({ code, from: iso(validFrom), until: validUntil && iso(validUntil) })),
        history: stretches.map(({ name, fromVersion, untilVersion, validFrom, validUntil }) =>
          ({ name, fromVersion, untilVersion, from: iso(validFrom), until: validUntil && iso(validUntil) })),
      };
    }),
    handle(contract.readDuty, async ({ query, actor, language }) => {
      const here = await found(query.county, query.place);
      if (isRefusal(here)) return here;
      const { county, place } = here;
      if (!identity.permits(actor, county, 'duty.read', place.path)) return refuse(403, 'places.may_not_see_duty', { name: place.name });
      const at = moment(query.at);
      if (isRefusal(at)) return at;
      const charge = await places.inCharge(county, place.id, at);
      const view = await viewer(language);
      if (charge.gap)
        return { place: view(place), inCharge: null, found: null, others: [], gap: { reason: charge.reason, words: say(texts, language, `gap.${charge.reason}`) } };
      const person = await peopleViewer(language, [charge, ...charge.others]);
      return { place: view(place), inCharge: person(charge), found: view(charge.place), others: charge.others.map(person), gap: null };
    }),
    handle(contract.dutyGaps, async ({ query, actor, language }) => {
      const county = await countyOf(query.county);
      if (isRefusal(county)) return county;
      const tree = await places.tree(county);
      const root = query.under === undefined ? undefined : tree.find(query.under);
      if (query.under !== undefined && !root) return refuse(404, 'places.unknown', { code: query.under });
      const view = await viewer(language);
      const gaps = await places.gaps(county, world.now());
      const seen = (path: string) => (!root || path.startsWith(root.path)) && identity.permits(actor, county, 'duty.read', path) !== undefined;
      return {
        posts: (await places.posted(county)).filter((place) => seen(place.path)).length,
        gaps: gaps.filter(({ place }) => seen(place.path)).map(({ place, reason }) =>
          ({ place: view(place), chain: tree.chain(place).map(({ name }) => name), reason, words: say(texts, language, `gap.${reason}`) })),
      };
    }),
  ];
};

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}
