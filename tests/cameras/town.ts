import { theSystem, type Actor } from '../../src/base/actor.ts';
import { isRefusal, refuse, type Refusal } from '../../src/base/result.ts';
import { createCameras, type Cameras } from '../../src/modules/cameras/index.ts';
import { createIdentity, type Identity } from '../../src/modules/identity/index.ts';
import { createLedger, type Ledger } from '../../src/modules/ledger/index.ts';
import { county, treeOf } from '../components/tree.ts';
import { testWorld, type TestWorld, type TestWorldOptions } from '../support/world.ts';

export { county };

export interface CameraTown {
  readonly world: TestWorld;
  readonly ledger: Ledger;
  readonly identity: Identity;
  readonly cameras: Cameras;
  /** Matters that can be seen, by id. */
  readonly matters: Set<string>;
  /** Address of the demo camera, while there is one. */
  demo: string | undefined;
}

/** A world with two units and the county of the tests of components. */
export const cameraTown = async (options: TestWorldOptions = {}): Promise<CameraTown> => {
  const world = await testWorld(options);
  const ledger = createLedger(world);
  const identity = createIdentity(world, ledger, async () => {});
  for (const [id, name] of [['police', '公安局'], ['works', '城市管理局']] as const)
    await identity.units.put(theSystem, county, { id, name: { 'zh-Hans': name, 'zh-Hant': name, en: id }, kind: 'department' });
  const tree = treeOf();
  const matters = new Set<string>();
  const locate = async (_actor: Actor, id: string) => (matters.has(id) ? { county } : refuse(404, 'matters.unknown'));
  const town: CameraTown = {
    world, ledger, identity, matters, demo: undefined,
    cameras: createCameras({ world, ledger, identity, places: { tree: async () => tree }, matters: { locate: locate as never }, demoCamera: () => town.demo }),
  };
  return town;
};

export const done = <T>(result: T | Refusal): T => {
  if (isRefusal(result)) throw new Error(JSON.stringify(result));
  return result;
};
export const refused = (result: unknown): Refusal => {
  if (!isRefusal(result)) throw new Error(`was done: ${JSON.stringify(result)}`);
  return result;
};

/** A code of a camera of the network with a running number. */
export const codeOf = (number: number): string => `33028100001320${String(number).padStart(6, '0')}`;

export const head = '国标编码,名称,经度,纬度,安装位置,杆高,朝向,视角,转动范围,可视距离,建设单位,用途,保存天数,现场提示,云台,网关,流编号,onvif地址';
/** A line of an import: a camera in the middle of the county that turns all round. */
export const lineOf = (number: number, more: Readonly<Record<string, string | number>> = {}): string => {
  const values: Record<string, string | number> = {
    国标编码: codeOf(number), 名称: `中心路${number}号点`, 经度: 121.045, 纬度: 30.18, 安装位置: '路口东南角', 杆高: 6, 朝向: 90, 视角: 60, 转动范围: 360, 可视距离: 200, 建设单位: '公安局', 用途: '交通秩序',
    保存天数: 30, 现场提示: '有', 云台: '是', 网关: '', 流编号: '', onvif地址: '', ...more,
  };
  return head.split(',').map((name) => values[name]).join(',');
};
export const tableOf = (...lines: string[]): { readonly name: string; readonly bytes: Buffer } => ({ name: 'cameras.csv', bytes: Buffer.from([head, ...lines].join('\n')) });

/** The entries that were written, the newest last, as their set members. */
export const entriesOf = async ({ world }: CameraTown, action: string): Promise<{ readonly action: string; readonly subject: string; readonly kind: string; readonly set: Readonly<Record<string, unknown>> }[]> =>
  (await world.ownerDb.query<{ entry: string }>(`select convert_from(entry, 'UTF8') as entry from ledger_inbox union all select convert_from(canonical, 'UTF8') from ledger_entry`))
    .map(({ entry }) => JSON.parse(entry) as Awaited<ReturnType<typeof entriesOf>>[number]).filter((entry) => entry.action === action);
