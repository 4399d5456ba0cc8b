import { theSystem, type Actor } from '../src/base/actor.ts';
import type { CountyCode } from '../src/base/ids.ts';
import { isRefusal, type Result } from '../src/base/result.ts';
import type { World } from '../src/platform/world.ts';
import { createMetrics } from '../src/platform/metrics.ts';
import { openModules } from '../src/entry/town/modules.ts';
import { buildTown } from '../src/demo/seed.ts';
import { readDemoTown } from '../src/demo/town-data.ts';

const must = <T>(result: Result<T>): T => {
  if (isRefusal(result)) throw new Error(`bench: ${result.reason} ${JSON.stringify(result.params ?? {})} ${JSON.stringify(result.errors?.slice(0, 4) ?? [])}`);
  return result;
};

/** 谢家路村: where the grid worker of one village is at home. */
export const oneVillage = '330281103203';

export const benchSeed = 'bench';

/** County codes of a mixed intake, beside the demo's own. */
export const otherCounties = (count: number): string[] => Array.from({ length: count }, (_, i) => String(900_001 + i));

/**
 * The demo town without a history, and as many plain counties beside it as asked for; programs with a token for each part
 * of a lifecycle. Does nothing where it was done before. @returns tokens by role
 */
export const prepareTown = async (world: World, counties: number): Promise<Record<string, string>> => {
  const own: World = { ...world, metrics: createMetrics() };
  const modules = await openModules(own);
  const home = readDemoTown().county.code;
  const there = await world.db.query<{ county: string }>('select county from county', []);
  if (!there.some(({ county }) => county === home)) await buildTown(modules, benchSeed);
  for (const county of otherCounties(counties - 1)) {
    if (there.some((row) => row.county === county)) continue;
    await world.db.query('insert into county (county, name, demo, created_at) values ($1, $2, true, $3)', [county, { 'zh-Hans': county, 'zh-Hant': county, en: county }, new Date(world.now())]);
    const west = Number((90 + (Number(county) - 900_000) * 0.1).toFixed(6));
    const east = (size: number): number => Number((west + size).toFixed(6));
    const square = (size: number) => [[[[west, 30], [east(size), 30], [east(size), 30 + size], [west, 30 + size], [west, 30]]]] as never;
    must(await modules.places.importContent(county as CountyCode, { actor: theSystem, role: 'system' }, {
      places: [
        { code: county.slice(0, 2), name: county.slice(0, 2), level: 'province', where: { index: 4 } as never },
        { code: county.slice(0, 4), name: county.slice(0, 4), level: 'city', where: { index: 5 } as never },
        { code: county, name: county, level: 'county', area: square(0.05), where: { index: 0 } as never },
        { code: `${county}100`, name: '一镇', level: 'town', area: square(0.05), where: { index: 1 } as never },
        { code: `${county}100200`, name: '一村', level: 'village', area: square(0.05), where: { index: 2 } as never },
        { code: `${county}100200001`, name: '001', level: 'grid', area: square(0.05), where: { index: 3 } as never },
      ], features: [], addresses: [],
    }, { source: 'bench' }));
  }
  const said: Record<string, string> = {};
  const admin: Actor = theSystem;
  // A row that goes to one unit whatever the hour, and that unit's handler: a whole lifecycle by programs.
  const version = modules.catalogue.currentVersion(home, world.now())!;
  said['row'] = modules.catalogue.rows(home, version).find(({ code, limit }) => code === 'E0110' && limit !== null)!.key;
  const village = modules.pathOf(home, oneVillage)!;
  for (const [role, unit, place] of [
    ['collector', 'centre', ''], ['intake', 'centre', ''], ['dispatcher', 'centre', ''], ['unithandler', 'sanitation', ''], ['supervisor', 'centre', ''], ['gridworker', 'centre', village],
  ] as const) {
    const login = `bench-${role}-${process.pid}`;
    const { account } = must(await modules.identity.accounts.create(admin, home, { kind: 'program', login, name: login }));
    must(await modules.identity.accounts.grant(admin, home, account.id, { role, unit, place }));
    if (role === 'collector') for (const county of otherCounties(counties - 1)) must(await modules.identity.accounts.grant(admin, county, account.id, { role, place: '' }));
    said[role] = must(await modules.identity.accounts.makeToken(admin, account.id, { name: 'bench', roles: [role], days: 30 })).token;
  }
  await modules.matters.drain();
  await modules.ledger.sequencer.drain();
  return said;
};
