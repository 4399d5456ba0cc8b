import type { Actor } from '../../base/actor.ts';
import { refuse } from '../../base/result.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { openStream } from '../../platform/http/stream.ts';
import { readCheckpoint, readConsistency, readKeys, readLive, readProof, readTile } from './contract.ts';
import { toBase64 } from './rules/notes.ts';
import { tileWidth } from './rules/tree.ts';
import type { Ledger } from './service/ledger.ts';
import { readVector, type Live } from './service/live.ts';
import { readTilePath } from './service/serving.ts';

/** What entry/ hands in, for the ledger knows neither matters nor rights. */
export interface LedgerRouteNeeds {
  readonly live: Live;
  /** The county of a matter that the actor may see; undefined where there is none such. */
  find(actor: Actor, matter: string): Promise<string | undefined>;
}

const year = 31_536_000;

export const ledgerRoutes = (ledger: Ledger, { live, find }: LedgerRouteNeeds): Mounted[] => [
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
