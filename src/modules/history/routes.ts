import type { Actor } from '../../base/actor.ts';
import { isRefusal, refuse, type Refusal, type Result } from '../../base/result.ts';
import { say, type Language } from '../../base/text/language.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { textsOf } from '../../platform/texts.ts';
import { allPages, type Identity } from '../identity/index.ts';
import * as contract from './contract.ts';
import type { History, ImportRow } from './index.ts';
import type { KnownMapping } from './service/mappings.ts';

const pageSize = 30;
const exportedAtOnce = 100;
const words = (language: Language, key: string, params?: Readonly<Record<string, string | number>>): string => say(textsOf('history'), language, key, params);

/**
 * The addresses of imports and of their mappings. Thin: who may, and the words of it all.
 * @param offsetOf minutes that a county's time is ahead of UTC
 */
export const historyRoutes = ({ runs, mappings }: Pick<History, 'runs' | 'mappings'>, identity: Pick<Identity, 'world' | 'accounts' | 'county' | 'permits' | 'send'>, offsetOf: (county: string) => number): Mounted[] => {
  const { db } = identity.world;
  const countyOf = (actor: Actor, asked: string | undefined): Promise<Result<string>> => identity.county(asked ?? actor.grants[0]?.county);
  const namesOf = (ids: readonly string[]): Promise<ReadonlyMap<string, string>> => identity.accounts.names(db, [...new Set(ids)]);
  const item = (row: ImportRow, names: ReadonlyMap<string, string>, language: Language): contract.ImportItem => ({
    id: row.id, file: row.file, bytes: row.bytes, received: row.received, state: row.state, mapping: row.mapping_name, mappingVersion: row.mapping_version, source: row.source,
    author: names.get(row.actor) ?? words(language, 'by.system'), at: row.at.toISOString(), endedAt: row.ended_at?.toISOString() ?? null,
    rows: row.rows, added: row.added, known: row.known, refused: row.refused, share: row.share,
  });
  const reason = (language: Language, key: string, params: Readonly<Record<string, string | number>>): string => say(textsOf('reasons'), language, key, params);
  const advice = (language: Language, rule: string): string => (`advice.${rule}` in textsOf('history') ? words(language, `advice.${rule}`) : words(language, 'advice.other'));
  const view = async (row: ImportRow, language: Language): Promise<contract.ImportView> => ({
    ...item(row, await namesOf([row.actor]), language), definition: row.definition, leaveOut: row.leave_out, faults: row.faults !== null,
    report: row.report && { ...row.report, problems: row.report.problems.map((one) => ({ ...one, words: reason(language, one.rule, { column: one.column, value: one.lines[0]?.value ?? '', line: one.lines[0]?.line ?? 0 }), advice: advice(language, one.rule) })) },
    error: row.error && reason(language, row.error.reason, row.error.params ?? {}),
  });
  /** A state is named in the reader's language. */
  const told = (refusal: Refusal, language: Language): Refusal => (refusal.reason === 'history.state_now' ? { ...refusal, params: { state: words(language, `state.${refusal.params?.['state']}`) } } : refusal);
  const answer = async (row: Result<ImportRow>, language: Language): Promise<Result<contract.ImportView>> => (isRefusal(row) ? told(row, language) : view(row, language));
  const mappingItem = ({ name, version, definition, author, at }: KnownMapping, names: ReadonlyMap<string, string>, language: Language): contract.MappingItem => ({
    name, version, definition, title: definition.name[language], author: author === null ? null : (names.get(author) ?? words(language, 'by.system')), at: at?.toISOString() ?? null,
  });

  const page = async (actor: Actor, county: string, language: Language, limit: number, asked: string | undefined): Promise<Result<{ items: contract.ImportItem[]; next: string | null }>> => {
    const [at, id] = (asked ?? '').split(' ');
    const rows = await runs.list(actor, county, at && id && !Number.isNaN(Date.parse(at)) ? { at: new Date(at), id } : null, limit + 1);
    if (isRefusal(rows)) return rows;
    const shown = rows.slice(0, limit);
    const names = await namesOf(shown.map(({ actor: by }) => by));
    const last = shown.at(-1);
    return { items: shown.map((row) => item(row, names, language)), next: rows.length > limit && last ? `${last.at.toISOString()} ${last.id}` : null };
  };

  return [
    handle(contract.listImports, async ({ actor, query, language }) => {
      const county = await countyOf(actor, query.county);
      return isRefusal(county) ? county : page(actor, county, language, query.limit ?? pageSize, query.after);
    }),
    handle(contract.exportImports, async ({ actor, query, language, reply }) => {
      const county = await countyOf(actor, query.county);
      if (isRefusal(county)) return county;
      const read = (after?: string) => page(actor, county, language, exportedAtOnce, after);
      const first = await read();
      if (isRefusal(first)) return first;
      return identity.send(reply, {
        county, kind: 'history', actor, grant: identity.permits(actor, county, 'settings.edit')!, format: query.format, filter: {}, file: words(language, 'list'), offsetMinutes: offsetOf(county),
        columns: ['file', 'state', 'added', 'known', 'refused', 'rows', 'source', 'mapping', 'author', 'at', 'ended'].map((name) => words(language, `col.${name}`)),
        rowOf: (one) => [one.file, words(language, `state.${one.state}`), one.added, one.known, one.refused, one.rows, one.source, one.mapping === null ? null : one.mappingVersion === 0 ? words(language, 'mapping.shipped', { name: one.mapping }) : words(language, 'mapping.version', { name: one.mapping, version: one.mappingVersion ?? 0 }), one.author,
          { at: Date.parse(one.at) }, one.endedAt === null ? null : { at: Date.parse(one.endedAt) }],
      }, allPages(first, read));
    }),
    handle(contract.readImport, async ({ actor, params, query, language }) => {
      const county = await countyOf(actor, query.county);
      return isRefusal(county) ? county : answer(await runs.find(actor, county, params.id), language);
    }),
    handle(contract.beginImport, async ({ actor, body, language }) => {
      const county = await countyOf(actor, body.county);
      return isRefusal(county) ? county : answer(await runs.begin(actor, county, body.file, body.bytes), language);
    }),
    handle(contract.sendPiece, async ({ actor, params, query, language, upload }) => {
      const county = await countyOf(actor, query.county);
      if (isRefusal(county)) return county;
      // Asked before the piece is read: whoever may not need not send it.
      const begun = await runs.find(actor, county, params.id);
      if (isRefusal(begun)) return begun;
      const piece = await upload();
      return isRefusal(piece) ? piece : answer(await runs.piece(actor, county, params.id, params.n, piece.bytes), language);
    }),
    handle(contract.readTitles, async ({ actor, params, query, language }) => {
      const county = await countyOf(actor, query.county);
      if (isRefusal(county)) return county;
      const titles = await runs.titles(actor, county, params.id);
      return isRefusal(titles) ? told(titles, language) : { titles: [...titles.titles], fits: titles.fits };
    }),
    handle(contract.checkImport, async ({ actor, params, body, language }) => {
      const county = await countyOf(actor, body.county);
      return isRefusal(county) ? county : answer(await runs.check(actor, county, params.id, body.mapping, body.version), language);
    }),
    handle(contract.turnImport, async ({ actor, params, body, language }) => {
      const county = await countyOf(actor, body.county);
      return isRefusal(county) ? county : answer(await runs.turn(actor, county, params.id, body.turn, body.leaveOut ?? false), language);
    }),
    handle(contract.exportFaults, async ({ actor, params, query, language, reply }) => {
      const county = await countyOf(actor, query.county);
      if (isRefusal(county)) return county;
      const found = await runs.faults(actor, county, params.id);
      if (isRefusal(found)) return found;
      return identity.send(reply, {
        county, kind: 'history', actor, grant: identity.permits(actor, county, 'settings.edit')!, format: query.format, filter: { import: params.id }, file: words(language, 'faults.file'),
        columns: ['line', 'column', 'value', 'level', 'what', 'advice'].map((name) => words(language, `faults.${name}`)),
        rowOf: ({ line, column, value, rule, level }) => [line, column, value, words(language, `level.${level}`), reason(language, rule, { column, value, line }), advice(language, rule)],
      }, found.faults);
    }),
    handle(contract.listMappings, async ({ actor, query, language }) => {
      const county = await countyOf(actor, query.county);
      if (isRefusal(county)) return county;
      if (!identity.permits(actor, county, 'settings.edit')) return refuse(403, 'identity.not_permitted');
      const all = await mappings.list(county);
      const names = await namesOf(all.flatMap(({ author }) => author ?? []));
      return { items: all.map((one) => mappingItem(one, names, language)) };
    }),
    handle(contract.saveMapping, async ({ actor, params, body, language }) => {
      const county = await countyOf(actor, body.county);
      if (isRefusal(county)) return county;
      const saved = await mappings.save(actor, county, params.name, body.base, body.definition);
      return isRefusal(saved) ? saved : mappingItem(saved, await namesOf([actor.id]), language);
    }),
  ];
};
