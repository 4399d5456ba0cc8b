import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal, type Result } from '../../src/base/result.ts';
import type { Done } from '../../src/modules/matters/index.ts';
import { benchTown, county, person } from './kernel.ts';

const must = (result: Result<Done>): Done => {
  if (isRefusal(result)) throw new Error(`${result.reason} ${JSON.stringify(result.params)} ${JSON.stringify(result.errors)}`);
  return result;
};
const reason = (result: Result<Done>): string => (isRefusal(result) ? result.reason : `done ${result.state}`);

describe('acting', () => {
  let town: Awaited<ReturnType<typeof benchTown>>;
  const reporter = person(1, 'collector');
  const mender = person(2, 'unithandler', 'parks');
  const mender2 = person(3, 'unithandler', 'parks');
  beforeAll(async () => { town = await benchTown(); });
  afterAll(async () => { await town.close(); });

  const make = async (op = town.op(), text = 'a plank is gone') =>
    town.matters.act({ actor: reporter, behalf: null, county, kind: 'bench', matter: null, action: 'report', input: { text }, op });
  const act = (actor: ReturnType<typeof person>, matter: string, action: string, input: unknown = {}, op = town.op()) =>
    town.matters.act({ actor, behalf: null, county, kind: 'bench', matter, action, input, op });

  it('a matter has a number whose check digits fit, a clock and an entry', async () => {
    const done = must(await make());
    expect(done).toMatchObject({ state: 'broken', version: 1 });
    expect(done.number).toMatch(/^\d{6}-\d{4,6}-\d\d$/);
    const whole = (await town.matters.whole(town.world.db, county, done.id))!;
    expect(whole.clocks).toHaveLength(1);
    // Tuesday 9:00 + 2 working days = Thursday 9:00
    expect(new Date(whole.clocks[0]!.dueAt!).toISOString()).toBe('2026-11-26T01:00:00.000Z');
    const entries = await town.ledger.entriesOf(town.world.db, county, done.id);
    expect(entries.map(({ entry }) => [entry.action, entry.mv, entry.to])).toEqual([['report', 1, 'broken']]);
    expect(JSON.stringify(entries)).not.toContain('plank');
  });

  it('the same op a hundred times at once happens once and gets one answer', async () => {
    const op = town.op();
    const answers = await Promise.all(Array.from({ length: 100 }, () => make(op)));
    expect(new Set(answers.map((answer) => must(answer).id)).size).toBe(1);
    expect(must(await make(op)).id).toBe(must(answers[0]!).id);
    expect(reason(await make(op, 'something else'))).toBe('matters.op-reused');
  });

  it('two people take the same matter and one is told that it moved on', async () => {
    const { id } = must(await make());
    const results = await Promise.all([act(mender, id, 'take'), act(mender2, id, 'take')]);
    expect(results.map(reason).sort()).toEqual(['done mending', 'matters.not-in-this-state']);
  });

  it('nobody passes what they mended themselves', async () => {
    const { id } = must(await make());
    must(await act(mender, id, 'take'));
    expect(reason(await act(mender, id, 'pass'))).toBe('matters.not-the-same-person');
    expect(must(await act(mender2, id, 'pass'))).toMatchObject({ state: 'mended', version: 3 });
    const rows = await town.world.db.query<{ template: string; recipient: string }>('select template, recipient from delivery where matter = $1', [id]);
    expect(rows).toEqual([{ template: 'verified_closed', recipient: `account:${reporter.id}` }]);
  });

  it('a refusal that rests on the state is remembered under its op', async () => {
    const { id } = must(await make());
    const op = town.op();
    expect(reason(await act(mender2, id, 'pass', {}, op))).toBe('matters.not-in-this-state');
    must(await act(mender, id, 'take'));
    expect(reason(await act(mender2, id, 'pass', {}, op))).toBe('matters.not-in-this-state');
  });

  it('who has no right is refused, and wrong input names the member', async () => {
    const { id } = must(await make());
    expect(reason(await act(person(9, 'trainer'), id, 'take'))).toBe('matters.not-allowed');
    const wrong = await town.matters.act({ actor: reporter, behalf: null, county, kind: 'bench', matter: null, action: 'report', input: { text: 5 }, op: town.op() });
    expect(isRefusal(wrong) && wrong.errors?.[0]?.path).toBe('/input/text');
  });

  it('a thousand makes and takes at once all happen, each once', async () => {
    const made = await Promise.all(Array.from({ length: 500 }, () => make()));
    const ids = made.map((one) => must(one).id);
    expect(new Set(ids).size).toBe(500);
    const taken = await Promise.all([...ids, ...ids].map((id, i) => act(i < 500 ? mender : mender2, id, 'take')));
    expect(taken.filter((one) => !isRefusal(one))).toHaveLength(500);
    const rows = await town.world.db.query<{ n: number }>('select count(*)::int as n from matter where id = any($1::uuid[]) and version = 2', [ids]);
    expect(rows[0]!.n).toBe(500);
  });

  it('an action on two matters is done on both or on neither', async () => {
    const [a, b] = [must(await make()), must(await make())];
    const keeper = person(4, 'gridworker');
    expect(must(await act(keeper, a.id, 'swap', { with: b.id }))).toMatchObject({ state: 'gone', also: [{ id: b.id, version: 2 }] });
    expect(reason(await act(keeper, b.id, 'swap', { with: a.id }))).toBe('matters.not-in-this-state');
    expect((await town.matters.whole(town.world.db, county, b.id))!.matter).toMatchObject({ state: 'broken', version: 2 });
  });

  it('a clock that ran out is acted on once, by however many workers', async () => {
    const { id } = must(await make());
    town.world.setNow(Date.parse('2026-11-26T09:00:01+08:00'));
    const round = async (): Promise<number> => (await Promise.all([town.matters.tick(), town.matters.tick(), town.matters.tick()])).reduce((sum, n) => sum + n);
    while ((await round()) > 0);
    expect((await town.matters.whole(town.world.db, county, id))!.matter.data['late']).toBe(1);
    town.world.setNow(Date.parse('2026-11-24T09:00:00+08:00'));
  });

  it('a paused clock keeps what was spent', async () => {
    const { id } = must(await make());
    must(await act(mender, id, 'take'));
    town.world.setNow(Date.parse('2026-11-24T11:00:00+08:00'));
    must(await act(mender, id, 'wait'));
    town.world.setNow(Date.parse('2026-11-27T10:00:00+08:00'));
    must(await act(mender, id, 'goOn'));
    const { clocks } = (await town.matters.whole(town.world.db, county, id))!;
    // 2 of 16 working hours were spent; 14 from Friday 10:00: 6 h on Friday, 8 h on Monday.
    expect(new Date(clocks[0]!.dueAt!).toISOString()).toBe('2026-11-30T10:00:00.000Z');
    town.world.setNow(Date.parse('2026-11-24T09:00:00+08:00'));
  });

  it('the plain path writes the same rows as the batch', async () => {
    const call = { actor: reporter, behalf: null, county, kind: 'bench', matter: null, action: 'report', input: { text: 'the same' } };
    const batch = must(await town.matters.act({ ...call, op: town.op() }));
    const plain = must(await town.world.db.transaction((tx) => town.matters.actIn(tx, { ...call, op: town.op() })));
    const strip = async (id: string) => {
      const whole = (await town.matters.whole(town.world.db, county, id))!;
      const [entry] = await town.ledger.entriesOf(town.world.db, county, id);
      const own = (text: string) => text.replaceAll(id, 'ID').replaceAll(whole.matter.number, 'NO').replace(/[0-9a-f]{64}/g, 'DIGEST').replace(/"[0-9a-f-]{36}"/g, '"UUID"');
      return own(JSON.stringify([whole.matter, whole.clocks, whole.texts.map(({ body, name, personal }) => ({ body, name, personal })), whole.doers, entry!.entry]));
    };
    expect(await strip(plain.id)).toBe(await strip(batch.id));
  });

  it('a list is paged by keyset without gap or double, with counts', async () => {
    const seen = new Set<string>();
    let after: string | undefined;
    do {
      const page = await town.matters.list(person(5, 'supervisor'), { box: 'all', limit: 100, ...(after && { after }) }, 'en');
      if (isRefusal(page)) throw new Error(page.reason);
      for (const item of page.items) { expect(seen.has(item.id)).toBe(false); seen.add(item.id); }
      after = page.next ?? undefined;
      expect(page.counts.all).toBeGreaterThan(500);
    } while (after);
    const rows = await town.world.db.query<{ n: number }>('select count(*)::int as n from matter where ended_at is null', []);
    expect(seen.size).toBe(rows[0]!.n);
  });
});

describe('finding a matter to act on', () => {
  let town: Awaited<ReturnType<typeof benchTown>>;
  beforeAll(async () => { town = await benchTown(); });
  afterAll(async () => { await town.close(); });

  it('many at once are each found for whom they are to be seen, and for nobody else', async () => {
    const reporter = person(1, 'collector');
    const auditor = person(4, 'auditor', null, '33/3302/330281/');
    const elsewhere = { ...person(5, 'auditor'), grants: [{ ...person(5, 'auditor').grants[0]!, county: '330282' as typeof county }] };
    const made = await Promise.all(Array.from({ length: 5 }, async () =>
      must(await town.matters.act({ actor: reporter, behalf: null, county, kind: 'bench', matter: null, action: 'report', input: { text: 'a plank' }, op: town.op() }))));
    const found = await Promise.all(made.flatMap(({ id }) => [town.matters.find(auditor, id), town.matters.find(elsewhere, id), town.matters.find(person(6, 'unithandler', 'parks'), id)]));
    expect(found).toEqual(made.flatMap(() => [{ county, kind: 'bench' }, expect.objectContaining({ reason: 'matters.not-found' }), expect.objectContaining({ reason: 'matters.not-found' })]));
    expect(await town.matters.find(auditor, '00000000-0000-4000-8000-00000000ffff')).toMatchObject({ reason: 'matters.not-found' });
    expect(await town.matters.find({ ...auditor, grants: [] }, made[0]!.id)).toMatchObject({ reason: 'matters.not-found' });
  });

  it('a list by number counts what it found', async () => {
    const auditor = person(4, 'auditor', null, '33/3302/330281/');
    const { number, id } = must(await town.matters.act({ actor: person(1, 'collector'), behalf: null, county, kind: 'bench', matter: null, action: 'report', input: { text: 'a plank' }, op: town.op() }));
    expect(await town.matters.list(auditor, { number }, 'en')).toMatchObject({ items: [{ id }], counts: { all: 1, warn: 0, late: 0, capped: false }, next: null });
    expect(await town.matters.list(person(6, 'unithandler', 'parks'), { number }, 'en')).toMatchObject({ items: [], counts: { all: 0 } });
  });
});
