import { isRefusal, type Refusal } from '../../../base/result.ts';
import { say } from '../../../base/text/language.ts';
import { textsOf } from '../../../platform/texts.ts';
import { programActor } from '../../identity/index.ts';
import { requestsIn, type TheirRequest } from '../rules/reading.ts';
import { insertTheirs, movePulled, readByMatter, readByTheirs, settleReport } from '../store.ts';
import { deskLanguage, type Needs, type Turn } from './needs.ts';
import { PeerFault } from './peer.ts';

const day = 86_400_000;
/** Read again each time: a request may appear late, and no two clocks agree. */
const overlapMs = 2 * day;
/** GeoReport v2 gives at most 90 days at once. */
const spanMs = 89 * day;
/** A list that is shorter has not been cut off. */
const surelyWhole = 50;
const pagesAtMost = 200;

const iso = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** Takes in what a partner has reported since the last time; each report once, whatever is cut off in between. */
export const createPull = (needs: Needs) => {
  const { world, open311, identity } = needs;

  /** A report of ours that stands there: known by where it was made first. */
  const own = async ({ partner, jurisdiction }: Turn, theirs: TheirRequest): Promise<boolean> => {
    if (!theirs.origin.startsWith(`${world.config.url}/`)) return false;
    const found = await open311.matterOf(jurisdiction, theirs.origin);
    if (!found) return false;
    const row = await readByMatter(world.db, partner.county, partner.id, found.matter);
    const status = theirs.open ? 'open' : 'closed';
    if (row) await settleReport(world.db, partner.county, partner.id, row.id, { state: 'sent', theirs: theirs.id, error: null, next: null, status });
    else await insertTheirs(world.db, partner.county, partner.id, { id: found.matter, matter: found.matter, theirs: theirs.id, origin: 'ours', state: 'sent', error: null, told: null, status }, new Date(world.now()));
    return true;
  };

  const take = async (turn: Turn, theirs: TheirRequest, id: string): Promise<void> => {
    const { partner, jurisdiction } = turn;
    const pair = partner.services.find((one) => one.theirs === theirs.service);
    if (!pair || (await own(turn, theirs)) || !theirs.open) return;
    const program = await programActor(identity.accounts, partner.county, partner.account, world.now());
    if (!program) throw new PeerFault('no_program');
    const words = say(textsOf('exchange'), deskLanguage, 'taken', { partner: partner.name, id: theirs.id, at: theirs.requestedAt === null ? '—' : new Date(theirs.requestedAt + jurisdiction.offset * 60_000).toISOString().slice(0, 16).replace('T', ' ') });
    const brought = await open311.bring({
      jurisdiction, files: [], program, ip: '', language: deskLanguage, idempotencyKey: `${partner.id} ${theirs.id}`, unasked: true,
      fields: {
        service_code: [pair.ours], description: [[theirs.description, words].filter((line) => line !== '').join('\n')],
        ...(theirs.point ? { lat: [String(theirs.point.lat)], long: [String(theirs.point.lng)] } : {}), ...(theirs.address !== '' && { address_string: [theirs.address] }),
        ...(/^https?:\/\//i.test(theirs.mediaUrl) && { media_url: [theirs.mediaUrl] }), device_id: [theirs.origin !== '' ? theirs.origin : `${partner.url}/requests/${theirs.id}`],
      },
    });
    const refused: Refusal | null = isRefusal(brought) ? brought : null;
    // What may pass stops the round and is tried again; what is wrong with the report itself is shown.
    if (refused && (refused.status === 503 || refused.status === 429)) throw new PeerFault('ours');
    const matter = isRefusal(brought) ? null : brought.matter;
    if (matter !== null && (await readByMatter(world.db, partner.county, partner.id, matter))) return;
    await insertTheirs(world.db, partner.county, partner.id, {
      id, matter, theirs: theirs.id, origin: 'theirs', state: refused ? 'refused' : 'taken', error: refused ? (refused.errors?.[0]?.reason ?? refused.reason) : null, told: 'reported', status: 'open',
    }, new Date(world.now()));
  };

  /** One stretch of time, from its end backwards as long as more comes. */
  const stretch = async (turn: Turn, from: number, to: number | null): Promise<void> => {
    const { partner, peer } = turn;
    const seen = new Set<string>();
    let end = to;
    for (let page = 0; page < pagesAtMost; page++) {
      const { status, root } = await peer.get('requests', {
        start_date: iso(from), ...(end !== null && { end_date: iso(end) }), status: 'open', extensions: 'true', service_code: [...new Set(partner.services.map(({ theirs }) => theirs))].join(','),
      });
      if (status >= 300 || root === null) throw new PeerFault(status === 403 ? 'key' : `http_${status}`);
      const { requests, unread } = requestsIn(root);
      if (unread > 0) world.log.warn({ partner: partner.id, unread }, 'requests of a partner that cannot be read');
      const fresh = requests.filter(({ id }) => !seen.has(id));
      const known = new Map((await readByTheirs(world.db, partner.county, partner.id, fresh.map(({ id }) => id))).map((row) => [row.theirs, row]));
      for (const one of fresh) {
        seen.add(one.id);
        const row = known.get(one.id);
        if (!row || row.state === 'again') await take(turn, one, row?.id ?? world.random.uuid(world.now()));
      }
      const oldest = Math.min(...fresh.flatMap(({ requestedAt }) => requestedAt ?? []));
      if (requests.length < surelyWhole || fresh.length === 0 || !Number.isFinite(oldest) || oldest <= from) return;
      end = oldest;
    }
  };

  return async (turn: Turn): Promise<void> => {
    const now = world.now();
    let row = turn.partner;
    for (let from = row.pulled_until.getTime() - overlapMs; ;) {
      const end = from + spanMs;
      const last = end >= now;
      // The last stretch has no end: a partner's clock may be ahead of ours.
      await stretch(turn, from, last ? null : end);
      const until = new Date(last ? now : end);
      await movePulled(world.db, row, until);
      row = { ...row, pulled_until: until };
      if (last) return;
      from = end;
    }
  };
};
