import type { CountyCode } from '../../../base/ids.ts';
import { say, type Language } from '../../../base/text/language.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import { textsOf } from '../../../platform/texts.ts';
import { handle, type Mounted } from '../../../platform/http/handler.ts';
import type { World } from '../../../platform/world.ts';
import type { Identity } from '../../identity/index.ts';
import type { Places } from '../../places/index.ts';
import * as contract from '../contract/components.ts';
import { showPlate } from '../rules/plate-codes.ts';
import type { Component, Components } from '../service/components.ts';

/** Rows that an export reads at a time. */
const exportRows = 1_000;

/** Components on one map answer: more would be one dark spot. */
const mostOnMap = 2_000;

/** The addresses of components and plates. */
export const componentRoutes = (
  world: World, components: Components, identity: Pick<Identity, 'county' | 'permits' | 'units' | 'send'>, places: Pick<Places, 'tree'>,
): Mounted[] => {
  const { classes, states } = components;
  const publicView = (one: Component, language: Language): contract.ComponentPublic => ({
    code: one.code, class: one.standard, className: classes.find(one.standard)?.name[language] ?? one.standard, name: one.name,
    lng: one.lng, lat: one.lat, accuracy: one.accuracy, state: one.state, stateLabel: states[one.state]?.[language] ?? one.state,
  });
  const views = async (county: string, list: readonly Component[], language: Language): Promise<contract.ComponentView[]> => {
    const units = await identity.units.get(world.db, county, [...new Set(list.flatMap(({ ownerUnit, managerUnit }) => [ownerUnit ?? [], managerUnit ?? []].flat()))]);
    const tree = await places.tree(county as CountyCode);
    const unit = (id: string | null) => (id === null ? null : { id, name: units.get(id)?.name[language] ?? id });
    return list.map((one) => {
      const place = one.place === null ? undefined : tree.find(one.place);
      return {
        ...publicView(one, language), majorName: classes.find(one.standard)?.majorName[language] ?? '', road: one.road, ordinal: one.ordinal,
        place: place ? { code: place.code, names: tree.chain(place).map(({ name }) => name) } : null,
        owner: unit(one.ownerUnit), manager: unit(one.managerUnit), openCases: one.openCases, installed: one.installed, plate: one.plate && showPlate(one.plate),
      };
    });
  };
  /** The county that is meant, where the actor has a permission in it. */
  const permitted = async (actor: Parameters<Identity['permits']>[0], asked: string | undefined, permission: string): Promise<Result<string>> => {
    const county = await identity.county(asked);
    return isRefusal(county) || identity.permits(actor, county, permission) ? county : refuse(403, 'identity.not_permitted');
  };

  /** What is asked of the list, where the actor may read it. */
  const filterOf = async (actor: Parameters<Identity['permits']>[0], query: { readonly county?: string; readonly class?: string; readonly state?: string; readonly place?: string; readonly unit?: string; readonly road?: string; readonly q?: string }) => {
    const county = await permitted(actor, query.county, 'components.read');
    if (isRefusal(county)) return county;
    const place = query.place === undefined ? undefined : (await places.tree(county as CountyCode)).find(query.place);
    if (query.place !== undefined && !place) return refuse(422, 'components.no_place', { place: query.place });
    return { county, filter: { class: query.class ?? null, state: query.state ?? null, path: place?.path ?? null, unit: query.unit ?? null, road: query.road?.trim() || null, text: query.q?.trim() || null } };
  };

  const reading = [
    handle(contract.listComponents, async ({ actor, query, language }) => {
      const asked = await filterOf(actor, query);
      if (isRefusal(asked)) return asked;
      const { county, filter } = asked;
      const limit = query.limit ?? 50;
      const found = await components.list(county, filter, query.after ?? '', limit + 1);
      const page = found.slice(0, limit);
      return { items: await views(county, page, language), next: found.length > limit ? page.at(-1)!.code : null };
    }),

    handle(contract.exportComponents, async ({ actor, query, language, reply }) => {
      const asked = await filterOf(actor, query);
      if (isRefusal(asked)) return asked;
      const { county, filter } = asked;
      const grant = identity.permits(actor, county, 'components.read')!;
      const { format, ...words } = query;
      async function* pages(): AsyncGenerator<readonly contract.ComponentView[]> {
        for (let after = ''; ;) {
          const found = await components.list(county, filter, after, exportRows);
          if (found.length > 0) yield views(county, found, language);
          if (found.length < exportRows) return;
          after = found.at(-1)!.code;
        }
      }
      const text = (key: string): string => say(textsOf('components'), language, key);
      return identity.send(reply, {
        county, kind: 'components', actor, grant, format, filter: words, file: text('export.file'),
        columns: ['code', 'major', 'class', 'name', 'place', 'state', 'owner', 'manager', 'lng', 'lat', 'accuracy', 'cases', 'installed', 'plate'].map((name) => text(`export.${name}`)),
        rowOf: (one) => [
          one.code, one.majorName, one.className, one.name, one.place?.names.join(' · ') ?? null, one.stateLabel, one.owner?.name ?? null, one.manager?.name ?? null,
          one.lng, one.lat, one.accuracy, one.openCases, one.installed, one.plate,
        ],
      }, pages());
    }),

    handle(contract.nearestComponents, async ({ query, language }) => {
      const county = await identity.county(query.county);
      if (isRefusal(county)) return county;
      const found = await components.nearest(county, query.lng, query.lat, {
        ...(query.class !== undefined && { classes: [query.class] }), ...(query.accuracy !== undefined && { accuracyMetres: query.accuracy }),
        ...(query.within !== undefined && { withinMetres: query.within }), ...(query.limit !== undefined && { limit: query.limit }),
      });
      const tenth = (value: number): number => Math.round(value * 10) / 10;
      return {
        items: found.map(({ component, metres, between: [low, high], likelihood }) => ({
          ...publicView(component, language), metres: tenth(metres), between: [tenth(low), tenth(high)] as [number, number], likelihood: Math.round(likelihood * 1_000) / 1_000,
        })),
      };
    }),

    handle(contract.mapComponents, async ({ query, language, reply }) => {
      const county = await identity.county(query.county);
      if (isRefusal(county)) return county;
      const [west, south, east, north] = query.bbox.split(',').map(Number) as [number, number, number, number];
      if (west > east || south > north || east - west > 2 || north - south > 2) return refuse(422, 'components.box', { box: query.bbox });
      const found = await components.within(county, { west, south, east, north }, { limit: mostOnMap + 1, ...(query.class !== undefined && { classes: [query.class] }) });
      await reply.type('application/geo+json').send(JSON.stringify({
        type: 'FeatureCollection', more: found.length > mostOnMap,
        features: found.slice(0, mostOnMap).map((one) => {
          const { lng, lat, ...properties } = publicView(one, language);
          return { type: 'Feature', id: one.code, geometry: { type: 'Point', coordinates: [lng, lat] }, properties };
        }),
      }));
      return undefined;
    }),

    handle(contract.listClasses, async ({ query, language }) => {
      const county = await identity.county(query.county);
      if (isRefusal(county)) return county;
      const counted = new Map((await components.counts(county)).map((one) => [one.class, one]));
      return {
        classes: classes.all.map(({ code, name, majorName }) => ({
          code, name: name[language], majorName: majorName[language], all: counted.get(code)?.all ?? 0, faulty: counted.get(code)?.faulty ?? 0,
        })),
        states: Object.entries(states).map(([key, name]) => ({ key, name: name[language] })),
      };
    }),

    handle(contract.readComponent, async ({ actor, params, query, language }) => {
      const county = await permitted(actor, query.county, 'components.read');
      if (isRefusal(county)) return county;
      const one = await components.find(county, params.code);
      return one ? (await views(county, [one], language))[0]! : refuse(404, 'components.no_component', { code: params.code });
    }),
  ];

  const changing = [
    handle(contract.importComponents, async ({ actor, query, language, upload }) => {
      // Asked before the file is read: whoever may not import need not send it.
      const county = await permitted(actor, query.county, 'components.import');
      if (isRefusal(county)) return county;
      const file = await upload();
      if (isRefusal(file)) return file;
      const done = await components.importTable(actor, county, {
        source: { name: file.filename ?? 'components', bytes: file.bytes }, dryRun: query.dryRun ?? false, ...(query.crs !== undefined && { system: query.crs }),
      });
      if (isRefusal(done)) return done;
      return {
        ...done, ignored: [...done.ignored],
        classes: Object.entries(done.classes).map(([code, rows]) => ({ code, name: classes.find(code)?.name[language] ?? code, rows })),
      };
    }),
  ];
  return [...reading, ...changing];
};
