import { isRefusal } from '../../../base/result.ts';
import { nothingSent } from '../../../platform/outside/failure.ts';
import { ownOrigin } from '../../open311/rules/origin.ts';
import { createdIn, errorsIn, requestsIn } from '../rules/reading.ts';
import { claimReports, readCodes, settleReport, type ExchangedRow } from '../store.ts';
import { deskLanguage, type Needs, type Turn } from './needs.ts';
import { PeerFault } from './peer.ts';

const minute = 60_000;
/** How long after a sending of which nothing was heard it is sent again, where the partner then does not have it. */
const clearUpMs = 10 * minute;
const atOnce = 20;
const triesAtMost = 12;

/** Sends cases of ours to a partner: each once, also where the answer to a sending was lost. */
export const createPush = ({ world, open311, matters }: Needs) => {
  const at = (ms: number): Date => new Date(world.now() + ms);

  /** What is sent: the public view of the case, and what its reporter wrote only where the partner is to have it. */
  const formOf = async ({ partner, jurisdiction }: Turn, row: ExchangedRow): Promise<{ readonly form: readonly (readonly [string, string])[]; readonly origin: string } | null> => {
    const whole = await matters.whole(world.db, partner.county, row.matter!);
    const [shown] = whole ? await open311.request(jurisdiction, whole.matter.number, { program: null, language: deskLanguage, extensions: true }).then((found) => (isRefusal(found) ? [] : found)) : [];
    const pair = shown && partner.services.find(({ ours }) => ours === shown.service_code);
    if (!whole || !shown || !pair) return null;
    const origin = (await readCodes(world.db, partner.county, [row.matter!]))[0]?.origin ?? ownOrigin(world.config.url, whole.matter.number);
    const words = partner.words ? whole.texts.filter(({ name }) => name === 'description').flatMap(({ body }) => body ?? []) : [];
    const reference = `[${partner.county} ${whole.matter.number}]`;
    return {
      origin,
      form: [
        ['service_code', pair.theirs], ...(shown.lat !== null && shown.long !== null ? [['lat', String(shown.lat)], ['long', String(shown.long)]] as const : []),
        ...(shown.address === '' ? [] : [['address_string', shown.address]] as const), ['description', [[shown.description, ...words].join('\n').slice(0, 3_900), reference].join('\n')], ['device_id', origin],
        ...Object.entries(pair.answers ?? {}).map(([name, value]) => [`attribute[${name}]`, value] as const),
      ],
    };
  };

  const send = async (turn: Turn, row: ExchangedRow): Promise<void> => {
    const { partner: { county, id }, peer } = turn;
    const settle = (state: string, error: string | null, next: Date | null, theirs: string | null = null): Promise<unknown> => settleReport(world.db, county, id, row.id, { state, error, next, theirs, ...(state === 'sent' && { told: 'open', status: 'open' }) });
    const made = await formOf(turn, row);
    if (!made) return void await settle('refused', 'not_public', null);
    try {
      const { status, root } = await peer.post('requests', made.form, { 'idempotency-key': row.id });
      const created = status < 300 && root ? createdIn(root) : undefined;
      if (status >= 300) return void await settle('refused', status === 403 ? 'key' : `http_${status}${root ? `: ${errorsIn(root)}` : ''}`.slice(0, 300), null);
      if (created && 'id' in created) await settle('sent', null, null, created.id);
      else await settle(created ? 'token' : 'unclear', created ? created.token : 'unclear', at(minute));
    } catch (error) {
      if (!(error instanceof PeerFault)) throw error;
      if (error.code === 'http_429' || nothingSent(error.code)) await settle('waiting', error.code, at(5 * minute));
      else await settle('unclear', error.code, at(minute));
      throw error;
    }
  };

  /** Finds out whether a report arrived whose answer was lost: by our key, else by our reference in what the partner lists. */
  const clearUp = async (turn: Turn, row: ExchangedRow): Promise<void> => {
    const { partner: { county, id, services }, peer } = turn;
    const sent = (theirs: string): Promise<unknown> => settleReport(world.db, county, id, row.id, { state: 'sent', theirs, error: null, next: null, told: 'open', status: 'open' });
    for (const token of [row.id, ...(row.state === 'token' && row.error !== null ? [row.error] : [])]) {
      const { status, root } = await peer.get(`tokens/${encodeURIComponent(token)}`, {});
      const created = status < 300 && root ? createdIn(root) : undefined;
      if (created && 'id' in created) return void await sent(created.id);
    }
    if (row.state === 'token' && row.tries < triesAtMost) return void await settleReport(world.db, county, id, row.id, { state: 'token', error: row.error, next: at(minute * row.tries) });
    const made = await formOf(turn, row);
    const whole = made && (await matters.whole(world.db, county, row.matter!));
    if (!made || !whole) return void await settleReport(world.db, county, id, row.id, { state: 'refused', error: 'not_public', next: null });
    const { status, root } = await peer.get('requests', {
      start_date: `${new Date(row.at.getTime() - 2 * 86_400_000).toISOString().slice(0, 19)}Z`, extensions: 'true', service_code: [...new Set(services.map(({ theirs }) => theirs))].join(','),
    });
    if (status >= 300 || root === null) throw new PeerFault(`http_${status}`);
    const found = requestsIn(root).requests.find(({ origin, description }) => origin === made.origin || description.includes(`[${county} ${whole.matter.number}]`));
    if (found) return void await sent(found.id);
    const again = row.tries < triesAtMost;
    await settleReport(world.db, county, id, row.id, { state: again ? 'waiting' : 'refused', error: 'unclear', next: again ? at(Math.max(0, row.tries < 3 ? clearUpMs - minute : clearUpMs)) : null });
  };

  return async (turn: Turn): Promise<void> => {
    const { partner: { county, id } } = turn;
    for (const row of await claimReports(world.db, county, id, new Date(world.now()), at(5 * minute), atOnce))
      await (row.before === 'waiting' ? send(turn, row) : clearUp(turn, row));
  };
};
