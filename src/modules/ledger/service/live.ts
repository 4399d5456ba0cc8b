import type { Actor } from '../../../base/actor.ts';
import type { World } from '../../../platform/world.ts';
import type { LoggedEntry } from '../contract.ts';
import { readHead } from '../store/log.ts';
import type { Bell } from './bell.ts';
import { readLogged } from './followers.ts';

/** What the ledger is told about rights: who may see which event. `Subject` is what that is decided on. */
export interface LiveRights<Subject> {
  /** Counties whose logs the actor may listen to. */
  counties(actor: Actor): readonly string[];
  /** For each entry, in the same order, what visibility is decided on; asked once a batch, for all listeners together. */
  subjects(county: string, entries: readonly LoggedEntry[]): Promise<readonly Subject[]>;
  /** Compiles what the actor may see at this moment. Asked again at least every half minute, for grants begin and end. */
  compile(actor: Actor): (entry: LoggedEntry, subject: Subject) => boolean;
  /** The actor with the grants of now; undefined when the actor may not be here any more. */
  reload(actor: Actor): Promise<Actor | undefined>;
  /** Whose grants an entry changes: an actor's id. Listeners of theirs are compiled anew before they see the entry. */
  changes(entry: LoggedEntry): string | undefined;
}

/** Where events go; platform's EventStream is one. `write` returns false when the listener has been dropped. */
export interface EventSink {
  write(frames: string | Buffer): boolean;
  close(): void;
  readonly ended: AbortSignal;
}

/** One log's tail for all listeners of this process. */
export interface Live {
  start(): void;
  stop(): Promise<void>;
  /**
   * Streams a county's events from after a seq to a sink, and none twice or left out. `after` maps counties to the last seq
   * that the listener has; a county that is absent starts now. Every event bears the vector `county:seq,…` as its id.
   */
  open(actor: Actor, after: ReadonlyMap<string, number>, sink: EventSink, only?: readonly string[]): Promise<void>;
  /** Compiles anew what an actor's listeners may see, and ends those of an actor who may not be here any more. */
  refresh(actorId: string): Promise<void>;
  readonly listeners: number;
}

/** `county:seq,…`, sorted by county. */
export const vectorText = (vector: ReadonlyMap<string, number>): string =>
  [...vector].sort(([a], [b]) => (a < b ? -1 : 1)).map(([county, seq]) => `${county}:${seq}`).join(',');

/** Reads a vector; undefined where it is none. */
export const readVector = (text: string): Map<string, number> | undefined => {
  const vector = new Map<string, number>();
  if (text === '') return vector;
  for (const part of text.split(',')) {
    const found = /^([0-9A-Za-z_-]{1,20}):(\d{1,15})$/.exec(part);
    if (!found) return undefined;
    vector.set(found[1]!, Number(found[2]));
  }
  return vector;
};

const batchSize = 500;
const compileEvery = 30_000;
/** Unseen entries after which a listener is told where it stands, so that it need not go through them again. */
const tellAfter = 1_000;

interface Item<Subject> {
  readonly seq: number;
  readonly entry: LoggedEntry;
  readonly subject: Subject;
  /** Event and data lines, without the id. */
  readonly body: string;
}

interface Listener<Subject> {
  actor: Actor;
  sees: (entry: LoggedEntry, subject: Subject) => boolean;
  compiledAt: number;
  readonly at: Map<string, number>;
  readonly sink: EventSink;
  untold: number;
}

interface Tail<Subject> {
  readonly county: string;
  position: number;
  known: number;
  ready: Promise<void>;
  pumping: boolean;
  users: number;
  readonly listeners: Set<Listener<Subject>>;
}

/**
 * @param measure called for every event that went out, and with 'dropped' for a listener that was too slow.
 */
export const createLive = <Subject>(
  { db, log }: Pick<World, 'db' | 'log'>, bell: Bell, rights: LiveRights<Subject>, measure: (what: 'event' | 'dropped', count: number) => void = () => {},
): Live => {
  const tails = new Map<string, Tail<Subject>>();
  const all = new Set<Listener<Subject>>();
  let deafen = (): void => {};

  const prepare = async (county: string, entries: readonly LoggedEntry[]): Promise<Item<Subject>[]> => {
    const subjects = await rights.subjects(county, entries);
    return entries.map((logged, i) => ({
      seq: logged.seq, entry: logged, subject: subjects[i]!,
      body: `event: entry\ndata: ${JSON.stringify({ county, seq: logged.seq, entry: logged.entry })}\n\n`,
    }));
  };

  /**
   * Writes what each listener may see. Listeners of the one county that see the same events get the same bytes: encoded
   * once, whether ten listen or ten thousand.
   */
  const deliver = (county: string, items: readonly Item<Subject>[], to: number, listeners: Iterable<Listener<Subject>>): void => {
    const encoded = new Map<string, Buffer>();
    const present = performance.now();
    let events = 0;
    for (const listener of listeners) {
      const from = listener.at.get(county)!;
      if (present - listener.compiledAt > compileEvery) {
        listener.sees = rights.compile(listener.actor);
        listener.compiledAt = present;
      }
      const alone = listener.at.size === 1;
      // What this listener sees as bits, thirty items a number: the key under which its bytes are shared.
      let [key, bits, text, seen] = ['', 0, '', 0];
      for (let i = 0; i < items.length; i++) {
        const item = items[i]!;
        if (item.seq > from && listener.sees(item.entry, item.subject)) {
          seen++;
          if (alone) bits |= 1 << i % 30;
          else {
            listener.at.set(county, item.seq);
            text += `id: ${vectorText(listener.at)}\n${item.body}`;
          }
        }
        if (i % 30 === 29) {
          key += `${bits},`;
          bits = 0;
        }
      }
      key += bits;
      listener.at.set(county, Math.max(from, to));
      listener.untold = seen > 0 ? 0 : listener.untold + items.length;
      let frames: string | Buffer = text;
      if (alone && seen > 0) {
        let shared = encoded.get(key);
        if (!shared) {
          const shown = items.filter((item) => item.seq > from && listener.sees(item.entry, item.subject));
          shared = Buffer.from(shown.map((item) => `id: ${county}:${item.seq}\n${item.body}`).join(''));
          encoded.set(key, shared);
        }
        frames = shared;
      }
      if (listener.untold >= tellAfter) {
        listener.untold = 0;
        frames = `id: ${vectorText(listener.at)}\n\n`;
      }
      if (frames.length > 0 && !listener.sink.write(frames)) measure('dropped', 1);
      events += seen;
    }
    if (events > 0) measure('event', events);
  };

  const reload = async (listener: Listener<Subject>): Promise<void> => {
    const actor = await rights.reload(listener.actor);
    if (!actor) {
      listener.sink.write('event: end\ndata: {}\n\n');
      listener.sink.close();
      return;
    }
    listener.actor = actor;
    listener.sees = rights.compile(actor);
    listener.compiledAt = performance.now();
  };

  /** New rights first, then the news: an entry that ends a grant is not seen under it, nor is anything after it. */
  const applyChanges = async (entries: readonly LoggedEntry[], listeners: Iterable<Listener<Subject>>): Promise<void> => {
    const changed = new Set(entries.map((entry) => rights.changes(entry)).filter((id) => id !== undefined));
    if (changed.size === 0) return;
    await Promise.all([...listeners].filter((each) => changed.has(each.actor.id)).map(reload));
  };

  const pump = async (tail: Tail<Subject>): Promise<void> => {
    if (tail.pumping) return;
    tail.pumping = true;
    try {
      await tail.ready;
      while (tail.position < tail.known && tail.users > 0) {
        const { entries, to } = await readLogged(db, tail.county, tail.position, batchSize);
        if (to === tail.position) break;
        const items = await prepare(tail.county, entries);
        await applyChanges(entries, tail.listeners);
        deliver(tail.county, items, to, tail.listeners);
        tail.position = to;
      }
    } catch (error) {
      log.warn({ err: error, county: tail.county }, 'the tail of the ledger cannot be read; trying again when it grows');
    } finally {
      tail.pumping = false;
    }
  };

  const tailOf = (county: string): Tail<Subject> => {
    let tail = tails.get(county);
    if (!tail) {
      const made: Tail<Subject> = { county, position: 0, known: 0, ready: Promise.resolve(), pumping: false, users: 0, listeners: new Set() };
      made.ready = readHead(db, county).then((head) => {
        made.position = head?.size ?? 0;
        made.known = Math.max(made.known, made.position);
      });
      made.ready.catch(() => tails.delete(county));
      tails.set(county, made);
      tail = made;
    }
    return tail;
  };

  /** Brings a listener up to the tail, portion by portion, and ties it to the tail in the same step in which it arrives there. */
  const join = async (listener: Listener<Subject>, tail: Tail<Subject>): Promise<void> => {
    const { county } = tail;
    for (;;) {
      if (listener.sink.ended.aborted) return;
      const at = listener.at.get(county)!;
      if (at >= tail.position) break;
      const { entries, to } = await readLogged(db, county, at, Math.min(batchSize, tail.position - at));
      deliver(county, await prepare(county, entries), to, [listener]);
      if (to === at) throw new Error(`ledger ${county}: nothing after ${at} though its tail is at ${tail.position}`);
    }
    tail.listeners.add(listener);
  };

  return {
    start() {
      deafen = bell.listen((county, size) => {
        const tail = tails.get(county);
        if (!tail) return;
        tail.known = Math.max(tail.known, size);
        void pump(tail);
      });
    },
    async stop() {
      deafen();
      for (const listener of all) listener.sink.close();
    },
    async open(actor, after, sink, only) {
      if (sink.ended.aborted) return;
      const counties = rights.counties(actor).filter((county) => !only || only.includes(county));
      const listener: Listener<Subject> = {
        actor, sees: rights.compile(actor), compiledAt: performance.now(), at: new Map(), sink, untold: 0,
      };
      const joined = counties.map(tailOf);
      for (const tail of joined) tail.users++;
      all.add(listener);
      sink.ended.addEventListener('abort', () => {
        all.delete(listener);
        for (const tail of joined) {
          tail.listeners.delete(listener);
          if (--tail.users === 0) tails.delete(tail.county);
        }
      }, { once: true });
      let lost = false;
      for (const tail of joined) {
        await tail.ready;
        const from = after.get(tail.county);
        // A place beyond the log is one of another past: the database was put back. The listener starts over.
        if (from !== undefined && from > tail.position && from > ((await readHead(db, tail.county))?.size ?? 0)) lost = true;
        listener.at.set(tail.county, from ?? tail.position);
      }
      if (lost) for (const tail of joined) listener.at.set(tail.county, tail.position);
      const vector = vectorText(listener.at);
      sink.write(`id: ${vector}\nevent: ${lost ? 'reset' : 'open'}\ndata: ${JSON.stringify({ at: vector })}\n\n`);
      for (const tail of joined) await join(listener, tail);
      for (const tail of joined) void pump(tail);
    },
    async refresh(actorId) {
      await Promise.all([...all].filter((each) => each.actor.id === actorId).map(reload));
    },
    get listeners() {
      return all.size;
    },
  };
};
