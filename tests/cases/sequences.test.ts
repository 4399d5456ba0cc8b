import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../../src/base/actor.ts';
import { isRefusal } from '../../src/base/result.ts';
import { caseWorkflow } from '../../src/modules/cases/rules/case.ts';
import { taskWorkflow } from '../../src/modules/cases/rules/task.ts';
import type { Entry } from '../../src/modules/ledger/index.ts';
import { brokenCourses } from '../faults/course.ts';
import { county, openCaseTown, people, person, served, type CaseTown } from './made.ts';

let town: CaseTown;
beforeAll(async () => { town = await openCaseTown(); }, 120_000);
afterAll(() => town?.close());

const hour = 3_600_000;
/** Two who hold every post at once: what may not be done by one person is tried by them. */
const everything = (n: number): Actor => ({ ...person(n, 'intake'), grants: Object.values(people).flatMap(({ grants }) => grants) });
const cast: readonly Actor[] = [...Object.values(people), everything(40), everything(41), person(42, 'commander'), person(43, 'head', 'lighting'), person(44, 'gridworker')];
/** Those who had no hand in anything. */
const fresh: Readonly<Record<string, Actor>> = {
  eye: person(50, 'gridworker'), intake: person(51, 'intake'), dispatcher: person(52, 'dispatcher'), lighting: person(53, 'unithandler', 'lighting'), works: person(54, 'unithandler', 'works'),
};

/** What is given with an action so that it may succeed. @param other another case */
const inputOf = (action: string, other: string, n: number): object => ({
  requestCheck: { reason: '看看' }, check: { found: n % 4 > 0 }, file: { code: town.row }, decline: { reason: '不是' }, merge: { into: other }, unmerge: { reason: '另一盏' },
  link: { other }, unlink: { other }, split: { issue: '还有噪声', code: town.row }, dispatch: { unit: n % 2 ? 'lighting' : 'works' }, redispatch: { unit: n % 2 ? 'lighting' : 'works', reason: '改派' },
  addAssisting: { unit: n % 2 ? 'works' : 'lighting', what: '开挖' }, return: { reason: '不归我们', why: 'notOurs' }, finish: { blobs: [served] }, rework: { reason: '没好' },
  requestExtension: { amount: 1, reason: '缺货' }, refuseExtension: { reason: '不行' }, requestHold: { days: 2, reason: '等停电' }, refuseHold: { reason: '不行' }, appeal: { reason: '时限' },
  decideAppeal: { upheld: n % 2 === 0, reason: '定了' }, urge: { reason: '快' }, note: { text: '备注' }, reply: { text: '在办' }, publish: { summary: '路灯在修' }, withhold: { reason: '不公开' },
  callback: { outcome: 'answered', reached: true, solved: n % 2 === 0, satisfaction: 4 }, rate: { stars: 3 }, askReopen: { reason: '没修' }, reopen: { reason: '属实' }, refuseReopen: { reason: '已修' }, void: { reason: '误报' },
} as Record<string, object>)[action] ?? {};

const actions = Object.entries(caseWorkflow.actions).filter(([, { from, who }]) => from !== null && !who.includes('system')).map(([name]) => name);
/** The regular way on from each state. */
const onward: Readonly<Record<string, readonly string[]>> = {
  reported: ['file'], checking: ['check'], filed: ['dispatch'], dispatched: ['accept'], handling: ['finish'], held: ['resume'], verifying: ['verify'], verified: ['close'],
  closed: ['rate', 'askReopen', 'reopen', 'callback'], merged: ['unmerge'],
};

const ticked = async (): Promise<void> => { for (let round = 0; round < 60 && (await town.modules.matters.tick()) > 0; round++); };
const tasksOf = (id: string) => town.world.ownerDb.query<{ id: string; state: string; lead_unit: string }>(`select id, state, lead_unit from matter where county = $1 and parent = $2 and kind = 'task' and ended_at is null`, [county, id]);

/** Brings a case to its regular end by people who had no part in it; says where it stays when it cannot be. */
const broughtToEnd = async (id: string): Promise<string> => {
  for (let step = 0; step < 14; step++) {
    for (const task of await tasksOf(id)) await town.act(fresh['dispatcher']!, task.id, 'cancel');
    await town.act(fresh['dispatcher']!, id, 'decideAppeal', { upheld: false, reason: '不成立' });
    const { matter: { state, facets } } = await town.stateOf(id);
    if (caseWorkflow.final.includes(state)) return 'ended';
    const unit = fresh[facets.leadUnit ?? 'lighting'] ?? fresh['lighting']!;
    const [who, action] = ({
      reported: [fresh['intake']!, 'file'], checking: [fresh['eye']!, 'check'], filed: [fresh['dispatcher']!, 'dispatch'], dispatched: [unit, 'accept'], handling: [unit, 'finish'],
      held: [fresh['dispatcher']!, 'resume'], verifying: [fresh['eye']!, 'verify'], verified: [fresh['intake']!, 'close'],
    } as Record<string, readonly [Actor, string]>)[state]!;
    const result = await town.act(who, id, action, inputOf(action, id, 1));
    if (isRefusal(result)) return `stays in ${state}: ${action} is refused, ${result.reason} ${JSON.stringify(result.params ?? {})}`;
  }
  return 'goes round in circles';
};

const entriesOf = async (): Promise<Entry[]> => {
  await town.modules.matters.drain();
  await town.modules.ledger.sequencer.drain();
  const rows = await town.world.ownerDb.query<{ entry: string }>(`select convert_from(canonical, 'UTF8') as entry from ledger_entry where county = $1 order by seq`, [county]);
  return rows.map(({ entry }) => JSON.parse(entry) as Entry);
};

const step = fc.record({ who: fc.nat({ max: cast.length - 1 }), pick: fc.nat({ max: 997 }), on: fc.nat({ max: 2 }), hours: fc.constantFrom(0, 0, 0, 1, 9, 30), way: fc.constantFrom('regular', 'regular', 'any', 'any', 'one') });
/** Tried less often: most of what can happen to a case is over with them. */
const endings = new Set(['void', 'decline', 'merge']);

test('whatever is tried by whomever in whatever order, every course is lawful and everything still finds its regular end', async () => {
  const done = new Set<string>();
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40, size: 'max' }), async (steps) => {
    const cases = [await town.reported(people.resident), await town.reported(), await town.reported()];
    for (const { who, pick, on, hours, way } of steps) {
      town.world.advance(hours * hour + 1_000);
      if (hours > 0) await ticked();
      const id = cases[on]!;
      const { matter: { state } } = await town.stateOf(id);
      const next = way === 'regular' ? onward[state] : undefined;
      const action = next ? next[pick % next.length]! : actions[pick % actions.length]!;
      if (way === 'any' && endings.has(action) && pick > 300) continue;
      // Most of the time everybody tries, from somebody on, and the first who may, does.
      for (const actor of way === 'one' ? [cast[who]!] : [...cast.slice(who), ...cast.slice(0, who)]) {
        const result = await town.act(actor, id, action, inputOf(action, cases[(on + 1) % 3]!, pick));
        if (!isRefusal(result)) { done.add(action); break; }
        // A refusal says why; it is never the server's fault.
        expect(result.status, `${action} in ${state}: ${result.reason}`).toBeLessThan(500);
      }
    }
    const ends = [];
    for (const id of cases) ends.push(await broughtToEnd(id));
    expect(ends).toEqual(['ended', 'ended', 'ended']);
  }), { numRuns: 8, seed: 7 });
  await ticked();
  expect(brokenCourses(await entriesOf(), new Map([['case', caseWorkflow], ['task', taskWorkflow]]), town.modules.matters.calendar(county))).toEqual([]);
  expect(done.size, `only ${[...done].sort().join()} happened`).toBeGreaterThan(20);
}, 600_000);
