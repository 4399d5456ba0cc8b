import { afterAll, beforeAll, expect, test } from 'vitest';
import { testWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
beforeAll(async () => { world = await testWorld(); });
afterAll(() => world.close());

test('every test file gets a database of its own with the schema and one county', async () => {
  expect(await world.db.query('select county, demo from county')).toEqual([{ county: '330281', demo: false }]);
  const other = await testWorld({ county: null });
  expect(await other.db.query('select county from county')).toEqual([]);
  await other.close();
});

test('the application cannot write the list of applied migrations, and makes no tables', async () => {
  await expect(world.db.query(`delete from migration`)).rejects.toThrow(/permission denied/);
  await expect(world.db.query('create table mine (x int)')).rejects.toThrow(/permission denied/);
  await expect(world.db.query('truncate county')).rejects.toThrow(/permission denied/);
});
