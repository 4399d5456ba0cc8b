import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SeededRandom } from '../../src/base/random.ts';
import { blockAtMost, putIntoBlock, type Block } from '../../src/modules/finding/rules/blocks.ts';
import { holdIndex, sealTerms } from '../../src/modules/finding/store/blocks.ts';
import { candidates, commonness, emptyBeside, putTerms, swapBeside } from '../../src/modules/finding/store/terms.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

const county = '330281';
let world: TestWorld;
beforeAll(async () => { world = await testWorld(); });
afterAll(() => world?.close());

const idOf = (n: number): string => `019a0000-${String(n).padStart(4, '0')}-7000-8000-000000000000`;

test('a block with more put into it is blocks that follow each other, none too large, with everybody in it once', () => {
  const ids = fc.dictionary(fc.integer({ min: 100, max: 999 }).map(idOf), fc.boolean(), { maxKeys: 300 });
  fc.assert(fc.property(ids, ids, (there, come) => {
    const block: Block | undefined = Object.keys(there).length === 0 ? undefined
      : { oldest: idOf(1), plain: Object.keys(there).filter((id) => !there[id]).sort(), personal: Object.keys(there).filter((id) => there[id]).sort() };
    const made = putIntoBlock(block, new Map(Object.entries(come)));
    const all = { ...there, ...come };
    expect(Object.fromEntries(made.flatMap(({ plain, personal }) => [...plain.map((id) => [id, false]), ...personal.map((id) => [id, true])]))).toEqual(all);
    expect(made.reduce((sum, { plain, personal }) => sum + plain.length + personal.length, 0)).toBe(Object.keys(all).length);
    if (block) expect(made[0]!.oldest).toBe(block.oldest);
    for (const [n, { oldest, plain, personal }] of made.entries()) {
      const here = [...plain, ...personal].sort();
      expect(here.length).toBeLessThanOrEqual(blockAtMost);
      expect(here[0]! >= oldest).toBe(true);
      if (made[n + 1]) expect(here.at(-1)! < made[n + 1]!.oldest).toBe(true);
    }
  }));
});

test('what stands in rows and what stands in blocks is found alike, whatever changed before and after it was moved', async () => {
  const random = new SeededRandom('blocks');
  const terms = ['垃圾', '路灯', '井盖', '味道', '独角兽'];
  /** How common each is, in hundredths. */
  const share = [95, 60, 25, 10, 1];
  const model = new Map<string, Map<string, boolean>>();
  const put = async (matters: readonly string[]): Promise<void> => {
    await world.db.transaction((tx) => putTerms(tx, '', county, matters.map((matter) => {
      const has = model.get(matter);
      return { matter, terms: has ? { plain: [...has].filter(([, personal]) => !personal).map(([term]) => term), personal: [...has].filter(([, personal]) => personal).map(([term]) => term) } : null };
    })));
  };
  const change = (matter: string): void => {
    if (random.below(20) === 0) { model.delete(matter); return; }
    model.set(matter, new Map(terms.flatMap((term, n) => (random.below(100) < share[n]! ? [[term, random.below(4) === 0] as const] : []))));
  };
  const seal = async (share_: number): Promise<void> => {
    const matters = await world.db.query<{ matter: string; plain: string[]; personal: string[] }>('select matter, plain, personal from finding_matter where county = $1 and not sealed order by matter', [county]);
    await world.db.transaction(async (tx) => {
      await holdIndex(tx, county);
      await sealTerms(tx, '', county, matters.filter(() => random.below(100) < share_));
    });
  };
  const check = async (): Promise<void> => {
    for (let round = 0; round < 12; round++) {
      const asked = terms.filter(() => random.below(3) === 0);
      if (asked.length === 0) asked.push(random.pick(terms));
      const stretch = { from: random.below(3) === 0 ? idOf(random.below(700)) : null, before: random.below(3) === 0 ? idOf(random.below(700)) : null };
      const within = (id: string): boolean => (stretch.from === null || id >= stretch.from) && (stretch.before === null || id < stretch.before);
      const wanted = [...model].filter(([id, has]) => within(id) && asked.every((term) => has.has(term))).map(([matter, has]) => ({ matter, personal: asked.some((term) => has.get(term)) })).sort((a, b) => (a.matter < b.matter ? 1 : -1));
      const found: unknown[] = [];
      for (let before = stretch.before, most = 1 + random.below(40); ;) {
        const part = await candidates(world.db, county, asked, true, { ...stretch, before }, most);
        found.push(...part.found);
        if (part.last === null) break;
        expect(before === null || part.last < before).toBe(true);
        before = part.last;
      }
      expect(found, JSON.stringify({ asked, stretch })).toEqual(wanted);
      for (const { term, count, oldest } of await commonness(world.db, county, terms, stretch, 50)) {
        const there = [...model].filter(([id, has]) => within(id) && has.has(term)).map(([id]) => id).sort();
        expect(count === 0, term).toBe(there.length === 0);
        expect(count).toBeLessThanOrEqual(there.length);
        if (oldest !== null) expect(there).toContain(oldest);
      }
    }
  };
  for (let step = 0; step < 6; step++) {
    const touched = Array.from({ length: 250 }, () => idOf(step * 100 + random.below(200)));
    const late = Array.from({ length: 30 }, () => idOf(random.below((step + 1) * 100)));
    for (const some of [touched, late]) {
      for (const matter of new Set(some)) change(matter);
      await put([...new Set(some)]);
    }
    await check();
    await seal(step % 2 === 0 ? 100 : 60);
    await check();
  }
  const [blocks] = await world.db.query<{ count: number; most: number }>('select count(*)::int as count, max(cardinality(plain) + cardinality(personal)) as most from finding_block where county = $1', [county]);
  expect(blocks!.count).toBeGreaterThan(terms.length);
  expect(blocks!.most).toBeLessThanOrEqual(blockAtMost);

  // What is made anew stands in the place of both.
  model.clear();
  change(idOf(5)); change(idOf(6));
  await world.db.transaction(async (tx) => {
    await emptyBeside(tx, county);
    await putTerms(tx, '_beside', county, [...model].map(([matter, has]) => ({ matter, terms: { plain: [...has.keys()].filter((term) => !has.get(term)), personal: [...has.keys()].filter((term) => has.get(term)) } })));
    await swapBeside(tx, county);
  });
  await check();
  // Nobody is left in a block: neither are the words.
  model.clear();
  await put([idOf(5), idOf(6)]);
  for (const table of ['finding_term', 'finding_block', 'finding_matter'])
    expect(await world.db.query(`select 1 from ${table} where county = $1`, [county]), table).toEqual([]);
});
