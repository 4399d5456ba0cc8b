import { say, type Language } from '../../base/text/language.ts';
import { isRefusal, refuse, type Result } from '../../base/result.ts';
import type { BodyOf } from '../../base/route.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { textsOf } from '../../platform/texts.ts';
import type { World } from '../../platform/world.ts';
import { inParts, type Identity } from '../identity/index.ts';
import * as contract from './contract.ts';
import type { LineProblem } from './rules/rows.ts';
import type { StandardRow } from './rules/standards.ts';
import type { EditOrder } from './editing.ts';
import { dayStart } from './rules/days.ts';
import type { RowChange } from './rules/table.ts';
import type { Catalogue } from './service.ts';

/** Rows of a table at most: an import takes no more. */
const exportRows = 100_000;

const iso = (ms: number): string => new Date(ms).toISOString();

const rowView = ({ line: _, limit, ...row }: StandardRow): contract.StandardRowView => ({ ...row, limit: limit && { ...limit } });

/** Problems with their words. */
export const lineViews = (problems: readonly LineProblem[], language: Language) =>
  problems.map((problem) => ({ ...problem, words: say(textsOf('reasons'), language, problem.rule, { line: problem.line, column: problem.column ?? '', value: problem.value }) }));

/** What stands under a county's code table, as modules above know it. */
export interface TableUse {
  /** Cases since a time, by row. */
  recent(county: string, since: number): Promise<ReadonlyMap<string, number>>;
  /** Cases that have not ended, by version. */
  open(county: string): Promise<ReadonlyMap<number, number>>;
}

const unused: TableUse = { recent: async () => new Map(), open: async () => new Map() };

/** Days that a preview looks back. */
const lookBackMs = 30 * 86_400_000;

/** The first instant of a day that was asked for; undefined where none was. Refusal: 422 `catalogue.day`. */
const effectiveOf = (day: string | undefined, offsetMinutes: number): Result<number | undefined> => {
  const at = day === undefined ? undefined : dayStart(day, offsetMinutes);
  return day !== undefined && at === undefined ? refuse(422, 'catalogue.day', { value: day }, [{ path: '/effective', reason: 'catalogue.day', params: { value: day } }]) : at;
};

const orderOf = (body: BodyOf<typeof contract.editRows>, offsetMinutes: number): Result<EditOrder> => {
  const effectiveAt = effectiveOf(body.effective, offsetMinutes);
  return isRefusal(effectiveAt) ? effectiveAt : { base: body.base, edits: body.edits, ...(effectiveAt !== undefined && { effectiveAt: effectiveAt as number }) };
};

const changeView = (change: RowChange): contract.RowChangeView => ({ ...change, fields: change.fields.map((field) => ({ ...field })) });

/** The addresses of the code table. */
export const catalogueRoutes = (world: World, catalogue: Catalogue, identity: Pick<Identity, 'county' | 'permits' | 'accounts' | 'send' | 'zone'>, use: TableUse = unused): Mounted[] => [
  handle(contract.listRows, async ({ query }) => {
    const county = await identity.county(query.county);
    if (isRefusal(county)) return county;
    await catalogue.refresh(county);
    const version = query.version ?? catalogue.currentVersion(county, world.now());
    if (version === undefined) return { version: null, items: [] };
    const { q = '', major, kind, limit = 50 } = query;
    return {
      version,
      items: catalogue.search(county, q, { version, limit, ...(major !== undefined && { major }), ...(kind !== undefined && { kind }) }).map(rowView),
    };
  }),

  handle(contract.exportRows, async ({ actor, query, language, reply }) => {
    const county = await identity.county(query.county);
    if (isRefusal(county)) return county;
    const grant = identity.permits(actor, county, 'standards.read');
    if (!grant) return refuse(403, 'identity.not_permitted');
    await catalogue.refresh(county);
    const version = query.version ?? catalogue.currentVersion(county, world.now());
    const { q = '', kind, format } = query;
    const rows = version === undefined ? [] : catalogue.search(county, q, { version, limit: exportRows, ...(kind !== undefined && { kind }) });
    const word = (key: string): string => say(textsOf('exports'), language, `standards.${key}`);
    return identity.send(reply, {
      county, kind: 'standards', actor, grant, format, filter: { q, kind, version: String(version ?? '') }, file: word('file'),
      columns: ['code', 'major', 'minor', 'open', 'close', 'limit', 'handler', 'authority', 'note'].map(word),
      rowOf: (row) => [row.code, row.majorName, row.minorName, row.openCondition, row.closeCondition, row.limitText, row.handler, row.authority, row.note],
    }, inParts(rows));
  }),

  handle(contract.readRowRoute, async ({ params, query }) => {
    const county = await identity.county(query.county);
    if (isRefusal(county)) return county;
    await catalogue.refresh(county);
    const version = query.version ?? catalogue.currentVersion(county, world.now());
    const row = version === undefined ? undefined : catalogue.row(county, version, params.key);
    return version !== undefined && row ? { version, row: rowView(row) } : refuse(404, 'catalogue.no_row', { key: params.key });
  }),

  handle(contract.listVersions, async ({ actor, query }) => {
    const county = await identity.county(query.county);
    if (isRefusal(county)) return county;
    if (!identity.permits(actor, county, 'standards.read')) return refuse(403, 'identity.not_permitted');
    await catalogue.refresh(county);
    const current = catalogue.currentVersion(county, world.now());
    const versions = catalogue.versions(county);
    const [open, names] = await Promise.all([use.open(county), identity.accounts.names(world.db, [...new Set(versions.flatMap(({ importedBy }) => importedBy ?? []))])]);
    return {
      items: versions.map(({ version, name, effectiveAt, importedAt, digest, rows, notUnderstood, importedBy, withdrawnAt }) => ({
        version, name, effectiveAt: iso(effectiveAt), importedAt: iso(importedAt), digest, rows, notUnderstood, current: version === current,
        author: names.get(importedBy ?? '') ?? null, withdrawnAt: withdrawnAt == null ? null : iso(withdrawnAt), open: open.get(version) ?? 0,
      })),
    };
  }),

  handle(contract.listRowChanges, async ({ actor, params, query }) => {
    const county = await identity.county(query.county);
    if (isRefusal(county)) return county;
    if (!identity.permits(actor, county, 'standards.read')) return refuse(403, 'identity.not_permitted');
    await catalogue.refresh(county);
    const against = query.against ?? catalogue.versions(county).find(({ version }) => version < params.version)?.version ?? 0;
    const all = catalogue.editing.difference(county, params.version, against);
    if (!all) return refuse(404, 'catalogue.no_version', { version: params.version });
    const start = query.after === undefined ? 0 : all.findIndex(({ key }) => key === query.after) + 1;
    const page = all.slice(start, start + (query.limit ?? 50));
    return { against, total: all.length, items: page.map(changeView), next: start + page.length < all.length ? page.at(-1)!.key : null };
  }),

  handle(contract.previewRows, async ({ actor, body }) => {
    const county = await identity.county(body.county);
    if (isRefusal(county)) return county;
    if (!identity.permits(actor, county, 'standards.edit')) return refuse(403, 'identity.not_permitted');
    const order = orderOf(body, (await identity.zone(county)).offsetMinutes);
    if (isRefusal(order)) return order;
    const changes = await catalogue.editing.preview(county, order as EditOrder);
    if (isRefusal(changes)) return changes;
    const [recent, open] = await Promise.all([use.recent(county, world.now() - lookBackMs), use.open(county)]);
    const cases = { limit: 0, handler: 0, gone: 0, all: [...recent.values()].reduce((sum, count) => sum + count, 0) };
    for (const { key, change, fields } of changes as readonly RowChange[]) {
      const count = recent.get(key) ?? 0;
      if (change === 'removed') cases.gone += count;
      if (change !== 'changed') continue;
      if (fields.some(({ field }) => field === 'limitText')) cases.limit += count;
      if (fields.some(({ field }) => field === 'handler')) cases.handler += count;
    }
    return { changes: (changes as readonly RowChange[]).map(changeView), cases, open: [...open.values()].reduce((sum, count) => sum + count, 0) };
  }),

  handle(contract.editRows, async ({ actor, body }) => {
    const county = await identity.county(body.county);
    if (isRefusal(county)) return county;
    const order = orderOf(body, (await identity.zone(county)).offsetMinutes);
    return isRefusal(order) ? order : catalogue.editing.save(actor, county, order as EditOrder);
  }),

  handle(contract.copyVersion, async ({ actor, params, body }) => {
    const county = await identity.county(body.county);
    if (isRefusal(county)) return county;
    const effectiveAt = effectiveOf(body.effective, (await identity.zone(county)).offsetMinutes);
    return isRefusal(effectiveAt) ? effectiveAt : catalogue.editing.copy(actor, county, params.version, effectiveAt as number | undefined);
  }),

  ...([[contract.withdrawVersion, 'withdraw'], [contract.restoreVersion, 'restore']] as const).map(([declared, how]) => handle(declared, async ({ actor, params, body }) => {
    const county = await identity.county(body.county);
    if (isRefusal(county)) return county;
    const done = await catalogue.editing[how](actor, county, params.version);
    return isRefusal(done) ? done : { current: (done as { current: number | null }).current, open: (await use.open(county)).get(params.version) ?? 0 };
  })),

  handle(contract.importStandards, async ({ actor, query, language, upload }) => {
    const county = await identity.county(query.county);
    if (isRefusal(county)) return county;
    // Asked before the file is read: whoever may not import need not send it.
    if (!identity.permits(actor, county, 'standards.import')) return refuse(403, 'identity.not_permitted');
    const effectiveAt = query.effective === undefined ? undefined : dayStart(query.effective, (await identity.zone(county)).offsetMinutes);
    if (query.effective !== undefined && effectiveAt === undefined) return refuse(422, 'catalogue.day', { value: query.effective });
    const file = await upload();
    if (isRefusal(file)) return file;
    const done = await catalogue.importTable(actor, county, {
      source: { name: file.filename ?? query.name ?? 'table', bytes: file.bytes }, dryRun: query.dryRun ?? false,
      ...(query.name !== undefined && { name: query.name }), ...(effectiveAt !== undefined && { effectiveAt }),
      ...(query.hour !== undefined && { defaultHour: query.hour }),
    });
    if (isRefusal(done)) return done;
    return {
      ...done, effectiveAt: iso(done.effectiveAt), ignored: [...done.ignored], changes: { ...done.changes },
      notUnderstood: lineViews(done.notUnderstood, language),
    };
  }),
];
