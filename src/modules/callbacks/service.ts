import { readFileSync } from 'node:fs';
import { Type } from 'typebox';
import type { Actor, Grant } from '../../base/actor.ts';
import { addTime } from '../../base/time/calendar.ts';
import type { Json } from '../../base/canonical.ts';
import { isRefusal, refuse, type Refusal, type Result } from '../../base/result.ts';
import type { Language } from '../../base/text/language.ts';
import { remembered } from '../../platform/remembered.ts';
import type { World } from '../../platform/world.ts';
import { holds } from '../identity/rules.ts';
import { mayOf, type Identity } from '../identity/index.ts';
import type { Ledger } from '../ledger/index.ts';
import { MatterMoved, stateLabel, type Matters } from '../matters/index.ts';
import type { Area } from '../settings/index.ts';
import { wordsShape } from '../settings/contract/shapes.ts';
import type { CallbackCard, CallbackFigures, CallbackItem } from './contract.ts';
import { isAskable, ratesOf, type CallbackSettings, type Sums } from './rules.ts';
import { countWaiting, listRows, readCallback, readSettings, setTried, sumAnswers, sumRatings, takeNext, takeThis, type CallbackRow } from './store.ts';

export interface CallbackSources {
  readonly world: World;
  readonly ledger: Pick<Ledger, 'sequencer'>;
  readonly identity: Identity;
  readonly matters: Matters;
}

/** What came of a call. */
export interface CallResult {
  readonly outcome: 'answered' | 'unanswered' | 'later' | 'refused';
  readonly nextAt?: string;
  readonly answers?: readonly { readonly matter: string; readonly reached?: boolean; readonly solved?: boolean; readonly satisfaction?: number; readonly note?: string }[];
  readonly op: string;
}

/** Calls to people whose matter has ended: the list, one at a time, and what they said. */
export interface Callbacks {
  readonly area: Area;
  settings(county: string): Promise<CallbackSettings>;
  list(actor: Actor, county: string, ask: { readonly state?: 'waiting' | 'ended'; readonly after?: string; readonly limit?: number }, language: Language): Promise<Result<{ items: CallbackItem[]; next: string | null; waiting: number }>>;
  /** The next one, or this one, for twenty minutes. Refusals: 403, 404 `callbacks.none`, `callbacks.unknown`, 409 `callbacks.taken`. */
  take(actor: Actor, county: string, id: string | null, language: Language): Promise<Result<CallbackCard>>;
  /** The number, with an entry that says who looked. */
  phone(actor: Actor, county: string, id: string): Promise<Result<{ phone: string | null }>>;
  /** Acts on each case of the call and counts the try, all or nothing. */
  result(actor: Actor, county: string, id: string, result: CallResult): Promise<Result<{ state: string; tries: number; nextAt: string | null }>>;
  figures(actor: Actor, county: string, days: number, language: Language): Promise<Result<CallbackFigures>>;
}

const minute = 60_000;
/** How long one stays with whoever took it. */
const heldMs = 20 * minute;
const farthestMs = 30 * 86_400_000;
const keepMs = 30_000;

const shipped = (): CallbackSettings => {
  const { about: _, ...settings } = JSON.parse(readFileSync(new URL('../../../data/callbacks/settings.json', import.meta.url), 'utf8')) as CallbackSettings & { readonly about: string };
  return settings;
};

const closed = { additionalProperties: false } as const;
const yesNo = Type.Optional(Type.Boolean());
const Shape = Type.Object({
  sampleShare: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  always: Type.Optional(Type.Object({ low: yesNo, promised: yesNo, elder: yesNo, split: yesNo }, closed)),
  lowStars: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })), triesAtMost: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
  againHours: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 80 })), script: Type.Optional(wordsShape(500)),
}, closed);

const readCursor = (text: string | undefined, ended: boolean): Result<readonly string[] | null> => {
  if (text === undefined) return null;
  const parts = text.split('~');
  return parts.length === (ended ? 2 : 3) && /^[0-9a-f-]{36}$/.test(parts.at(-1)!) && !Number.isNaN(Date.parse(parts.at(-2)!)) && (ended || /^\d$/.test(parts[0]!)) ? parts : refuse(422, 'matters.cursor-wrong');
};

const nothing: Sums = { answered: 0, asked: 0, reachedAsked: 0, reached: 0, solvedAsked: 0, solved: 0, rated: 0, satisfied: 0 };
const added = (a: Sums, b: Sums): Sums => Object.fromEntries(Object.keys(nothing).map((key) => [key, a[key as keyof Sums] + b[key as keyof Sums]])) as unknown as Sums;

export const createCallbacks = ({ world, ledger, identity, matters }: CallbackSources): Callbacks => {
  const defaults = shipped();
  const settings = remembered(world.now, keepMs, async (county): Promise<CallbackSettings> => {
    const own = ((await readSettings(world.db, county)) ?? {}) as Partial<CallbackSettings>;
    return { ...defaults, ...own, always: { ...defaults.always, ...own.always } };
  });
  /** Places below which the actor has a right; none where they have it nowhere. */
  const placesOf = (actor: Actor, county: string, permission: string): string[] =>
    actor.grants.filter((grant: Grant) => grant.county === county && holds(grant, world.now()) && mayOf(identity.roles, county, grant.role).includes(permission)).map(({ place }) => place);
  const mine = (actor: Actor, county: string, row: CallbackRow | undefined): row is CallbackRow => row !== undefined && placesOf(actor, county, 'callbacks.work').some((place) => row.path.startsWith(place));
  const notPermitted = refuse(403, 'identity.not_permitted');

  const itemsOf = async (actor: Actor, county: string, rows: readonly CallbackRow[], language: Language): Promise<CallbackItem[]> => {
    const now = world.now();
    const { triesAtMost } = await settings(county);
    const seen = new Map((await matters.seen(actor, county, rows.flatMap((row) => row.matters), 'case', language)).map((one) => [one.matter.id, one]));
    const phones = await identity.contacts.masked(world.db, county, [...new Set(rows.map(({ contact }) => contact))]);
    const names = await identity.accounts.names(world.db, rows.flatMap(({ taken_by: by }) => by ?? []));
    return rows.map((row) => {
      const held = row.taken_by !== null && (row.state !== 'waiting' || (row.taken_until?.getTime() ?? 0) > now);
      return {
        id: row.id, state: row.state, reasons: [...row.reasons], tries: row.tries, triesAtMost, nextAt: row.next_at.toISOString(), createdAt: row.created_at.toISOString(), endedAt: row.ended_at?.toISOString() ?? null,
        takenBy: held ? (names.get(row.taken_by!) ?? null) : null, mine: held && row.taken_by === actor.id, maskedPhone: phones.get(row.contact)?.maskedPhone ?? null,
        parts: row.matters.flatMap((id) => {
          const found = seen.get(id);
          return found ? [{ id, number: found.item.number, title: found.item.title, state: found.item.state, stateLabel: stateLabel('case', found.item.state, language), unit: found.item.leadUnit?.name ?? null, endedAt: found.item.updatedAt }] : [];
        }),
      };
    });
  };

  const nextTry = (county: string, result: CallResult, againHours: number): number | Refusal => {
    const now = world.now();
    if (result.outcome !== 'later') return addTime(matters.calendar(county), now, againHours * 60 * minute, 'workingHour').at;
    const at = Date.parse(result.nextAt ?? '');
    return Number.isNaN(at) || at <= now || at > now + farthestMs ? refuse(422, 'callbacks.no_time', undefined, [{ path: '/nextAt', reason: 'callbacks.no_time' }]) : at;
  };

  /** One transaction: the action on every case of the call, and the row. */
  const carry = (actor: Actor, county: string, row: CallbackRow, result: CallResult, after: { readonly state: CallbackRow['state']; readonly nextAt: number }): Promise<Result<true>> => world.db.transaction(async (tx) => {
    const given = new Map((result.answers ?? []).map(({ matter, ...answer }) => [matter, answer]));
    for (const [n, matter] of row.matters.entries()) {
      const [now] = await matters.readFamily(tx, county, matter, 'case');
      // It was opened again while the telephone rang: the call was about what is no more.
      if (!now || !isAskable(now)) continue;
      const op = `${result.op.slice(0, -4)}${((Number.parseInt(result.op.slice(-4), 16) + n) % 65_536).toString(16).padStart(4, '0')}`;
      const done = await matters.actIn(tx, { actor, behalf: null, county, kind: 'case', matter, action: 'callback', input: { outcome: result.outcome, ...given.get(matter) }, op });
      if (isRefusal(done)) throw new Refused(done);
    }
    if (!(await setTried(tx, county, row.id, row.tries, after.state, after.nextAt, world.now()))) throw new Refused(refuse(409, 'callbacks.moved'));
    return true as const;
  }).catch((error: unknown) => { if (error instanceof Refused) return error.refusal; throw error; });

  return {
    settings,
    area: {
      name: 'callbacks', path: ['callbacks'], schema: Shape, edit: ['settings.edit', 'flow.edit'], shipped: () => defaults as unknown as Json,
      changed: (county) => settings.forget(county), preview: async () => [{ words: 'effect.callbacks' }],
    },
    async list(actor, county, { state, after, limit = 40 }, language) {
      const places = placesOf(actor, county, 'callbacks.work');
      if (places.length === 0) return notPermitted;
      const ended = state === 'ended';
      const cursor = readCursor(after, ended);
      if (isRefusal(cursor)) return cursor;
      const [rows, waiting] = await Promise.all([listRows(world.db, county, places, ended, cursor, limit), countWaiting(world.db, county, places)]);
      const last = rows.length === limit ? rows.at(-1) : undefined;
      return {
        items: await itemsOf(actor, county, rows, language), waiting,
        next: last ? (ended ? [last.created_at.toISOString(), last.id] : [last.rank, last.next_at.toISOString(), last.id]).join('~') : null,
      };
    },
    async take(actor, county, id, language) {
      const places = placesOf(actor, county, 'callbacks.work');
      if (places.length === 0) return notPermitted;
      const now = world.now();
      if (id !== null && !mine(actor, county, await readCallback(world.db, county, id))) return refuse(404, 'callbacks.unknown');
      const row = id === null ? await takeNext(world.db, county, places, actor.id, now, now + heldMs) : await takeThis(world.db, county, id, actor.id, now, now + heldMs);
      if (!row) {
        const there = id === null ? undefined : await readCallback(world.db, county, id);
        if (!there || there.state !== 'waiting') return refuse(404, id === null ? 'callbacks.none' : 'callbacks.unknown');
        return refuse(409, 'callbacks.taken', { name: (await identity.accounts.names(world.db, [there.taken_by ?? ''])).get(there.taken_by ?? '') ?? '—' });
      }
      const [item] = await itemsOf(actor, county, [row], language);
      return { ...item!, script: (await settings(county)).script[language] };
    },
    async phone(actor, county, id) {
      const row = await readCallback(world.db, county, id);
      if (!mine(actor, county, row)) return placesOf(actor, county, 'callbacks.work').length === 0 ? notPermitted : refuse(404, 'callbacks.unknown');
      const shown = await identity.contacts.reveal(actor, { county, contact: row.contact, matter: row.root, path: row.path }, 'call_back');
      return isRefusal(shown) ? shown : { phone: shown.phone };
    },
    async result(actor, county, id, result) {
      const row = await readCallback(world.db, county, id);
      if (!mine(actor, county, row)) return placesOf(actor, county, 'callbacks.work').length === 0 ? notPermitted : refuse(404, 'callbacks.unknown');
      if (row.state !== 'waiting') return refuse(404, 'callbacks.unknown');
      if (row.taken_by !== actor.id && (row.taken_until?.getTime() ?? 0) > world.now())
        return refuse(409, 'callbacks.taken', { name: (await identity.accounts.names(world.db, [row.taken_by ?? ''])).get(row.taken_by ?? '') ?? '—' });
      const given = (result.answers ?? []).map(({ matter }) => matter);
      const strange = given.findIndex((matter) => !row.matters.includes(matter));
      if (strange >= 0) return refuse(422, 'callbacks.not_theirs', undefined, [{ path: `/answers/${strange}/matter`, reason: 'callbacks.not_theirs' }]);
      const { triesAtMost, againHours } = await settings(county);
      if (result.outcome === 'answered' && row.matters.some((matter) => !result.answers?.some((answer) => answer.matter === matter && (answer.satisfaction !== undefined || answer.solved !== undefined))))
        return refuse(422, 'callbacks.answers', undefined, [{ path: '/answers', reason: 'callbacks.answers' }]);
      const at = nextTry(county, result, againHours);
      if (isRefusal(at)) return at;
      const done = result.outcome === 'answered' || result.outcome === 'refused';
      const state = done ? 'done' as const : row.tries + 1 >= triesAtMost ? 'unreached' as const : 'waiting' as const;
      for (let attempt = 1; ; attempt++)
        try {
          const carried = await carry(actor, county, row, result, { state, nextAt: at });
          if (isRefusal(carried)) return carried;
          ledger.sequencer.nudge(county);
          break;
        } catch (error) {
          if (!(error instanceof MatterMoved) || attempt >= 3) throw error;
        }
      return { state, tries: row.tries + 1, nextAt: state === 'waiting' ? new Date(at).toISOString() : null };
    },
    async figures(actor, county, days, language) {
      const places = placesOf(actor, county, 'callbacks.read');
      if (places.length === 0) return notPermitted;
      const since = world.now() - days * 86_400_000;
      const [rows, ratings] = await Promise.all([sumAnswers(world.db, county, places, since), sumRatings(world.db, county, places, since)]);
      const units = await identity.units.get(world.db, county, rows.flatMap(({ unit }) => unit ?? []));
      const all = rows.reduce<Sums>(added, nothing);
      return {
        asked: all.asked, answered: all.answered, ...ratesOf(all),
        units: rows.flatMap((row) => (row.unit === null ? [] : [{ unit: { id: row.unit, name: units.get(row.unit)?.name[language] ?? row.unit }, asked: row.asked, answered: row.answered, ...ratesOf(row) }])),
        ratings,
      };
    },
  };
};

/** Carries a refusal out of a transaction, which it undoes. */
class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}
