import type { Actor } from '../../../base/actor.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { isRefusal, refuse, type Refusal, type Result } from '../../../base/result.ts';
import { glance, type GlancedColumn } from '../../../platform/tables/glance.ts';
import { firstOf, TableFault, wholeOf } from '../../../platform/tables/table.ts';
import { bareTitle } from '../../../platform/tables/records.ts';
import { entryOf } from '../../identity/index.ts';
import { pieceBytes, type ImportState } from '../contract.ts';
import { addPiece, askCheck, insertUpload, keptBytes, othersRun, readImport, readImports, turnTo, type ImportRow } from '../store.ts';
import { fileOf, readFaults, type Fault } from './files.ts';
import { mappingDigest, type createMappings } from './mappings.ts';
import type { Needs } from './needs.ts';

export type Turn = 'start' | 'pause' | 'resume' | 'cancel';

/** States in which a file may be checked, and from which each turn leads on. */
const checkable: readonly ImportState[] = ['uploaded', 'checked', 'failed'];
const turns: Readonly<Record<Turn, { readonly from: readonly ImportState[]; readonly to: ImportState }>> = {
  start: { from: ['checked'], to: 'running' }, pause: { from: ['running'], to: 'paused' }, resume: { from: ['paused', 'failed'], to: 'running' },
  cancel: { from: ['uploading', 'uploaded', 'checking', 'checked', 'running', 'paused', 'failed'], to: 'cancelled' },
};

/** Imports as somebody at a page makes them. Whoever may not change settings is refused with 403 `identity.not_permitted`. */
export const createRuns = ({ world, ledger, identity, mappings }: Pick<Needs, 'world' | 'ledger' | 'identity'> & { readonly mappings: ReturnType<typeof createMappings> }) => {
  const { db, blobs } = world;
  const right = (actor: Actor, county: string) => identity.permits(actor, county, 'settings.edit');
  const none = (): Refusal => refuse(404, 'history.no_import');
  const found = async (actor: Actor, county: string, id: string): Promise<Result<ImportRow>> => (right(actor, county) ? (await readImport(db, county, id)) ?? none() : refuse(403, 'identity.not_permitted'));
  const notNow = ({ state }: ImportRow): Refusal => refuse(409, 'history.state_now', { state });

  return {
    find: found,

    async list(actor: Actor, county: string, after: { readonly at: Date; readonly id: string } | null, limit: number): Promise<Result<ImportRow[]>> {
      return right(actor, county) ? readImports(db, county, after, limit) : refuse(403, 'identity.not_permitted');
    },

    async begin(actor: Actor, county: string, file: string, bytes: number): Promise<Result<ImportRow>> {
      if (!right(actor, county)) return refuse(403, 'identity.not_permitted');
      const id = world.random.uuid(world.now());
      await insertUpload(db, { county, id, file, actor: actor.id, at: new Date(world.now()), bytes });
      return (await readImport(db, county, id))!;
    },

    /**
     * Keeps the next piece of a file. Refusals: 404 `history.no_import`, 409 `history.piece` where it is not the next one or another than
     * before, 413 where more comes than was said, 503 `blobs.full`.
     */
    async piece(actor: Actor, county: string, id: string, n: number, piece: Uint8Array): Promise<Result<ImportRow>> {
      const row = await found(actor, county, id);
      if (isRefusal(row)) return row;
      const digest = await blobs.put(piece);
      if (isRefusal(digest)) return digest;
      const kept = await db.transaction(async (tx): Promise<Refusal | undefined> => {
        const held = await readImport(tx, county, id, true);
        if (!held) return none();
        if (held.pieces[n] === digest) return undefined;
        if (held.state !== 'uploading' || n !== held.pieces.length) return refuse(409, 'history.piece', { n: held.pieces.length });
        const received = held.received + piece.length;
        const whole = received === held.bytes;
        if (received > held.bytes! || (!whole && piece.length !== pieceBytes)) return refuse(413, 'history.longer', { bytes: held.bytes! });
        await addPiece(tx, county, id, digest, received, whole ? 'uploaded' : 'uploading');
        return undefined;
      });
      return kept ?? (await readImport(db, county, id))!;
    },

    /** What stands in the file, and which mapping knows most of it. Refusals: 404, 409 before all of it has come, 422 `tables.*`. */
    async titles(actor: Actor, county: string, id: string): Promise<Result<{ readonly titles: readonly GlancedColumn[]; readonly fits: string | null }>> {
      const row = await found(actor, county, id);
      if (isRefusal(row)) return row;
      if (row.state === 'uploading' || row.pieces.length === 0) return notNow(row);
      try {
        const file = fileOf(world, row.file, row.pieces, row.received);
        const first = await firstOf(file);
        const whole = row.pieces.length === 1;
        // The directory of a workbook stands at its end.
        const titles = await glance({ name: row.file, bytes: whole || first[0] !== 0x50 || first[1] !== 0x4b ? first : await wholeOf(file) }, whole);
        const stands = new Set(titles.map(({ title }) => bareTitle(title)));
        let best: { readonly name: string; readonly score: number } | null = null;
        for (const { name, definition } of await mappings.list(county)) {
          const score = Object.entries(definition.columns).filter(([field, names]) => [field, ...names].some((title) => stands.has(bareTitle(title)))).length;
          if (score >= 3 && score > (best?.score ?? 0)) best = { name, score };
        }
        return { titles, fits: best?.name ?? null };
      } catch (error) {
        if (!(error instanceof TableFault)) throw error;
        return refuse(422, error.rule, { line: error.line ?? 0, column: error.column ?? '', value: error.value });
      }
    },

    /** Has the file checked by a mapping. Refusals: 404 `history.no_import`, `history.mapping`, 409 `history.state_now`. */
    async check(actor: Actor, county: string, id: string, name: string, version: number): Promise<Result<ImportRow>> {
      const row = await found(actor, county, id);
      if (isRefusal(row)) return row;
      const mapping = await mappings.find(county, name, version);
      if (isRefusal(mapping)) return mapping;
      const asked = await db.transaction(async (tx): Promise<Refusal | undefined> => {
        const held = (await readImport(tx, county, id, true))!;
        // Rows stand under what was chosen: once some are in, it stays.
        if (!checkable.includes(held.state) || held.added > 0) return notNow(held);
        await askCheck(tx, county, id, { name, version, definition: mapping.definition, digest: mappingDigest(mapping.definition) });
        return undefined;
      });
      return asked ?? (await readImport(db, county, id))!;
    },

    /**
     * Starts, pauses, goes on with or cancels. The start has its entry. Refusals: 404, 409 `history.state_now`, 409 `history.busy` where
     * another import of the source is under way, 422 `history.refused_rows` where rows are refused and are not to be left out.
     */
    async turn(actor: Actor, county: string, id: string, turn: Turn, leaveOut: boolean): Promise<Result<ImportRow>> {
      const grant = right(actor, county);
      if (!grant) return refuse(403, 'identity.not_permitted');
      const turned = await db.transaction(async (tx): Promise<Refusal | undefined> => {
        const held = await readImport(tx, county, id, true);
        if (!held) return none();
        const { from, to } = turns[turn];
        if (!from.includes(held.state) || (turn === 'resume' && held.role === null)) return notNow(held);
        if (turn === 'start' && held.refused > 0 && !leaveOut) return refuse(422, 'history.refused_rows', { count: held.refused });
        if (to === 'running' && await othersRun(tx, held)) return refuse(409, 'history.busy', { source: held.source });
        await turnTo(tx, county, id, from, to, { ...(to === 'cancelled' && { endedAt: new Date(world.now()) }), ...(turn === 'start' && { leaveOut, role: grant.role }) });
        if (turn === 'start' || (turn === 'cancel' && held.role !== null))
          await ledger.append(tx, [entryOf({
            county, subject: 'config', kind: 'history', action: turn === 'start' ? 'import' : 'cancel',
            set: { import: id, source: held.source, digest: held.digest, mapping: held.mapping, ...(turn === 'start' ? { rows: held.rows } : { added: held.added }) },
          }, actor, grant, world.now())]);
        return undefined;
      });
      if (turned) return turned;
      ledger.sequencer.nudge(county as CountyCode);
      return (await readImport(db, county, id))!;
    },

    /** Every row with something wrong. Refusal: 404 `history.no_import` where there is no such list. */
    async faults(actor: Actor, county: string, id: string): Promise<Result<{ readonly row: ImportRow; readonly faults: AsyncGenerator<readonly Fault[]> }>> {
      const row = await found(actor, county, id);
      if (isRefusal(row)) return row;
      return row.faults === null ? none() : { row, faults: readFaults(world, row.faults) };
    },

    referenced: (county: string, digests: readonly string[]): Promise<string[]> => keptBytes(db, county, digests),
  };
};
