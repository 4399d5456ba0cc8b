import { hash } from 'node:crypto';
import type { Actor } from '../../../base/actor.ts';
import type { Limit } from '../../../base/time/limit.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { txOf, type Tx } from '../../../platform/database/database.ts';
import type { LongTable } from '../../../platform/tables/table.ts';
import { titleOf } from '../../cases/rules/text/title.ts';
import type { Brought, MadeReady } from '../../matters/index.ts';
import type { HistoryDraft } from '../rules/record.ts';
import { copyRows, knownIds } from '../store.ts';
import type { Needs } from './needs.ts';
import { newTally, readRows, type CountySurvey } from './reading.ts';

/** The op of a row: the same for the same row of the same system, so that its entry says whose it is (a UUID of version 8, RFC 9562). */
const opOf = (source: string, id: string): string => {
  const hex = hash('sha256', `history ${source} ${id}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

const stateOf = { open: 'reported', closed: 'closed', declined: 'declined', void: 'void' } as const;

const local = (at: number, offsetMinutes: number): string => new Date(at + offsetMinutes * 60_000).toISOString().slice(0, 16).replace('T', ' ');

const broughtOf = (draft: HistoryDraft, survey: CountySurvey, importId: string, fileLimit: Limit): Brought => {
  const { mapping: { source }, offsetMinutes, version } = survey;
  const open = draft.state === 'open';
  const imported = {
    source, id: draft.id, reportedAt: new Date(draft.reportedAt).toISOString(), ...(draft.endedAt !== null && { endedAt: new Date(draft.endedAt).toISOString() }),
  };
  // What nothing here answers to is kept as it stands.
  const past = [...draft.steps.map(({ name, at }) => `${local(at, offsetMinutes)} ${name}`), ...draft.unread.map(({ title, value }) => `${title}：${value}`)].join('\n');
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
      ...(past === '' ? [] : [{ name: 'past', text: past, personal: draft.unread.length > 0 }]),
    ],
  };
};

/** How far the file has been read with a batch: rows, the line on which the last one begins, and the share of its bytes. */
export interface Progress {
  readonly rows: number;
  readonly line: number;
  readonly done: number;
}

/** In whose name rows are written, and for which import. */
export interface Landing {
  readonly actor: Actor;
  readonly role: string;
  readonly county: string;
  readonly importId: string;
  readonly survey: CountySurvey;
  /** Of open cases: until when the desk has to have filed them. */
  readonly fileLimit: Limit;
  /** Notes in the same transaction how many came; where it answers false nothing of the batch is written. */
  readonly note: (tx: Tx, added: number, progress: Progress) => Promise<boolean>;
}

/** A batch that is made and not yet written. */
interface Ready {
  readonly fresh: readonly HistoryDraft[];
  readonly ready: MadeReady | null;
}

/** Makes the matters of a batch, but for what was taken in before. Written is nothing but the lease of their numbers. */
const makeBatch = async ({ world, matters }: Pick<Needs, 'world' | 'matters'>, { actor, role, county, importId, survey, fileLimit }: Landing, drafts: readonly HistoryDraft[]): Promise<Ready> => {
  const known = await knownIds(world.db, county, survey.mapping.source, drafts.map(({ id }) => id));
  const fresh = drafts.filter(({ id }) => !known.has(id));
  return { fresh, ready: fresh.length === 0 ? null : await matters.makeReady({ county, actor, role, rows: fresh.map((draft) => broughtOf(draft, survey, importId, fileLimit)) }) };
};

/**
 * One batch in one transaction: matters, their texts and entries, and which row is which. A row that somebody else has taken in since
 * the batch was made breaks it off by its key, and nothing of it is left.
 * @returns how many were new; undefined where the import was stopped
 */
const land = async ({ world, matters }: Pick<Needs, 'world' | 'matters'>, { county, importId, survey, note }: Landing, { fresh, ready }: Ready, progress: Progress): Promise<number | undefined> => {
  const client = await world.db.connection();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    if (ready) {
      await matters.writeMade(client, ready);
      await copyRows(client, county, survey.mapping.source, importId, fresh.map(({ id, line }, at) => ({ id, line, matter: ready.made[at]!.id })));
    }
    const goesOn = await note(txOf(client), fresh.length, progress);
    await client.query(goesOn ? 'commit' : 'rollback');
    return goesOn ? fresh.length : undefined;
  } catch (error) {
    await client.query('rollback').catch((cause: Error) => { broken = cause; });
    throw error;
  } finally {
    client.release(broken);
  }
};

/**
 * Takes in every right row of a file, batch by batch and in their order; the next one is read and made while one is written.
 * @returns how many were new, and whether it was stopped before the end. @throws what a batch threw; of that batch nothing is left
 */
export const landRows = async (
  needs: Pick<Needs, 'world' | 'matters' | 'ledger'>, source: LongTable, landing: Landing,
  { onBatch, between, signal, after = 0 }: {
    readonly onBatch?: (added: number, progress: Progress) => void;
    /** Waited for before each batch is written. */
    readonly between?: () => Promise<void>;
    readonly signal?: AbortSignal;
    /** Line up to which all that is right was taken in before. */
    readonly after?: number;
  },
): Promise<{ readonly added: number; readonly stopped: boolean }> => {
  const tally = newTally();
  let added = 0;
  let stopped = false;
  let failed: unknown;
  let under: Promise<unknown> = Promise.resolve();
  try {
    for await (const { drafts, done } of readRows(source, landing.survey, tally, () => {}, { after, ...(signal && { signal }) })) {
      const batch = await makeBatch(needs, landing, drafts);
      await under;
      await between?.();
      if (failed !== undefined || stopped || signal?.aborted) break;
      const progress = { rows: tally.rows, line: drafts.at(-1)!.line, done };
      under = land(needs, landing, batch, progress).then((count) => {
        if (count === undefined) {
          stopped = true;
          return;
        }
        added += count;
        needs.ledger.sequencer.nudge(landing.county as CountyCode);
        onBatch?.(added, progress);
      }, (error: unknown) => { failed = error; });
    }
  } finally {
    await under;
  }
  if (failed !== undefined) throw failed;
  return { added, stopped: stopped || (signal?.aborted ?? false) };
};
