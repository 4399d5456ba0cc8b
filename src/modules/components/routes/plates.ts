import { theSystem } from '../../../base/actor.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import { say, type Language } from '../../../base/text/language.ts';
import { handle, type Mounted } from '../../../platform/http/handler.ts';
import type { Pictures } from '../../../platform/pictures/index.ts';
import { textsOf } from '../../../platform/texts.ts';
import type { World } from '../../../platform/world.ts';
import type { Identity } from '../../identity/index.ts';
import type { Places } from '../../places/index.ts';
import * as contract from '../contract/plates.ts';
import { showPlate } from '../rules/plate-codes.ts';
import type { PlateTarget } from '../service/plates.ts';
import type { Components } from '../service/components.ts';

/** Rows that an export reads at a time. */
const exportRows = 1_000;

/** Cursor of the list of batches: the moment in milliseconds and the id of the last one seen. */
const cursorOf = (text: string | undefined): { readonly at: Date; readonly batch: string } | null => {
  const [, at, batch] = /^(\d{1,15})\.([0-9a-f-]{36})$/u.exec(text ?? '') ?? [];
  return at === undefined || batch === undefined ? null : { at: new Date(Number(at)), batch };
};

/** The addresses of plates. */
export const plateRoutes = (
  world: World, components: Components, identity: Pick<Identity, 'county' | 'permits' | 'send' | 'accounts'>, places: Pick<Places, 'tree'>, pictures: Pick<Pictures, 'own'>,
): Mounted[] => {
  const { book } = components;
  type Asker = Parameters<Identity['permits']>[0];
  const words = (language: Language, key: string): string => say(textsOf('plates'), language, key);
  const addressOf = (plate: string): string => `${world.config.url}/q/${plate}`;
  const plateView = ({ plate, kind, target }: Pick<PlateTarget, 'plate' | 'kind' | 'target'>) => ({ plate, shown: showPlate(plate), kind, target, address: addressOf(plate) });
  const sheetOf = (county: string, codes: readonly string[]): string => `/api/components/plates?county=${county}&ids=${codes.join(',')}`;
  const permitted = async (actor: Asker, asked: string | undefined, permission: string): Promise<Result<string>> => {
    const county = await identity.county(asked ?? actor.grants[0]?.county);
    return isRefusal(county) || identity.permits(actor, county, permission) ? county : refuse(403, 'identity.not_permitted');
  };
  const namesOf = (ids: readonly (string | null)[]): Promise<Map<string, string>> =>
    identity.accounts.names(world.db, [...new Set(ids.filter((id): id is string => id !== null && /^[0-9a-f-]{36}$/u.test(id)))]);
  const byOf = (names: ReadonlyMap<string, string>, id: string | null, language: Language): string | null => (id === theSystem.id ? words(language, 'author.system') : id === null ? null : (names.get(id) ?? null));
  const photoOf = async (actor: Asker, county: string, digest: string | undefined): Promise<Result<string | undefined>> => {
    if (digest === undefined) return undefined;
    const kept = await pictures.own(actor, county, digest);
    return isRefusal(kept) ? kept : kept.served;
  };

  const listed = async (county: string, rows: Awaited<ReturnType<typeof book.list>>, language: Language): Promise<contract.PlateItem[]> => {
    const tree = await places.tree(county as CountyCode);
    const names = await namesOf(rows.map(({ by }) => by));
    const batches = new Map<string, string>();
    for (const id of new Set(rows.flatMap(({ batch }) => batch ?? []))) batches.set(id, (await book.batch(county, id))?.name ?? '');
    return rows.map((row) => {
      const place = row.kind === 'gate' ? tree.find(row.target) : row.place === null ? undefined : tree.find(row.place);
      return {
        ...plateView(row), name: row.name ?? (row.kind === 'gate' ? (place?.name ?? row.target) : row.kind === 'blank' ? words(language, 'kind.blank') : row.target),
        place: place ? tree.chain(place).map(({ name }) => name).slice(-2).join(' · ') : null, state: row.state, stateLabel: words(language, `state.${row.state}`), kindLabel: words(language, `kind.${row.kind}`),
        at: (row.at ?? row.issued_at).toISOString(), by: byOf(names, row.by, language), batch: row.batch === null ? null : { id: row.batch, name: batches.get(row.batch) ?? '' }, photo: row.photo,
      };
    });
  };
  const filterOf = async (actor: Asker, query: { readonly county?: string; readonly state?: string; readonly kind?: string; readonly batch?: string; readonly place?: string; readonly q?: string }) => {
    const county = await permitted(actor, query.county, 'components.read');
    if (isRefusal(county)) return county;
    const place = query.place === undefined ? undefined : (await places.tree(county as CountyCode)).find(query.place);
    if (query.place !== undefined && !place) return refuse(422, 'components.no_place', { place: query.place });
    return { county, filter: { state: query.state ?? null, kind: query.kind ?? null, batch: query.batch ?? null, path: place?.path ?? null, text: query.q?.trim() || null } };
  };

  const reading = [
    handle(contract.readPlate, async ({ params, query, language }) => {
      const found = await components.plate(query.county ?? null, params.plate);
      if (isRefusal(found)) return found;
      const one = found.kind === 'component' ? await components.find(found.county, found.target) : undefined;
      return {
        ...found,
        component: one ? {
          code: one.code, class: one.standard, className: components.classes.find(one.standard)?.name[language] ?? one.standard, name: one.name,
          lng: one.lng, lat: one.lat, accuracy: one.accuracy, state: one.state, stateLabel: components.states[one.state]?.[language] ?? one.state,
        } : null,
      };
    }),
    handle(contract.listSheets, async ({ actor, query, language }) => {
      const county = await permitted(actor, query.county, 'components.read');
      if (isRefusal(county)) return county;
      return { items: (await book.sheets(county)).map(({ key, name, columns, rows }) => ({ key, name: name[language], perSheet: columns * rows })) };
    }),
    handle(contract.listPlates, async ({ actor, query, language }) => {
      const asked = await filterOf(actor, query);
      if (isRefusal(asked)) return asked;
      const limit = query.limit ?? 50;
      const rows = await book.list(asked.county, asked.filter, query.after ?? '', limit + 1);
      const page = rows.slice(0, limit);
      return { items: await listed(asked.county, page, language), next: rows.length > limit ? page.at(-1)!.plate : null };
    }),
    handle(contract.exportPlates, async ({ actor, query, language, reply }) => {
      const asked = await filterOf(actor, query);
      if (isRefusal(asked)) return asked;
      const { county, filter } = asked;
      const { format, ...said } = query;
      async function* pages(): AsyncGenerator<readonly contract.PlateItem[]> {
        for (let after = ''; ;) {
          const rows = await book.list(county, filter, after, exportRows);
          if (rows.length > 0) yield listed(county, rows, language);
          if (rows.length < exportRows) return;
          after = rows.at(-1)!.plate;
        }
      }
      return identity.send(reply, {
        county, kind: 'plates', actor, grant: identity.permits(actor, county, 'components.read')!, format, filter: said, file: words(language, 'export.file'),
        columns: ['plate', 'kind', 'target', 'name', 'place', 'state', 'at', 'by', 'batch', 'address'].map((name) => words(language, `export.${name}`)),
        rowOf: (one) => [one.shown, one.kindLabel, one.target, one.name, one.place, one.stateLabel, one.at, one.by, one.batch?.name ?? null, one.address],
      }, pages());
    }),
    handle(contract.readPlateSteps, async ({ actor, params, query, language }) => {
      const county = await permitted(actor, query.county, 'components.read');
      if (isRefusal(county)) return county;
      const steps = await book.steps(county, params.plate);
      if (isRefusal(steps)) return steps;
      const names = await namesOf(steps.map(({ by }) => by));
      return { items: steps.map(({ state, at, by, target, photo }) => ({ state, label: words(language, `state.${state}`), at: at.toISOString(), by: byOf(names, by, language), target, photo })) };
    }),
    handle(contract.listPlateBatches, async ({ actor, query, language }) => {
      const county = await permitted(actor, query.county, 'components.read');
      if (isRefusal(county)) return county;
      const limit = query.limit ?? 20;
      const rows = await book.batches(county, cursorOf(query.after), limit + 1);
      const page = rows.slice(0, limit);
      const counted = await book.states(county, page.map(({ batch }) => batch));
      const names = await namesOf(page.map(({ made_by: by }) => by));
      const sheets = new Map((await book.sheets(county)).map((sheet) => [sheet.key, sheet.name[language]]));
      const last = page.at(-1);
      return {
        items: page.map((one) => ({
          id: one.batch, name: one.name, kind: one.kind, kindLabel: words(language, `kind.${one.kind}`), plates: one.plates, at: one.made_at.toISOString(), by: byOf(names, one.made_by, language),
          sheetKey: one.sheet, sheetName: sheets.get(one.sheet) ?? one.sheet, sheet: `/api/components/plates?county=${county}&batch=${one.batch}`,
          states: counted.filter(({ batch }) => batch === one.batch).map(({ state, count }) => ({ state, label: words(language, `state.${state}`), count })),
        })),
        next: rows.length > limit && last ? `${last.made_at.getTime()}.${last.batch}` : null,
      };
    }),
  ];

  const changing = [
    handle(contract.issuePlates, async ({ actor, body }) => {
      const county = await permitted(actor, body.county, 'plates.print');
      if (isRefusal(county)) return county;
      const found = new Set((await components.many(county, body.codes)).map(({ code }) => code));
      const missing = body.codes.find((code) => !found.has(code));
      if (missing !== undefined) return refuse(422, 'components.no_component', { code: missing });
      const plates = await components.issuePlates(actor, county, 'component', body.codes);
      if (isRefusal(plates)) return plates;
      return { items: plates.map(plateView), sheet: sheetOf(county, body.codes) };
    }),
    handle(contract.withdrawPlate, async ({ actor, params, query }) => {
      const county = await permitted(actor, query.county, 'plates.print');
      if (isRefusal(county)) return county;
      const found = await components.plate(county, params.plate);
      if (isRefusal(found)) return found;
      const gone = await components.withdrawPlates(actor, county, [found.plate]);
      return isRefusal(gone) ? gone : { plate: found.plate };
    }),
    handle(contract.makePlateBatch, async ({ actor, body }) => {
      const county = await permitted(actor, body.county, 'plates.print');
      if (isRefusal(county)) return county;
      const { county: _, ...order } = body;
      const made = await book.make(actor, county, order);
      return isRefusal(made) ? made : { ...made, sheet: made.batch === null ? null : `/api/components/plates?county=${county}&batch=${made.batch}` };
    }),
    handle(contract.setPlates, async ({ actor, body, language }) => {
      const county = await permitted(actor, body.county, 'plates.print');
      if (isRefusal(county)) return county;
      const photo = await photoOf(actor, county, body.photo);
      if (isRefusal(photo)) return photo;
      const { county: _, photo: __, ...order } = body;
      const set = await book.set(actor, county, { ...order, ...(photo !== undefined && { photo }) });
      if (isRefusal(set)) return set;
      const said = (params: Readonly<Record<string, string>>) => Object.fromEntries(Object.entries(params).map(([name, value]) => [name, name === 'from' || name === 'to' ? words(language, `state.${value}`) : value]));
      const fresh = Object.values(set.fresh);
      return {
        done: set.done, refused: set.refused.map(({ plate, reason, params }) => ({ plate, shown: plate.length === 8 ? showPlate(plate) : plate, words: say(textsOf('reasons'), language, reason, said(params)) })),
        sheet: fresh.length === 0 ? null : `/api/components/plates?county=${county}&plates=${fresh.join(',')}`,
      };
    }),
    handle(contract.attachPlate, async ({ actor, params, body }) => {
      const county = await identity.county(body.county ?? actor.grants[0]?.county);
      if (isRefusal(county)) return county;
      const photo = await photoOf(actor, county, body.photo);
      if (isRefusal(photo)) return photo;
      const done = await book.attach(actor, county, { op: body.op, plate: params.plate, code: body.code, ...(photo !== undefined && { photo }), ...(body.done !== undefined && { doneAt: body.done.at }) });
      return isRefusal(done) ? done : { ...done, shown: showPlate(done.plate) };
    }),
  ];
  return [...reading, ...changing];
};
