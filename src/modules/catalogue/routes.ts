import { say, type Language } from '../../base/text/language.ts';
import { isRefusal, refuse } from '../../base/result.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { textsOf } from '../../platform/texts.ts';
import type { World } from '../../platform/world.ts';
import type { Identity } from '../identity/index.ts';
import * as contract from './contract.ts';
import type { LineProblem } from './rules/rows.ts';
import type { StandardRow } from './rules/standards.ts';
import { dayStart } from './rules/days.ts';
import type { Catalogue } from './service.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

const rowView = ({ line: _, limit, ...row }: StandardRow): contract.StandardRowView => ({ ...row, limit: limit && { ...limit } });

/** Problems with their words. */
export const lineViews = (problems: readonly LineProblem[], language: Language) =>
  problems.map((problem) => ({ ...problem, words: say(textsOf('reasons'), language, problem.rule, { line: problem.line, column: problem.column ?? '', value: problem.value }) }));

/** The addresses of the code table. */
export const catalogueRoutes = (world: World, catalogue: Catalogue, identity: Pick<Identity, 'county' | 'permits'>): Mounted[] => [
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
    return {
      items: catalogue.versions(county).map(({ version, name, effectiveAt, importedAt, digest, rows, notUnderstood }) => ({
        version, name, effectiveAt: iso(effectiveAt), importedAt: iso(importedAt), digest, rows, notUnderstood, current: version === current,
      })),
    };
  }),

  handle(contract.importStandards, async ({ actor, query, language, upload }) => {
    const county = await identity.county(query.county);
    if (isRefusal(county)) return county;
    // Asked before the file is read: whoever may not import need not send it.
    if (!identity.permits(actor, county, 'standards.import')) return refuse(403, 'identity.not_permitted');
    const effectiveAt = query.effective === undefined ? undefined : dayStart(query.effective);
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
