import type { Actor } from '../../../base/actor.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import { say, type Language } from '../../../base/text/language.ts';
import { sendDownload } from '../../../platform/http/download.ts';
import { handle, type Call, type Mounted } from '../../../platform/http/handler.ts';
import { csvLine } from '../../../platform/tables/export.ts';
import { textsOf } from '../../../platform/texts.ts';
import * as contract from '../contract/cameras.ts';
import type { Cameras } from '../index.ts';
import { sectorOf, type Seen } from '../rules/sight.ts';
import type { CameraOrder } from '../service/import.ts';
import { cameraFields, type Camera } from '../service/register.ts';

/** Rows that an export reads at a time. */
const exportRows = 1_000;
/** Cameras on one map answer: more would be one dark spot. */
const mostOnMap = 2_000;
const usual = 50;

/** Why a camera stands where it does in the order, in words. */
export const seenWords = ({ metres, inReach, view, sight }: Seen, state: Camera['state'], language: Language): string => {
  const t = (key: string, params?: Readonly<Record<string, string | number>>): string => say(textsOf('cameras'), language, key, params);
  return [
    t('near.metres', { metres: Math.round(metres) }), ...(state === 'works' ? [] : [t(`near.${state}`)]), ...(inReach ? [] : [t('near.far')]), t(`near.view.${view}`), t(`near.sight.${sight}`),
  ].join(t('near.and'));
};

/** The addresses of the register. */
export const cameraRoutes = (cameras: Cameras): Mounted[] => {
  const { identity, register, viewOf } = cameras;
  /** The county that is meant, where the actor has a permission in it. */
  const permitted = async (actor: Actor, asked: string | undefined, permission: string): Promise<Result<string>> => {
    const county = await identity.county(asked);
    return isRefusal(county) || identity.permits(actor, county, permission) ? county : refuse(403, 'identity.not_permitted');
  };
  type Asked = { readonly county?: string; readonly state?: string; readonly purpose?: string; readonly unit?: string; readonly place?: string; readonly ptz?: boolean; readonly notice?: boolean; readonly q?: string };
  const filterOf = async (actor: Actor, query: Asked) => {
    const county = await permitted(actor, query.county, 'cameras.read');
    if (isRefusal(county)) return county;
    const path = query.place === undefined ? null : await cameras.pathOf(county, query.place);
    if (path === undefined) return refuse(422, 'cameras.no_place', { place: query.place! });
    return { county, filter: { state: query.state ?? null, purpose: query.purpose ?? null, owner: query.unit ?? null, path, ptz: query.ptz ?? null, notice: query.notice ?? null, text: query.q?.trim() || null } };
  };
  /** A file that came in, with how it is to be read. The right is asked before: whoever may not import need not send it. */
  const orderOf = async ({ actor, query, upload }: Pick<Call<typeof contract.importCameras>, 'actor' | 'query' | 'upload'>): Promise<Result<CameraOrder & { readonly county: string }>> => {
    const county = await permitted(actor, query.county, 'cameras.edit');
    if (isRefusal(county)) return county;
    const file = await upload();
    if (isRefusal(file)) return file;
    return { county, source: { name: file.filename ?? 'cameras', bytes: file.bytes }, dryRun: query.dryRun ?? false, ...(query.crs !== undefined && { system: query.crs }) };
  };

  return [
    handle(contract.listCameras, async ({ actor, query, language }) => {
      const asked = await filterOf(actor, query);
      if (isRefusal(asked)) return asked;
      const limit = query.limit ?? usual;
      const found = await register.list(asked.county, asked.filter, query.after ?? '', limit + 1);
      const page = found.slice(0, limit);
      return { items: await viewOf(actor, asked.county, page, language), next: found.length > limit ? page.at(-1)!.code : null };
    }),
    handle(contract.exportCameras, async ({ actor, query, language, reply }) => {
      const asked = await filterOf(actor, query);
      if (isRefusal(asked)) return asked;
      const { county, filter } = asked;
      const grant = identity.permits(actor, county, 'cameras.read')!;
      const { format, ...words } = query;
      const { purposes } = await cameras.rules(county);
      async function* pages(): AsyncGenerator<readonly contract.CameraView[]> {
        for (let after = ''; ;) {
          const found = await register.list(county, filter, after, exportRows);
          if (found.length > 0) yield viewOf(actor, county, found, language);
          if (found.length < exportRows) return;
          after = found.at(-1)!.code;
        }
      }
      const bit = (yes: boolean): string => say(textsOf('cameras'), language, yes ? 'yes' : 'no');
      return identity.send(reply, {
        county, kind: 'cameras', actor, grant, format, filter: words, file: say(textsOf('cameras'), language, 'export.file'),
        columns: cameraFields.map(({ titles }) => (language === 'en' ? titles[0]! : titles[1]!)),
        rowOf: (one) => [
          one.code, one.name, one.lng, one.lat, one.spot, one.height, one.bearing, one.opening, one.turning, one.reach, one.owner.name, purposes.find(({ key }) => key === one.purpose.key)?.name[language] ?? one.purpose.key, one.retention,
          bit(one.notice), bit(one.ptz), one.gateway?.name ?? null, one.stream, one.source, one.onvif, bit(one.state === 'off'),
        ],
      }, pages());
    }),
    handle(contract.mapCameras, async ({ actor, query, language, reply }) => {
      const county = await permitted(actor, query.county, 'cameras.read');
      if (isRefusal(county)) return county;
      const [west, south, east, north] = query.bbox.split(',').map(Number) as [number, number, number, number];
      if (west > east || south > north || east - west > 2 || north - south > 2) return refuse(422, 'cameras.box', { box: query.bbox });
      const found = await register.within(county, { west, south, east, north }, mostOnMap + 1);
      const shown = found.slice(0, mostOnMap);
      const views = await viewOf(actor, county, shown, language);
      await reply.type('application/geo+json').send(JSON.stringify({
        type: 'FeatureCollection', more: found.length > mostOnMap,
        features: views.map(({ lng, lat, ...properties }, at) => ({ type: 'Feature', id: properties.code, geometry: { type: 'Point', coordinates: [lng, lat] }, properties: { ...properties, sector: sectorOf(shown[at]!) } })),
      }));
      return undefined;
    }),
    handle(contract.nearestCameras, async ({ actor, query, language }) => {
      const county = await permitted(actor, query.county, 'cameras.read');
      if (isRefusal(county)) return county;
      const found = await register.nearest(county, query.lng, query.lat, { ...(query.within !== undefined && { withinMetres: query.within }), ...(query.limit !== undefined && { limit: query.limit }) });
      const views = await viewOf(actor, county, found.map(({ camera }) => camera), language);
      return { items: found.map(({ camera, seen }, at) => ({ camera: views[at]!, ...seen, metres: Math.round(seen.metres * 10) / 10, towards: Math.round(seen.towards), words: seenWords(seen, camera.state, language) })) };
    }),
    handle(contract.cameraOptions, async ({ actor, query, language }) => {
      const county = await permitted(actor, query.county, 'cameras.read');
      if (isRefusal(county)) return county;
      const { purposes, viewMinutes, holdSeconds, retentionAtMost } = await cameras.rules(county);
      const has = (permission: string): boolean => identity.permits(actor, county, permission) !== undefined;
      return {
        purposes: purposes.map(({ key, name }) => ({ key, name: name[language] })), gateways: (await cameras.gateways.names(county)).map(({ id, name }) => ({ id, name })), viewMinutes, holdSeconds, retentionAtMost,
        buildings: await register.buildings(county), may: { view: has('cameras.view'), turn: has('cameras.turn'), edit: has('cameras.edit'), audit: has('cameras.audit') },
      };
    }),
    handle(contract.publicCameras, async ({ query, language, reply }) => {
      const county = await identity.county(query.county);
      if (isRefusal(county)) return county;
      if (query.format !== 'csv') {
        const features = (await cameras.publicList(county, language)).map(({ lng, lat, ...properties }) => ({ type: 'Feature', id: properties.code, geometry: { type: 'Point', coordinates: [lng, lat] }, properties }));
        await reply.type('application/geo+json').send(JSON.stringify({ type: 'FeatureCollection', features }));
        return undefined;
      }
      const list = await cameras.publicList(county, language);
      sendDownload(reply, { type: 'text/csv; charset=utf-8', file: 'cameras.csv' }, (async function* () {
        yield Buffer.from(`\uFEFF${csvLine(['code', 'name', 'lng', 'lat', 'spot', 'place', 'owner', 'purpose', 'retention_days', 'notice'])}`);
        for (const one of list) yield Buffer.from(csvLine([one.code, one.name, one.lng, one.lat, one.spot, one.place.join(' '), one.owner, one.purpose, one.retention, one.notice ? 1 : 0]));
      })());
      return undefined;
    }),
    handle(contract.readCamera, async ({ actor, params, query, language }) => {
      const county = await permitted(actor, query.county, 'cameras.read');
      if (isRefusal(county)) return county;
      const found = await register.find(county, params.code);
      return found ? (await viewOf(actor, county, [found], language))[0]! : refuse(404, 'cameras.unknown', { code: params.code });
    }),
    handle(contract.changeCamera, async ({ actor, params, body, language }) => {
      const county = await permitted(actor, body.county, 'cameras.edit');
      if (isRefusal(county)) return county;
      const done = await register.change(actor, county, params.code, body);
      return isRefusal(done) ? done : (await viewOf(actor, county, [done], language))[0]!;
    }),
    handle(contract.removeCamera, async ({ actor, params, query }) => {
      const county = await permitted(actor, query.county, 'cameras.edit');
      return isRefusal(county) ? county : register.remove(actor, county, params.code);
    }),
    handle(contract.importCameras, async (asked) => {
      const order = await orderOf(asked);
      const done = isRefusal(order) ? order : await register.importTable(asked.actor, order.county, order);
      return isRefusal(done) ? done : { ...done, ignored: [...done.ignored] };
    }),
    handle(contract.importBuildings, async (asked) => {
      const order = await orderOf(asked);
      return isRefusal(order) ? order : register.importBuildings(asked.actor, order.county, order);
    }),
  ];
};
