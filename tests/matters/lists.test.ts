import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../../src/base/actor.ts';
import { isRefusal, type Result } from '../../src/base/result.ts';
import { compileScope, personKey, scopeAllows, shippedRoles } from '../../src/modules/identity/index.ts';
import { benchTown, county, person } from './kernel.ts';

const done = <T>(result: Result<T>): T => {
  if (isRefusal(result)) throw new Error(result.reason);
  return result;
};

const villages = ['33/3302/330281/330281103/330281103203/', '33/3302/330281/330281103/330281103204/'];

/** Sees one village, and elsewhere what he reported or has in hand: three ways, of which some lead to the same matter. */
const both: Actor = { ...person(1, 'supervisor', null, villages[0]), grants: [...person(1, 'supervisor', null, villages[0]).grants, ...person(1, 'unithandler', 'parks').grants, ...person(1, 'gridworker', null, villages[1]).grants] };
const other = [person(2, 'gridworker'), person(3, 'unithandler', 'parks')] as const;

let town: Awaited<ReturnType<typeof benchTown>>;
const made: { id: string; path: string; reporter: string; handler: string | null; ended: boolean }[] = [];

beforeAll(async () => {
  town = await benchTown();
  for (let n = 0; n < 36; n++) {
    const path = `${villages[n % 2]!}3302811032030${String(n % 9).padStart(2, '0')}/`;
    const reporter = n % 3 === 0 && n % 2 === 1 ? both : other[0];
    const { id } = done(await town.matters.act({ actor: reporter, behalf: null, county, kind: 'bench', matter: null, action: 'report', input: { text: `bench ${n}`, place: path }, op: town.op() }));
    const taker = n % 4 === 1 ? both : n % 4 === 2 ? other[1] : null;
    const act = async (actor: Actor, action: string) => done(await town.matters.act({ actor, behalf: null, county, kind: 'bench', matter: id, action, input: {}, op: town.op() }));
    if (taker) await act(taker, 'take');
    const ended = taker !== null && n % 5 === 0;
    if (ended) await act(other[0], 'pass');
    made.push({ id, path, reporter: personKey(reporter), handler: taker?.id ?? null, ended });
  }
});

afterAll(() => town.close());

const allowed = (actor: Actor, ended: boolean): string[] => {
  const scope = compileScope(shippedRoles(), actor, town.world.now());
  return made.filter((one) => one.ended === ended && scopeAllows(scope, { county, kind: 'bench', path: one.path, leadUnit: null, handler: one.handler, reporter: one.reporter })).map(({ id }) => id).sort();
};

test.each([['all', false], ['ended', true]] as const)('the box %s holds each matter that its reader may see once, and counts them', async (box, ended) => {
  for (const actor of [both, ...other]) {
    const wanted = allowed(actor, ended);
    const { items, counts } = done(await town.matters.list(actor, { county, box, limit: 100 }, 'en'));
    expect(items.map(({ id }) => id).sort()).toEqual(wanted);
    expect(counts.all).toBe(wanted.length);
  }
  expect(allowed(both, ended).length).toBeGreaterThan(ended ? 1 : 18);
});

test.each(['all', 'ended'] as const)('pages of the box %s follow one another without gap or double, in one order', async (box) => {
  const whole = done(await town.matters.list(both, { county, box, limit: 100 }, 'en')).items.map(({ id }) => id);
  const paged: string[] = [];
  let after: string | undefined;
  do {
    const page = done(await town.matters.list(both, { county, box, limit: 3, ...(after && { after }) }, 'en'));
    paged.push(...page.items.map(({ id }) => id));
    after = page.next ?? undefined;
  } while (after);
  expect(paged).toEqual(whole);
});
