import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { catalogueCommands, createCatalogue, type Catalogue } from '../../src/modules/catalogue/index.ts';
import { componentCommands } from '../../src/modules/components/index.ts';
import { runCommand } from '../../src/platform/command/run.ts';
import { codeOf, componentTown, county, type ComponentTown } from './town.ts';

let town: ComponentTown;
let catalogue: Catalogue;
let folder: string;
beforeAll(async () => {
  town = await componentTown();
  catalogue = await createCatalogue(town.world, town.ledger, town.identity);
  folder = await mkdtemp(join(tmpdir(), 'lamplight-import-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await town.world.close();
});

const run = async (...words: string[]) => {
  const out: string[] = [];
  const err: string[] = [];
  const commands = [...componentCommands(async () => town), ...catalogueCommands(async () => ({ catalogue, identity: town.identity }))];
  const exit = await runCommand(commands, words, { language: 'en', out: (line) => out.push(line), err: (line) => err.push(line), signal: new AbortController().signal });
  return { exit, out: out.join('\n'), err: err.join('\n') };
};

it('import standards says what was understood, with exit code 0', async () => {
  const dry = await run('import', 'standards', 'data/standards/yuncheng.tsv', '--dry-run', '--effective', '2026-12-01');
  expect(dry).toMatchObject({ exit: 0, out: expect.stringContaining('519 rows, 375 of components and 144 of events') });
  const done = await run('import', 'standards', 'data/standards/yuncheng.tsv', '--json');
  expect(done.exit).toBe(0);
  expect(JSON.parse(done.out)).toMatchObject({ done: true, version: 1, rows: 519, notUnderstood: [] });
  expect(catalogue.currentVersion(county, town.world.now())).toBe(1);
  expect(await run('import', 'standards', 'data/standards/yuncheng.tsv')).toMatchObject({ exit: 1 });
});

it('import components counts by class, and names every wrong line with exit code 1', async () => {
  const file = join(folder, 'lamps.csv');
  await writeFile(file, `code,lng,lat,height\n${codeOf(1)},121.045,30.18,8\n`);
  const done = await run('import', 'components', file);
  expect(done).toMatchObject({ exit: 0, out: expect.stringContaining('Street lamp') });
  expect(done.out).toContain('height');
  await writeFile(file, `code,lng,lat\n${codeOf(2)},121.045,30.18\n${codeOf(3)},30.18,121.045\n`);
  const wrong = await run('import', 'components', file);
  expect(wrong.exit).toBe(1);
  expect(wrong.out + wrong.err).toContain('Line 3: longitude and latitude are swapped');
  expect(await town.components.find(county, codeOf(2))).toBeUndefined();
});

it('a wrong word or a missing file is said in one line', async () => {
  expect((await run('import', 'components', 'x.csv', '--crs', 'mars')).exit).toBe(2);
  expect((await run('import', 'standards', 'x.tsv', '--hour', 'minute')).exit).toBe(2);
  expect((await run('import', 'components', join(folder, 'none.csv'))).exit).toBe(1);
  expect((await run('import', 'components')).exit).toBe(2);
});
