import type { FastifyReply } from 'fastify';
import type { Actor } from '../../base/actor.ts';
import { isRefusal, refuse, type Result } from '../../base/result.ts';
import type { QueryOf, ResponseOf } from '../../base/route.ts';
import { say } from '../../base/text/language.ts';
import type { Tx } from '../../platform/database/database.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { openStream } from '../../platform/http/stream.ts';
import type { Cell, WrittenFormat } from '../../platform/tables/written.ts';
import { textsOf } from '../../platform/texts.ts';
import { browseEntries, exportEntries, listWitnesses, readCheckpoint, readConsistency, readKeys, readLive, readProof, readTile } from './contract.ts';
import { readEntry } from './rules/entry.ts';
import { toBase64 } from './rules/notes.ts';
import { entryWords } from './rules/words.ts';
import { tileWidth } from './rules/tree.ts';
import { readBack, seenLast } from './service/browsing.ts';
import type { Ledger } from './service/ledger.ts';
import { readVector, type Live } from './service/live.ts';
import { readTilePath } from './service/serving.ts';

/** What entry/ hands in, for the ledger knows neither matters nor rights. */
export interface LedgerRouteNeeds {
  readonly live: Live;
  /** The county of a matter that the actor may see; undefined where there is none such. */
  find(actor: Actor, matter: string): Promise<string | undefined>;
  readonly db: Tx;
  /** Whether the actor may read on in the county's whole log. */
  mayBrowse(actor: Actor, county: string): boolean;
  /** Those of some matters of a county that the actor may see. */
  seen(actor: Actor, county: string, matters: readonly string[]): Promise<ReadonlySet<string>>;
  /** Sends a list as a file and traces it, by the right that `mayBrowse` found. */
  send<T>(reply: FastifyReply, leaving: LeavingEntries<T>, pages: AsyncIterable<readonly T[]>): undefined;
}

/** A part of the log on its way out as a table. */
export interface LeavingEntries<T> {
  readonly county: string;
  readonly kind: string;
  readonly actor: Actor;
  readonly format: WrittenFormat;
  readonly filter: Readonly<Record<string, string>>;
  readonly file: string;
  readonly columns: readonly string[];
  readonly rowOf: (item: T) => readonly Cell[];
}

const year = 31_536_000;

type Browsed = ResponseOf<typeof browseEntries>;

/** Entries that are read together for an export. */
const exportRows = 200;

export const ledgerRoutes = (ledger: Ledger, { live, find, db, mayBrowse, seen, send }: LedgerRouteNeeds): Mounted[] => {
  const browse = async (actor: Actor, county: string, query: QueryOf<typeof browseEntries>): Promise<Result<Browsed>> => {
    if (!mayBrowse(actor, county)) return refuse(404, 'ledger.no_county', { county });
    const size = await ledger.position(db, county);
    const at = query.at === undefined ? undefined : Date.parse(query.at);
    if (at !== undefined && Number.isNaN(at)) return refuse(422, 'ledger.moment', { text: query.at! });
    const limit = query.limit ?? 50;
    const rows = await readBack(db, county, size, { ...(query.before !== undefined && { before: query.before }), ...(at !== undefined && { at }) }, limit);
    const open = await seen(actor, county, [...new Set(rows.flatMap(({ matter }) => (matter === null ? [] : [matter])))]);
    return {
      size,
      items: rows.map(({ seq, at: written, subject, kind, action, matter, canonical }) => ({
        seq, at: written === null ? null : new Date(written).toISOString(),
        what: matter !== null && !open.has(matter) ? null : { subject, kind, action, role: readEntry(canonical)?.actor.role ?? '', matter },
      })),
      next: rows.length === limit && rows.at(-1)!.seq > 1 ? rows.at(-1)!.seq : null,
    };
  };
  return [
    handle(readProof, async ({ params, actor }) => {
      const county = await find(actor, params.id);
      if (county === undefined) return refuse(404, 'ledger.no_matter');
      const exported = await ledger.exportMatter(county, params.id);
      return exported ? { county, matter: params.id, ...exported } : refuse(404, 'ledger.unsigned');
    }),
    handle(readKeys, async () => ({ keys: [...ledger.publicLog.keys] })),
    handle(readCheckpoint, async ({ params, reply }) => {
      const note = await ledger.publicLog.checkpoint(params.county);
      if (note === undefined) return refuse(404, 'ledger.no_county', { county: params.county });
      void reply.type('text/plain; charset=utf-8').header('cache-control', 'no-cache').send(note);
      return '';
    }),
    handle(readTile, async ({ params, reply }) => {
      const place = readTilePath(params['*']);
      const hashes = place && (await ledger.publicLog.tile(params.county, Number(params.level), place.index, place.width));
      if (!place || !hashes) return refuse(404, 'ledger.no_tile');
      void reply.type('application/octet-stream')
        .header('cache-control', place.width === tileWidth ? `public, max-age=${year}, immutable` : 'public, max-age=60')
        .send(hashes);
      return '';
    }),
    handle(readConsistency, async ({ params, query }) => {
      const proof = await ledger.publicLog.consistency(params.county, query.from, query.to);
      return proof ? { ...query, proof: proof.map(toBase64) } : refuse(422, 'ledger.range', { from: query.from, to: query.to });
    }),
    handle(browseEntries, ({ params: { county }, query, actor }) => browse(actor, county, query)),
    handle(exportEntries, async ({ params: { county }, query: { format, ...query }, actor, language, reply }) => {
      const first = await browse(actor, county, { ...query, limit: exportRows });
      if (isRefusal(first)) return first;
      async function* pages(begin: Browsed): AsyncGenerator<Browsed['items']> {
        for (let page = begin; ;) {
          if (page.items.length > 0) yield page.items;
          if (page.next === null) return;
          const after = await browse(actor, county, { before: page.next, limit: exportRows });
          // A right that ends on the way breaks the file off, which its reader sees.
          if (isRefusal(after)) throw new Error(`the log was refused while it was exported: ${after.reason}`);
          page = after;
        }
      }
      const [texts, kinds, records] = [textsOf('exports'), textsOf('kinds'), textsOf('records')];
      const word = (key: string): string => say(texts, language, `entries.${key}`);
      const what = (kind: string, action: string): string => entryWords(kinds, records, language, kind, action);
      return send(reply, {
        county, kind: 'entries', actor, format, filter: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])), file: word('file'), columns: ['seq', 'at', 'what', 'subject', 'kind', 'action', 'role', 'matter'].map(word),
        rowOf: ({ seq, at, what: one }) => [seq, at === null ? null : { at: Date.parse(at) }, one === null ? word('hidden') : what(one.kind, one.action), one?.subject ?? null, one?.kind ?? null, one?.action ?? null, one?.role ?? null, one?.matter ?? null],
      }, pages(first));
    }),
    handle(listWitnesses, async ({ params: { county }, actor }) => {
      if (!mayBrowse(actor, county)) return refuse(404, 'ledger.no_county', { county });
      const items = await Promise.all((await ledger.witnessesOf(county)).map(async ({ name, kind, active, verifier }) =>
        ({ name, kind, active, cosigns: verifier !== null, seen: await seenLast(db, county, name) })));
      return { size: await ledger.position(db, county), items };
    }),
    handle(readLive, async ({ query, actor, request, reply }) => {
      const header = request.headers['last-event-id'];
      const after = readVector((typeof header === 'string' && header !== '' ? header : query.after) ?? '');
      if (!after) return refuse(400, 'ledger.cursor');
      const stream = openStream(request, reply);
      try {
        await live.open(actor, after, stream, query.county?.split(','));
      } catch (error) {
        request.log.warn({ err: error }, 'a stream could not begin; its listener comes back');
        stream.close();
      }
      return '';
    }),
  ];
};
