import { theSystem } from '../../../base/actor.ts';
import { isRefusal } from '../../../base/result.ts';
import { say } from '../../../base/text/language.ts';
import { textsOf } from '../../../platform/texts.ts';
import { opOf } from '../../open311/rules/form.ts';
import { statusOf } from '../../open311/rules/status.ts';
import { stamp } from '../../open311/rules/window.ts';
import { errorsIn, requestsIn, updatesIn, type TheirUpdate } from '../rules/reading.ts';
import { markConflicts, moveHeard, readByTheirs, readNews, readOpenTheirs, settleHeard, settleNews, type ExchangedRow } from '../store.ts';
import { deskLanguage, type Needs, type Turn } from './needs.ts';
import { PeerFault } from './peer.ts';

const day = 86_400_000;
const overlapMs = day;
/** Statuses by which an end says that it has no updates. */
const without: ReadonlySet<number> = new Set([400, 404, 405, 501]);
const atOnce = 50;
const mostUpdates = 1_000;
const iso = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** What each side says of a report is told the other. */
export const createUpdates = ({ world, matters, open311 }: Needs) => {
  const texts = () => textsOf('exchange');

  /** An update of theirs, as a note that the desk reads; each once. */
  const hear = async ({ partner }: Turn, row: ExchangedRow, update: TheirUpdate): Promise<void> => {
    const status = update.status ?? row.status;
    if (row.matter !== null && (update.description !== '' || (update.status !== null && update.status !== row.status))) {
      const done = await matters.act({
        actor: theSystem, behalf: null, county: partner.county, kind: 'case', matter: row.matter, action: 'note', op: opOf(partner.id, `update ${update.id}`),
        input: { text: say(texts(), deskLanguage, `heard.${update.status ?? 'note'}`, { partner: partner.name, words: update.description }).trim() },
      });
      // A case that has ended takes no notes: where the two sides differ is shown beside the partner.
      if (isRefusal(done) && done.status >= 500) throw new PeerFault('ours');
    }
    await settleHeard(world.db, partner.county, partner.id, row.id, status, new Date(update.at ?? world.now()));
  };

  const hearAll = async (turn: Turn, updates: readonly TheirUpdate[]): Promise<void> => {
    const { partner } = turn;
    for (const update of updates) {
      // Read anew for each: the one before may have changed what it is compared with.
      const [row] = await readByTheirs(world.db, partner.county, partner.id, [update.request]);
      if (row && (row.heard_at === null || (update.at ?? Infinity) >= row.heard_at.getTime())) await hear(turn, row, update);
    }
  };

  /** For a partner without updates: how the open ones stand, in turn. */
  const look = async (turn: Turn): Promise<void> => {
    const { partner, peer } = turn;
    const rows = await readOpenTheirs(world.db, partner.county, partner.id, atOnce);
    if (rows.length === 0) return;
    const { status, root } = await peer.get('requests', { service_request_id: rows.map(({ theirs }) => theirs).join(',') });
    if (status >= 300 || root === null) throw new PeerFault(`http_${status}`);
    const found = new Map(requestsIn(root).requests.map((one) => [one.id, one]));
    for (const row of rows) {
      const one = found.get(row.theirs!);
      const state = one ? (one.open ? 'open' : 'closed') : null;
      if (one && state !== null && state !== row.status) await hear(turn, row, { id: `${one.id} ${state} ${one.updatedAt ?? ''}`, request: one.id, status: state, at: world.now(), description: one.notes });
      else await settleHeard(world.db, partner.county, partner.id, row.id, null, new Date(world.now()));
    }
  };

  return {
    async hear(turn: Turn): Promise<void> {
      const { partner, peer } = turn;
      const now = world.now();
      let from = Math.max(partner.heard_until.getTime() - overlapMs, now - 89 * day);
      for (;;) {
        const { status, root } = await peer.get('servicerequestupdates', { start_date: iso(from), end_date: iso(now + day / 24) });
        if (without.has(status)) {
          await look(turn);
          break;
        }
        if (status >= 300 || root === null) throw new PeerFault(status === 403 ? 'key' : `http_${status}`);
        const updates = updatesIn(root);
        await hearAll(turn, updates);
        const last = updates.at(-1)?.at ?? null;
        if (updates.length < mostUpdates || last === null || last <= from) {
          await moveHeard(world.db, partner, new Date(now));
          break;
        }
        await moveHeard(world.db, partner, new Date(Math.min(last, now)));
        from = last;
      }
      await markConflicts(world.db, partner.county, partner.id);
    },

    /** Tells the partner how its reports go on here, and of ours that they ended or were opened again. */
    async tell(turn: Turn): Promise<void> {
      const { partner, peer, jurisdiction } = turn;
      for (const row of await readNews(world.db, partner.county, partner.id, atOnce)) {
        const ours = statusOf(row.now);
        const told = row.origin === 'ours' ? ours : row.now;
        const silent = told === row.told || (row.status === 'closed' && ours === 'open' && row.origin === 'theirs');
        if (silent) {
          await settleNews(world.db, partner.county, partner.id, row.id, row.told ?? told, row.version, row.error);
          continue;
        }
        const view = await open311.request(jurisdiction, row.number, { program: null, language: deskLanguage, extensions: false });
        const shown = isRefusal(view) ? undefined : view[0];
        const { status, root } = await peer.post('servicerequestupdates', [
          ['service_request_id', row.theirs!], ['update_id', `${row.number}-${row.version}`], ['updated_datetime', stamp(row.updated.getTime(), jurisdiction.offset)],
          ['status', ours.toUpperCase()], ['description', say(textsOf('exchange'), deskLanguage, `told.${ours}`, { number: row.number, words: shown?.status_notes ?? '' })],
        ]);
        await settleNews(world.db, partner.county, partner.id, row.id, told, row.version, status < 300 ? null : `told_http_${status}${root ? `: ${errorsIn(root)}` : ''}`.slice(0, 300));
      }
    },
  };
};
