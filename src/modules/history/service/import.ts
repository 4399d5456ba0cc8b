import { createHash, hash } from 'node:crypto';
import type { Actor } from '../../../base/actor.ts';
import { canonical, type Json } from '../../../base/canonical.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { refuse, type Result } from '../../../base/result.ts';
import type { Limit } from '../../../base/time/limit.ts';
import { txOf, type Tx } from '../../../platform/database/database.ts';
import { openTable, type Field, type TableHead } from '../../../platform/tables/records.ts';
import { TableFault, type TableSource } from '../../../platform/tables/table.ts';
import type { World } from '../../../platform/world.ts';
import type { Catalogue } from '../../catalogue/index.ts';
import type { Cases } from '../../cases/index.ts';
import { titleOf } from '../../cases/rules/text/title.ts';
import { entryOf, type Identity } from '../../identity/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Brought, Matters } from '../../matters/index.ts';
import type { Places } from '../../places/index.ts';
import type { HistoryReport, Mapping } from '../contract.ts';
import { readHistory, type HistoryDraft, type Survey } from '../rules/record.ts';
import { addedTo, copyRows, endImport, insertImport, knownIds } from '../store.ts';
import { Problems } from './problems.ts';

/** Everything that an import stands on. */
export interface Needs {
  readonly world: World;
  readonly ledger: Ledger;
  readonly identity: Identity;
  readonly places: Places;
  readonly catalogue: Catalogue;
  readonly matters: Matters;
  readonly cases: Cases;
}

export interface HistoryOrder {
  readonly source: TableSource;
  readonly mapping: Mapping;
  /** Reads and checks every line and writes nothing. */
  readonly dryRun?: boolean;
  /** Takes in the rows that are right though others are refused; nothing is taken in where it is absent and any is. */
  readonly leaveOut?: boolean;
  /** `check` reads the whole file first, `land` writes. `done` is the share of the file, 0 to 1. */
  readonly onProgress?: (progress: { readonly phase: 'check' | 'land'; readonly rows: number; readonly added: number; readonly done: number }) => void;
  /** Stops between two batches; what was taken in stays, and the next run goes on from there. */
  readonly signal?: AbortSignal;
}

/** Rows of one transaction: as many as are written in well under a second, so that little is lost when it is cut off. */
const batchSize = 2_000;

const fieldsOf = ({ columns, steps = [] }: Mapping): Field[] => [
  ...Object.entries(columns).map(([name, titles]) => ({ name, titles, required: ['id', 'reportedAt', 'state'].includes(name) })),
  ...steps.map(({ titles }, at) => ({ name: `step${at}`, titles, required: false })),
];

/** The op of a row: the same for the same row of the same system, so that its entry says whose it is (a UUID of version 8, RFC 9562). */
const opOf = (source: string, id: string): string => {
  const hex = hash('sha256', `history ${source} ${id}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

const stateOf = { open: 'reported', closed: 'closed', declined: 'declined', void: 'void' } as const;

/** Brings another system's history in. */
export const createImport = ({ world, ledger, identity, places, catalogue, matters, cases }: Needs) => {
  const surveyOf = async (county: string, mapping: Mapping): Promise<Survey & { words(place: string): string; readonly version: number | undefined }> => {
    const tree = await places.tree(county as CountyCode);
    const names = new Map<string, string | null>();
    for (const { name, code } of tree.all()) names.set(name, names.has(name) ? null : code);
    const version = catalogue.currentVersion(county, world.now());
    const rows = version === undefined ? [] : catalogue.rows(county, version);
    const byCode = new Map<string, (typeof rows)[number]>();
    for (const row of rows) for (const key of [row.key, row.code, row.minorName]) if (!byCode.has(key)) byCode.set(key, row);
    const units = new Map<string, string>();
    for (let after = ''; ;) {
      const page = await identity.units.list(world.db, county, after, 500);
      for (const unit of page) for (const name of [unit.id, ...Object.values(unit.name)]) units.set(name, unit.id);
      if (page.length < 500) break;
      after = page.at(-1)!.id;
    }
    const words = new Map<string, string>();
    return {
      mapping, version, offsetMinutes: matters.calendar(county).offsetMinutes, now: world.now(),
      locate(lng, lat) {
        const { place, path } = tree.locate(lng, lat);
        return place === null || path === null ? null : { place, path };
      },
      place(text) {
        const found = tree.find(names.get(text) ?? text);
        return found && { place: found.code, path: found.path };
      },
      row: (text) => byCode.get(text),
      unit: (text) => units.get(text),
      words(code) {
        const found = tree.find(code);
        const known = words.get(code) ?? (found ? tree.chain(found).slice(-2).map(({ name }) => name).join(' ') : '');
        words.set(code, known);
        return known;
      },
    };
  };

  /** Reads the file to its end: its drafts batch by batch, its faults gathered. */
  async function* read(order: HistoryOrder, survey: Survey, tally: { rows: number; refused: number; head: TableHead | null }, problems: Problems): AsyncGenerator<{ drafts: HistoryDraft[]; done: number }> {
    const { head, records } = openTable(order.source, fieldsOf(order.mapping));
    tally.head = head;
    const lines = new Map<string, number>();
    const title = (field: string): string => head.titles[field] ?? field;
    let drafts: HistoryDraft[] = [];
    for await (const { rows, done } of records) {
      for (const { line, values, faults } of rows) {
        tally.rows++;
        const { draft, problems: found } = readHistory(line, values, survey);
        // A text that came through a wrong encoding is no text: the row is not taken in.
        const garbled = faults.map(({ field, value, rule }) => ({ line, field, value, rule, level: 'refused' as const }));
        const twice = draft && lines.has(draft.id) ? [{ line, field: 'id', value: draft.id, rule: 'history.twice', level: 'refused' as const }] : [];
        problems.add([...garbled, ...found, ...twice], title);
        if (!draft || garbled.length > 0 || twice.length > 0) {
          tally.refused++;
          continue;
        }
        lines.set(draft.id, line);
        drafts.push(draft);
        if (drafts.length < batchSize) continue;
        yield { drafts, done };
        drafts = [];
      }
      if (order.signal?.aborted) break;
    }
    if (drafts.length > 0) yield { drafts, done: 1 };
  }

  const local = (at: number, offsetMinutes: number): string => new Date(at + offsetMinutes * 60_000).toISOString().slice(0, 16).replace('T', ' ');

  const broughtOf = (draft: HistoryDraft, survey: Awaited<ReturnType<typeof surveyOf>>, importId: string, fileLimit: Limit): Brought => {
    const { mapping: { source }, offsetMinutes, version } = survey;
    const open = draft.state === 'open';
    const imported = {
      source, id: draft.id, reportedAt: new Date(draft.reportedAt).toISOString(), ...(draft.endedAt !== null && { endedAt: new Date(draft.endedAt).toISOString() }),
    };
    const past = draft.steps.map(({ name, at }) => `${local(at, offsetMinutes)} ${name}`).join('\n');
    return {
      kind: 'case', state: stateOf[draft.state], ended: !open, op: opOf(source, draft.id),
      title: titleOf(undefined, draft.place ? survey.words(draft.place.place) : '', draft.row ?? undefined),
      facets: { ...draft.place, ...draft.point, ...(draft.row && version !== undefined && { code: draft.row.key, codeVersion: version }), ...(draft.unit !== null && !open && { leadUnit: draft.unit }) },
      data: { channel: 'import', imported },
      createdAt: draft.reportedAt, changedAt: draft.endedAt ?? draft.steps.at(-1)?.at ?? draft.reportedAt,
      clock: open ? { name: 'file', limit: fileLimit, warnAt: 0.8 } : null,
      // What was seen elsewhere is said as such: the entry's own time is that of the import.
      set: { import: importId, imported },
      texts: [
        ...(draft.description === '' ? [] : [{ name: 'description', text: draft.description, personal: true }]), ...(draft.address === '' ? [] : [{ name: 'address', text: draft.address, personal: true }]),
        ...(past === '' ? [] : [{ name: 'past', text: past, personal: false }]),
      ],
    };
  };

  /** One batch in one transaction: matters, their texts and entries, and which row is which. */
  const land = async (actor: Actor, role: string, county: string, importId: string, drafts: readonly HistoryDraft[], survey: Awaited<ReturnType<typeof surveyOf>>, fileLimit: Limit): Promise<number> => {
    const client = await world.db.connection();
    let broken: Error | undefined;
    try {
      const tx: Tx = txOf(client);
      await client.query('begin');
      const known = await knownIds(tx, county, survey.mapping.source, drafts.map(({ id }) => id));
      const fresh = drafts.filter(({ id }) => !known.has(id));
      if (fresh.length > 0) {
        const made = await matters.bring(client, tx, { county, actor, role, rows: fresh.map((draft) => broughtOf(draft, survey, importId, fileLimit)) });
        await copyRows(client, county, survey.mapping.source, importId, fresh.map(({ id, line }, at) => ({ id, line, matter: made[at]!.id })));
        await addedTo(tx, county, importId, fresh.length);
      }
      await client.query('commit');
      return fresh.length;
    } catch (error) {
      await client.query('rollback').catch((cause: Error) => { broken = cause; });
      throw error;
    } finally {
      client.release(broken);
    }
  };

  /**
   * Checks a whole file, and takes its rows in as matters that are marked as imported, each once by source and id; run again after a
   * cut it goes on. Refusals: 403 `identity.not_permitted`, 422 `history.import` with every kind of problem, 422 `tables.*`.
   */
  return async (actor: Actor, county: string, order: HistoryOrder): Promise<Result<HistoryReport>> => {
    const grant = identity.permits(actor, county, 'settings.edit');
    if (!grant) return refuse(403, 'identity.not_permitted');
    const { source } = order.mapping;
    const survey = await surveyOf(county, order.mapping);
    const problems = new Problems();
    const tally = { rows: 0, refused: 0, head: null as TableHead | null };
    let [right, known, open, added] = [0, 0, 0, 0];
    const report = (cancelled: boolean): HistoryReport => ({
      dryRun: order.dryRun ?? false, source, rows: tally.rows, added: order.dryRun ? right - known : added, known, refused: tally.refused, open, encoding: tally.head?.encoding ?? 'utf-8', ignored: tally.head?.ignored ?? [],
      problems: problems.all(), digest: createHash('sha256').update(order.source.bytes).digest('hex'), cancelled,
    });
    try {
      for await (const { drafts, done } of read(order, survey, tally, problems)) {
        right += drafts.length;
        open += drafts.filter(({ state }) => state === 'open').length;
        known += (await knownIds(world.db, county, source, drafts.map(({ id }) => id))).size;
        order.onProgress?.({ phase: 'check', rows: tally.rows, added: 0, done });
      }
    } catch (error) {
      if (!(error instanceof TableFault)) throw error;
      return refuse(422, error.rule, { line: error.line ?? 0, column: error.column ?? '', value: error.value });
    }
    if (order.dryRun || order.signal?.aborted) return report(order.signal?.aborted ?? false);
    if (tally.refused > 0 && !order.leaveOut)
      return refuse(422, 'history.import', { count: tally.refused }, problems.all().filter(({ level }) => level === 'refused').flatMap(({ rule, column, lines }) => lines.map(({ line, value }) => ({ path: `${line}:${column}`, reason: rule, params: { line, column, value } }))).slice(0, 1_000));

    const importId = world.random.uuid(world.now());
    const digest = report(false).digest;
    const mapping = hash('sha256', canonical(order.mapping as unknown as Json));
    await world.db.transaction(async (tx) => {
      await insertImport(tx, { county, id: importId, source, file: order.source.name.slice(0, 200), digest, mapping, actor: actor.id, rows: tally.rows, added: 0, refused: tally.refused, state: 'running', at: new Date(world.now()), ended_at: null });
      await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'history', action: 'import', set: { import: importId, source, digest, mapping, rows: tally.rows } }, actor, grant, world.now())]);
    });
    const fileLimit = (await cases.settings(county)).clocks.file;
    const again = { rows: 0, refused: 0, head: null as TableHead | null };
    let under: Promise<unknown> = Promise.resolve();
    let failed: unknown;
    for await (const { drafts, done } of read(order, survey, again, new Problems())) {
      // The next batch is read while this one is written.
      await under;
      if (failed !== undefined || order.signal?.aborted) break;
      under = land(actor, grant.role, county, importId, drafts, survey, fileLimit).then((count) => {
        added += count;
        ledger.sequencer.nudge(county as CountyCode);
        order.onProgress?.({ phase: 'land', rows: again.rows, added, done });
      }, (error: unknown) => { failed = error; });
    }
    await under;
    if (failed !== undefined) throw failed;
    const cancelled = order.signal?.aborted ?? false;
    await endImport(world.db, county, importId, cancelled ? 'cancelled' : 'done', new Date(world.now()));
    return report(cancelled);
  };
};

