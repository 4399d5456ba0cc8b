import type { Json } from '../../base/canonical.ts';
import { isRefusal, refuse, type Result } from '../../base/result.ts';
import { say, type Language } from '../../base/text/language.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { textsOf } from '../../platform/texts.ts';
import type { Actor } from '../../base/actor.ts';
import { allPages, type Identity } from '../identity/index.ts';
import { backArea, exportSettingVersions, listAreas, listSettingVersions, previewArea, readArea, readSettingVersion, saveArea, type AreaItem, type EffectView, type VersionView } from './contract/routes.ts';
import { localized, type SchemaShape } from './rules/said.ts';
import type { Area, Effect } from './service/areas.ts';
import { isAccount, type Settings, type Version } from './service/settings.ts';

const texts = () => textsOf('settings');
/** Versions that an export reads at once: each is compared with the one before. */
const exportedAtOnce = 20;

/** A parameter that begins with `@` is the key of a text of its own. */
const effectView = (language: Language) => ({ words, params = {}, tone = 'plain' }: Effect): EffectView => ({
  words: say(texts(), language, words, Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typeof value === 'string' && value.startsWith('@') ? say(texts(), language, value.slice(1)) : value]))), tone,
});

/**
 * Thin: who may, in which county, and the words of it all.
 * @param offsetOf minutes that a county's time is ahead of UTC
 */
export const settingsRoutes = (settings: Settings, { world, accounts, county: countyOf, send }: Pick<Identity, 'world' | 'accounts' | 'county' | 'send'>, offsetOf: (county: string) => number): Mounted[] => {
  const opened = async (actor: Actor, asked: string | undefined): Promise<Result<string>> => {
    const county = await countyOf(asked ?? actor.grants[0]?.county);
    if (isRefusal(county)) return county;
    return settings.reads(actor, county) ? county : refuse(403, 'identity.not_permitted');
  };
  const found = (name: string): Result<Area> => settings.areas().find((area) => area.name === name) ?? refuse(404, 'settings.area', { area: name });
  const namesOf = async (versions: readonly Version[]): Promise<ReadonlyMap<string, string>> =>
    accounts.names(world.db, [...new Set(versions.flatMap(({ author }) => (author !== null && isAccount(author) ? [author] : [])))]);
  const authorName = (names: ReadonlyMap<string, string>, author: string | null, language: Language): string | null =>
    author === null ? null : (names.get(author) ?? say(texts(), language, 'author.system'));
  const item = (actor: Actor, county: string, area: Area, last: Version | undefined, own: Json, names: ReadonlyMap<string, string>, language: Language): AreaItem => ({
    name: area.name, title: say(texts(), language, `area.${area.name}`), about: say(texts(), language, `area.${area.name}.about`),
    shipped: own === null, version: last?.version ?? 0, at: last?.at.toISOString() ?? null, author: authorName(names, last?.author ?? null, language),
    edits: settings.edits(actor, county, area) !== undefined,
  });
  const versionView = (row: Version, current: number, names: ReadonlyMap<string, string>, language: Language): VersionView => ({
    version: row.version, at: row.at.toISOString(), author: authorName(names, row.author, language), note: row.note, backTo: row.backTo, current: row.version === current,
  });

  return [
    handle(listAreas, async ({ actor, query, language }) => {
      const county = await opened(actor, query.county);
      if (isRefusal(county)) return county;
      const newest = await settings.newest(county);
      const names = await namesOf([...newest.values()]);
      return { items: await Promise.all(settings.areas().map(async (area) => item(actor, county, area, newest.get(area.name), await settings.document(county, area.name), names, language))) };
    }),
    handle(readArea, async ({ actor, params, query, language }) => {
      const county = await opened(actor, query.county);
      if (isRefusal(county)) return county;
      const area = found(params.area);
      if (isRefusal(area)) return area;
      const [last] = await settings.versions(county, area.name, null, 1);
      const document = await settings.document(county, area.name);
      return {
        ...item(actor, county, area, last, document, await namesOf(last ? [last] : []), language),
        editor: area.editor ?? 'form', schema: localized(area.schema as unknown as SchemaShape, area.name, texts(), language),
        document, defaults: (await area.shipped?.(county)) ?? null, beside: (await area.beside?.(county, language)) ?? null,
      };
    }),
    handle(previewArea, async ({ actor, params, body, language }) => {
      const county = await opened(actor, body.county);
      if (isRefusal(county)) return county;
      const area = found(params.area);
      if (isRefusal(area)) return area;
      if (!settings.edits(actor, county, area)) return refuse(403, 'identity.not_permitted');
      const seen = await settings.preview(county, area.name, body.document as Json, language);
      return isRefusal(seen) ? seen : { version: seen.version, changes: [...seen.changes], effects: seen.effects.map(effectView(language)) };
    }),
    handle(saveArea, async ({ actor, params, body }) => {
      const county = await opened(actor, body.county);
      if (isRefusal(county)) return county;
      const done = await settings.save(actor, county, params.area, { base: body.base, document: body.document as Json, ...(body.note !== undefined && { note: body.note }) });
      return isRefusal(done) ? done : { version: done.version };
    }),
    handle(backArea, async ({ actor, params, body }) => {
      const county = await opened(actor, body.county);
      if (isRefusal(county)) return county;
      const done = await settings.back(actor, county, params.area, { base: body.base, version: body.version, ...(body.note !== undefined && { note: body.note }) });
      return isRefusal(done) ? done : { version: done.version };
    }),
    handle(listSettingVersions, async ({ actor, params, query, language }) => {
      const county = await opened(actor, query.county);
      if (isRefusal(county)) return county;
      const area = found(params.area);
      if (isRefusal(area)) return area;
      const limit = query.limit ?? 20;
      const rows = await settings.versions(county, area.name, query.after ?? null, limit + 1);
      const [last] = await settings.versions(county, area.name, null, 1);
      const names = await namesOf(rows);
      const shown = rows.slice(0, limit);
      return { items: shown.map((row) => versionView(row, last?.version ?? 0, names, language)), next: rows.length > limit ? shown.at(-1)!.version : null };
    }),
    handle(exportSettingVersions, async ({ actor, params, query, language, reply }) => {
      const county = await opened(actor, query.county);
      if (isRefusal(county)) return county;
      const area = found(params.area);
      if (isRefusal(area)) return area;
      const [last] = await settings.versions(county, area.name, null, 1);
      const page = async (after?: string) => {
        const rows = await settings.versions(county, area.name, after === undefined ? null : Number(after), exportedAtOnce + 1);
        const shown = rows.slice(0, exportedAtOnce);
        const names = await namesOf(shown);
        const items = await Promise.all(shown.map(async (row) => ({ ...versionView(row, last?.version ?? 0, names, language), changed: (await settings.version(county, area.name, row.version, language))?.changed ?? [] })));
        return { items, next: rows.length > exportedAtOnce ? String(shown.at(-1)!.version) : null };
      };
      const word = (key: string): string => say(textsOf('exports'), language, `versions.${key}`);
      return send(reply, {
        county, kind: 'settings', actor, grant: settings.reads(actor, county)!, format: query.format, filter: { area: area.name }, file: `${say(texts(), language, `area.${area.name}`)} ${word('file')}`, offsetMinutes: offsetOf(county),
        columns: ['version', 'at', 'author', 'note', 'back', 'changed'].map(word),
        rowOf: (one) => [one.version, { at: Date.parse(one.at) }, one.author ?? word('stood'), one.note, one.backTo ?? '', one.changed.map(({ label, before, after }) => `${label}：${before ?? '—'} → ${after ?? '—'}`).join('；')],
      }, allPages(await page(), page));
    }),
    handle(readSettingVersion, async ({ actor, params, query, language }) => {
      const county = await opened(actor, query.county);
      if (isRefusal(county)) return county;
      const seen = await settings.version(county, params.area, params.version, language);
      if (!seen) return refuse(404, 'settings.version', { version: params.version });
      const [last] = await settings.versions(county, params.area, null, 1);
      return { version: versionView(seen.version, last?.version ?? 0, await namesOf([seen.version]), language), changed: [...seen.changed], back: [...seen.back], effects: seen.effects.map(effectView(language)) };
    }),
  ];
};
