import { theSystem } from '../base/actor.ts';
import { isRefusal } from '../base/result.ts';
import { demoCameraAccount } from './camera/camera.ts';
import type { DemoModules } from './modules.ts';

/** Cameras of the demo town: one that has a picture, which says that it is a demo, and some that stand on the register only. */
const cameras = [
  { number: 1, name: '中心路广场', spot: '广场东南角', ptz: true, purpose: 'traffic', owner: 'works', reach: 300 }, { number: 2, name: '中心路口北', spot: '信号灯杆', ptz: false, purpose: 'traffic', owner: 'works', reach: 120 },
  { number: 3, name: '老桥水位', spot: '桥头护栏', ptz: false, purpose: 'flood', owner: 'water', reach: 80 }, { number: 4, name: '菜市场门口', spot: '门柱', ptz: false, purpose: 'city', owner: 'works', reach: 60 },
] as const;

/** Puts the demo's cameras on the register, with the gateway of the demo camera. @param lamps where lamps stand: a camera hangs at one */
export const placeCameras = async ({ cameras: module }: Pick<DemoModules, 'cameras'>, county: string, lamps: readonly (readonly [number, number])[]): Promise<void> => {
  const gateway = await module.gateways.add(theSystem, county, { name: '演示摄像机', kind: 'demo', url: 'http://127.0.0.1/demo', deviceLogin: demoCameraAccount.login, deviceSecret: demoCameraAccount.secret });
  if (isRefusal(gateway)) throw new Error(`demo cameras: ${gateway.reason}`);
  const rows = cameras.map((one, index) => {
    const [lng, lat] = lamps[Math.floor((index * lamps.length) / cameras.length)]!;
    return [
      `${county}00081320${String(one.number).padStart(6, '0')}`, one.name, lng.toFixed(6), lat.toFixed(6), one.spot, 6, one.ptz ? 0 : 45 * one.number, 62, one.ptz ? 360 : 0, one.reach, one.owner, one.purpose, 30, 1, one.ptz ? 1 : 0,
      one.ptz ? '演示摄像机' : '', one.ptz ? 'plaza' : '',
    ].join(',');
  });
  const done = await module.register.importTable(theSystem, county, { source: { name: 'demo.csv', bytes: Buffer.from(`code,name,lng,lat,spot,height,bearing,opening,turning,reach,owner,purpose,retention,notice,ptz,gateway,stream\n${rows.join('\n')}\n`) } });
  if (isRefusal(done)) throw new Error(`demo cameras: ${done.reason} ${JSON.stringify(done.errors?.slice(0, 3))}`);
};
