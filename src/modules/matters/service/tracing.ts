import type { Finding, Replayed, TraceChecker } from '../../ledger/index.ts';
import { nextDue, recomputeClock, type Clock } from '../rules/clocks.ts';
import { absent, between, presentClocks, presentMatters, textsById, tracedFacets, type PresentClock, type PresentMatter } from '../store/trace.ts';
import type { Calendars } from './clocks/calendars.ts';
import { besideDigest, comparable, saltedDigest, type SpotMark } from './digests.ts';
import type { Kinds } from './kinds.ts';

/** Rows that are read at once. */
const portion = 5_000;

/** What the kernel knows of texts and the ledger does not: that they open their digests. Alone here, for a thread that imports it. */
export const traceChecker: TraceChecker = {
  module: import.meta.url,
  async texts(tx, county, named) {
    const rows = new Map((await textsById(tx, county, named.map(({ id }) => id))).map((row) => [row.id, row]));
    const found: Finding[] = [];
    for (const { seq, matter, id, name, digest } of named) {
      const row = rows.get(id);
      if (row && (row.body === null || row.salt === null || saltedDigest(row.salt, row.body) === digest)) continue;
      found.push({ county, seq, what: row ? 'text_changed' : 'text_missing', params: { matter: matter ?? '-', name, text: id } });
    }
    return found;
  },
};

const facetNames = Object.keys(tracedFacets);
const names = ['kind', 'version', 'state', ...facetNames];
const shown = (value: unknown): string => (value === null || value === undefined ? absent : String(value));

/** What the entries of a matter say, as `PresentMatter.facts` writes it. */
const factsOf = ({ kind, version, state, set }: Replayed): string => {
  let text = `${kind}${between}${version}${between}${shown(state)}`;
  for (const name of facetNames) text += between + shown(set[name]);
  return text;
};

const clockWord = (clock: Clock): string => (clock.stoppedAt !== null ? 'stopped' : clock.dueAt === null ? 'paused' : new Date(clock.dueAt).toISOString());

/** What is not as the entries left it, of one matter. */
const differences = (county: string, log: Replayed, row: PresentMatter, clocks: readonly PresentClock[], dueByCalendar: (clock: Clock) => number | null, spot: SpotMark): Finding[] => {
  const found: Finding[] = [];
  const say = (column: string, entry: string, value: string): void => void found.push({ county, seq: log.seq, what: 'matter_differs', params: { matter: log.matter, column, entry, value } });
  const facts = factsOf(log);
  if (facts !== row.facts) {
    const [own, theirs] = [facts.split(between), row.facts.split(between)];
    for (const [i, name] of names.entries()) if (own[i] !== theirs[i]) say(name, own[i] ?? absent, theirs[i] ?? absent);
  }
  for (const clock of clocks) {
    const said = log.set[`clock.${clock.name}`];
    const word = clockWord(clock);
    // A change of calendar moves due times without an action: then the calendar of today says the same.
    if (said !== word && !(said !== 'stopped' && said !== 'paused' && said !== undefined && clock.stoppedAt === null && clock.dueAt !== null && clock.dueAt === dueByCalendar(clock)))
      say(`clock.${clock.name}`, shown(said), word);
  }
  const due = nextDue(clocks)?.dueAt ?? null;
  if (due !== row.due) say('due_at', shown(due && new Date(due).toISOString()), shown(row.due && new Date(row.due).toISOString()));
  if (log.beside !== null && besideDigest({ ...row, clocks }) !== log.beside) found.push({ county, seq: log.seq, what: 'beside_differs', params: { matter: log.matter } });
  if (log.spot !== null) {
    const now = spot(county, log.matter, { lng: row.lng ?? undefined, lat: row.lat ?? undefined });
    if (now !== log.spot && comparable(now, log.spot)) found.push({ county, seq: log.seq, what: 'spot_differs', params: { matter: log.matter } });
  }
  return found;
};

/** What the kernel knows of its rows and the ledger does not: that texts open their digests, and rows stand where the log left them. */
export const createMatterChecker = (calendars: Calendars, kinds: Kinds, spot: SpotMark): TraceChecker => ({
  ...traceChecker,
  async matters(tx, county, log) {
    const found: Finding[] = [];
    const calendar = calendars.of(county);
    const seen = new Set<string>();
    const page = async (after: string) => {
      const rows = await presentMatters(tx, county, after, portion);
      return { rows, clocks: rows.length === 0 ? [] : await presentClocks(tx, county, after, rows.at(-1)!.id) };
    };
    for (let reading = page('00000000-0000-0000-0000-000000000000'); ;) {
      const { rows, clocks } = await reading;
      // The next page is read while this one is compared.
      if (rows.length === portion) reading = page(rows.at(-1)!.id);
      let next = 0;
      for (const row of rows) {
        seen.add(row.id);
        // Both come in the order of the matters' ids.
        while (next < clocks.length && clocks[next]!.matter < row.id) next++;
        const first = next;
        while (next < clocks.length && clocks[next]!.matter === row.id) next++;
        const replayed = log.get(row.id);
        if (replayed) {
          const share = (clock: Clock) => kinds.find(replayed.kind)?.workflow.clocks[clock.name]?.warnAt;
          const wrong = differences(county, replayed, row, clocks.slice(first, next), (clock) => recomputeClock(calendar, clock, share(clock)).dueAt, spot);
          if (wrong.length > 0) found.push(...wrong);
        } else if (!log.isKnown(row.id)) found.push({ county, seq: null, what: 'matter_stranger', params: { matter: row.id } });
      }
      if (rows.length < portion) break;
    }
    for (const { matter, seq } of log) if (!seen.has(matter)) found.push({ county, seq, what: 'matter_missing', params: { matter } });
    return found;
  },
});
