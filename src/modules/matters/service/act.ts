import { createHash } from 'node:crypto';
import { canonical, type Json } from '../../../base/canonical.ts';
import { isUuid } from '../../../base/ids.ts';
import { isRefusal, refuse, type Refusal, type Result } from '../../../base/result.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { World } from '../../../platform/world.ts';
import type { Done } from '../contract.ts';
import type { Held } from '../rules/decide.ts';
import { readHeld, readOperations, type Remembered } from '../store/read.ts';
import { noWrites, writeBatch, writePlain, type Writes } from '../store/write.ts';
import { plan, type Asked, type Plan, type Planner } from './plan.ts';
import { addPlan, doneOf } from './write.ts';

/** One call of `act`. */
export interface Call extends Asked {
  readonly op: string;
}

interface Queued {
  readonly call: Call;
  readonly digest: string;
  readonly touches: readonly string[];
  attempts: number;
  readonly settle: (result: Result<Done>) => void;
  readonly fail: (error: unknown) => void;
}

/** Actions that one statement carries at the most. */
const batchSize = 64;
/** Batches under way at once: one being decided while others are being written. */
const lanes = 4;
const attemptsAtMost = 5;

/** Digest of a request: binds an `op` to who asked, to what and for what. */
const requestDigest = ({ actor, kind, matter, action, input, behalf }: Call): string =>
  createHash('sha256').update(canonical({ actor: actor.id, behalf, kind, matter, action, input: input as Json })).digest('hex');

/** A refusal that rests on the state of the matter is remembered under its op; one about rights or form is not. */
const rests = (refusal: Refusal): boolean => refusal.status === 409;

const operationKey = ({ county, op }: Call): string => `${county} ${op}`;

/** What is counted of acting. */
export interface Measure {
  batch(size: number): void;
  action(kind: string, action: string, outcome: string): void;
}

/**
 * The way in which matters change. Calls queue; a few lanes carry whatever has queued while the last statements ran, of
 * whichever counties: with a queue for each, a hundred busy counties travelled in ones and twos, and a report cost six times
 * as much. Nothing waits for a batch to fill.
 */
export class Acting {
  readonly #world: World;
  readonly #planner: Planner;
  readonly #written: (county: string) => void;
  readonly #waiting: Queued[] = [];
  readonly #busy = new Set<string>();
  #running = 0;
  readonly #underWay = new Map<string, { digest: string; result: Promise<Result<Done>> }>();
  readonly #measure: Measure;

  constructor(world: World, planner: Planner, written: (county: string) => void, measure: Measure) {
    this.#world = world;
    this.#planner = planner;
    this.#written = written;
    this.#measure = measure;
  }

  /** Makes or changes matters. The same op with the same request gets the same answer; with another request a 409. */
  async act(call: Call): Promise<Result<Done>> {
    const checked = this.#check(call);
    if (checked) return checked;
    const digest = requestDigest(call);
    const key = operationKey(call);
    const same = this.#underWay.get(key);
    if (same) return same.digest === digest ? same.result : refuse(409, 'matters.op-reused', { op: call.op });
    const result = new Promise<Result<Done>>((settle, fail) => {
      this.#enqueue({ call, digest, touches: this.#touches(call), attempts: 0, settle, fail });
    }).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, { digest, result });
    const answer = await result;
    this.#measure.action(call.kind, call.action, isRefusal(answer) ? answer.reason : 'done');
    return answer;
  }

  /**
   * The same within the caller's transaction, for services that write rows of their own with an action.
   * @throws MatterMoved where somebody was faster: roll back and try the whole transaction again.
   */
  async actIn(tx: Tx, call: Call): Promise<Result<Done>> {
    const checked = this.#check(call);
    if (checked) return checked;
    const digest = requestDigest(call);
    const known = (await readOperations(tx, [call.county], [call.op])).get(operationKey(call));
    if (known) return replay(known, digest, call.op);
    const loaded = await readHeld(tx, [call.county], this.#touches(call));
    const now = this.#world.now();
    const decided = await plan(this.#planner, call, loaded, now);
    if (isRefusal(decided)) return decided;
    const writes = noWrites();
    addPlan(writes, 0, decided, { op: call.op, digest, now: call.simulated?.now ?? now });
    await writePlain(tx, call.county, writes);
    return doneOf(decided);
  }

  /** What was answered to this very request before; undefined where nothing was, or where the op was another request's. */
  async answered(call: Call): Promise<Result<Done> | undefined> {
    if (!isUuid(call.op)) return undefined;
    const known = (await readOperations(this.#world.db, [call.county], [call.op])).get(operationKey(call));
    return known?.digest.toString('hex') === requestDigest(call) ? (known.answer as Result<Done>) : undefined;
  }

  /** What one action on each of some matters of a county would lead to now: decided as `act` decides, each by itself, and not written. */
  async dry(county: string, asked: readonly Asked[]): Promise<readonly (Plan | Refusal)[]> {
    const now = this.#world.now();
    // A number that nothing will bear is not taken.
    const planner: Planner = { ...this.#planner, numbers: { take: () => Promise.resolve('') } };
    const loaded = await readHeld(this.#world.db, [county], [...new Set(asked.flatMap((one) => this.#touches(one)))]);
    return Promise.all(asked.map((one) => {
      const wrong = planner.kinds.check(one.kind, one.action, one.input);
      const mine = new Map(this.#touches(one).flatMap((id) => { const held = loaded.get(id); return held ? [[id, held] as const] : []; }));
      return wrong ?? plan(planner, one, mine, now);
    }));
  }

  #check({ kind, action, input, op, simulated }: Call): Refusal | undefined {
    if (simulated && !this.#world.demo) throw new Error('simulated actions are taken in a demo database only');
    if (!isUuid(op)) return refuse(422, 'matters.op-invalid');
    return this.#planner.kinds.check(kind, action, input);
  }

  #touches({ kind, matter, action, input }: Asked): string[] {
    const others = this.#planner.kinds.get(kind).others?.(action, input as never) ?? [];
    return [...(matter === null ? [] : [matter]), ...others];
  }

  #enqueue(queued: Queued): void {
    this.#waiting.push(queued);
    if (this.#running < lanes) {
      this.#running++;
      void this.#run();
    }
  }

  async #run(): Promise<void> {
    for (;;) {
      // Calls that arrive in one turn of the loop travel in one batch.
      await new Promise((resume) => setImmediate(resume));
      const batch = takeBatch(this.#waiting, this.#busy);
      if (batch.length === 0) break;
      const held = batch.flatMap(({ touches }) => touches);
      for (const id of held) this.#busy.add(id);
      try {
        await this.#carry(batch);
      } catch (error) {
        if (batch.length === 1) this.#failed(batch[0]!, error);
        else for (const one of batch) await this.#carry([one]).catch((cause: unknown) => this.#failed(one, cause));
      } finally {
        for (const id of held) this.#busy.delete(id);
      }
    }
    this.#running--;
  }

  /** Another process was asked for the same op in the same moment and was first: its answer is there now. */
  #failed(one: Queued, error: unknown): void {
    const taken = (error as { readonly constraint?: string }).constraint === 'operation_pkey';
    if (taken && ++one.attempts < attemptsAtMost) this.#enqueue(one);
    else one.fail(error);
  }

  async #carry(batch: readonly Queued[]): Promise<void> {
    const { db } = this.#world;
    const now = this.#world.now();
    // A lone call, or one that is tried again, may be a repetition; so may any that changes a matter. Fresh makes that
    // travel together are not looked up: where one is a repetition the key of `operation` fails the batch, and each
    // is then carried alone.
    const lookUp = batch.length === 1 || batch.some((one) => one.call.matter !== null || one.attempts > 0);
    const counties = [...new Set(batch.map(({ call }) => call.county))];
    const ids = [...new Set(batch.flatMap(({ touches }) => touches))];
    const [known, loaded] = await Promise.all([
      lookUp ? readOperations(db, counties, batch.map(({ call }) => call.op)) : new Map<string, Remembered>(),
      readHeld(db, counties, ids),
    ]);
    const writes = noWrites();
    const planned = await Promise.all(batch.map(async (one, n): Promise<Plan | undefined> => {
      const before = known.get(operationKey(one.call));
      if (before) { one.settle(replay(before, one.digest, one.call.op)); return undefined; }
      const mine = new Map<string, Held>();
      for (const id of one.touches) { const held = loaded.get(id); if (held?.matter.county === one.call.county) mine.set(id, held); }
      try {
        const decided = await plan(this.#planner, one.call, mine, now);
        if (!isRefusal(decided)) return decided;
        if (!rests(decided)) one.settle(decided);
        else this.#remember(writes, n, one, decided, now);
      } catch (error) {
        one.fail(error);
      }
      return undefined;
    }));
    planned.forEach((decided, n) => {
      if (decided) addPlan(writes, n, decided, { op: batch[n]!.call.op, digest: batch[n]!.digest, now: batch[n]!.call.simulated?.now ?? now });
    });
    if (writes.operations.length === 0) return;
    const done = await writeBatch(db, writes);
    this.#measure.batch(writes.operations.length);
    for (const county of new Set([...done].map((n) => batch[n]!.call.county))) this.#written(county);
    for (const { n, always, answer } of writes.operations) {
      const one = batch[n]!;
      if (always) one.settle(answer as Refusal);
      else if (done.has(n)) one.settle(doneOf(planned[n]!));
      else if (++one.attempts >= attemptsAtMost) one.settle(refuse(409, 'matters.moved'));
      else this.#enqueue(one);
    }
  }

  #remember(writes: Writes, n: number, { call, digest }: Queued, refusal: Refusal, now: number): void {
    writes.operations.push({ n, county: call.county, op: call.op, digest, status: refusal.status, answer: refusal, at: new Date(now).toISOString(), always: true });
  }

  /** Resolves when nothing is queued or under way. */
  async drain(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled([...this.#underWay.values()].map(({ result }) => result));
  }
}

const replay = (known: Remembered, digest: string, op: string): Result<Done> =>
  known.digest.toString('hex') === digest ? (known.answer as Result<Done>) : refuse(409, 'matters.op-reused', { op });

/** Takes what can travel together: no matter twice, and none that another lane has in hand. */
const takeBatch = (waiting: Queued[], busy: ReadonlySet<string>): Queued[] => {
  const batch: Queued[] = [];
  const seen = new Set<string>();
  for (let i = 0; i < waiting.length && batch.length < batchSize;) {
    const one = waiting[i]!;
    if (one.touches.some((id) => seen.has(id) || busy.has(id))) { i++; continue; }
    for (const id of one.touches) seen.add(id);
    batch.push(one);
    if (i === 0) waiting.shift();
    else waiting.splice(i, 1);
  }
  return batch;
};
