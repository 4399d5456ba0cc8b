import { setTimeout as pause } from 'node:timers/promises';
import type { Adapter, LinkState, Outcome } from '../adapter.ts';
import { DialError, type Ears, type Line, type Part, type PartOutcome, type Protocol } from './line.ts';
import { createPace } from './pace.ts';
import { segmentsOf } from './text.ts';

/** How an adapter with a connection of its own behaves. Times in milliseconds. */
export interface LinkOptions {
  /** Segments that wait for an answer at once; centres allow 1 to some hundreds. */
  readonly window: number;
  /** Segments that begin in a second; 0 for no limit. */
  readonly perSecond: number;
  /** Between two questions whether the peer is there. */
  readonly pingMs?: number;
  /** The first pause before dialling again; it doubles up to `mostMs`. */
  readonly againMs?: number;
  readonly mostMs?: number;
  /** How long a message waits for a connection before it goes back to the queue. */
  readonly patienceMs?: number;
}

/** Tries of a segment that the peer would not take yet, after the segments before it were taken. */
const partTries = 4;

/**
 * An adapter over one connection that dials again by itself, with growing pauses, and asks the peer now and then whether it
 * is there. A message whose segment was written and not answered is `unknown`, and so is one that left in part: neither is
 * ever sent again by a program. A message of which nothing was written is `later`.
 * @param fraction a random number in [0, 1), for pauses and references
 */
export const linkAdapter = (protocol: Protocol, ears: Ears, fraction: () => number, options: LinkOptions): Adapter => {
  const { window, perSecond, pingMs = 30_000, againMs = 1_000, mostMs = 60_000, patienceMs = 5_000 } = options;
  const pace = createPace(window, perSecond);
  let line: Line | undefined;
  let ending = new AbortController();
  let keeping: Promise<void> | undefined;
  let lastError: string | null = null;
  let reference = Math.floor(fraction() * 256);
  const waiting = new Set<() => void>();
  const settled = (): void => { for (const tell of waiting) tell(); };

  /** Pings until the line is silent or ends. @returns why it ended */
  const watch = async (bound: Line): Promise<string> => {
    const over = new AbortController();
    const ended = bound.ended.finally(() => over.abort());
    const pinging = (async () => {
      while (!over.signal.aborted) {
        await pause(pingMs, undefined, { signal: over.signal }).catch(() => {});
        if (!over.signal.aborted && !(await bound.ping())) { bound.close(); return; }
      }
    })();
    const stop = (): void => bound.close();
    ending.signal.addEventListener('abort', stop, { once: true });
    const why = await ended;
    await pinging;
    ending.signal.removeEventListener('abort', stop);
    return why;
  };

  const keep = async (): Promise<void> => {
    for (let tries = 0; !ending.signal.aborted;) {
      try {
        line = await protocol.dial(ears);
        lastError = null;
        tries = 0;
        settled();
        lastError = await watch(line);
      } catch (error) {
        lastError = error instanceof DialError ? error.code : 'broken';
      } finally {
        line = undefined;
      }
      if (ending.signal.aborted) break;
      settled();
      await pause(Math.min(mostMs, againMs * 2 ** tries++) * (0.5 + fraction()), undefined, { signal: ending.signal }).catch(() => {});
    }
  };

  const start = (): void => {
    if (keeping) return;
    ending = new AbortController();
    keeping = keep();
  };

  /** The line, once it is there; undefined where it does not come in time. */
  const bound = async (): Promise<Line | undefined> => {
    start();
    const until = performance.now() + patienceMs;
    while (!line && !ending.signal.aborted && performance.now() < until)
      await new Promise<void>((resolve) => {
        const tell = (): void => { clearTimeout(timer); waiting.delete(tell); resolve(); };
        const timer = setTimeout(tell, until - performance.now());
        waiting.add(tell);
      });
    return line;
  };

  const submit = async (part: Part): Promise<PartOutcome> => {
    if (!(await pace.turn())) return { state: 'later', error: `${protocol.name}_closing` };
    try {
      return await (line?.submit(part) ?? { state: 'later', error: `${protocol.name}_${lastError ?? 'away'}` });
    } finally {
      pace.done();
    }
  };

  /** A segment behind others that were taken: what the peer would not take yet is said again for a while. */
  const insist = async (part: Part): Promise<PartOutcome> => {
    for (let tries = 1; ; tries++) {
      const outcome = await submit(part);
      if (outcome.state !== 'later' || tries === partTries || ending.signal.aborted) return outcome;
      await pause(Math.min(outcome.afterMs ?? 0, 5_000) || 500 * tries);
      if (!(await bound())) return outcome;
    }
  };

  return {
    name: protocol.name, channel: 'sms', idempotent: false, hears: true,
    // A message may wait for its turn well within a claim's time, whatever the peer lets through.
    window: perSecond === 0 ? window * 2 : Math.max(1, Math.min(window * 2, perSecond * 8)),
    start,
    async send({ to, text }): Promise<Outcome> {
      const { coding, parts: cut } = segmentsOf(text, protocol.ascii);
      const parts = protocol.whole ? [Buffer.concat(cut)] : cut;
      if (parts.length > 255) return { state: 'refused', error: `${protocol.name}_too_long` };
      if (!line && !(await bound())) return { state: 'later', error: `${protocol.name}_${lastError ?? 'away'}` };
      const join = parts.length === 1 ? null : { reference: reference = (reference + 1) & 0xff, parts: parts.length };
      const peers: string[] = [];
      for (const [at, octets] of parts.entries()) {
        const part: Part = { to, coding, octets, join: join && { ...join, part: at + 1 } };
        const outcome = at === 0 ? await submit(part) : await insist(part);
        if (outcome.state === 'sent') peers.push(outcome.peer);
        else return at === 0 ? outcome : { state: 'unknown', error: `${outcome.error}_partly`, peers };
      }
      return { state: 'sent', peer: peers[0]!, peers };
    },
    state: (): LinkState => ({ connected: line !== undefined, error: line ? null : lastError }),
    async close() {
      ending.abort();
      pace.drop();
      settled();
      await keeping;
      keeping = undefined;
    },
  };
};
