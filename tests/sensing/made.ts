import type { Actor } from '../../src/base/actor.ts';
import { isRefusal, type Result } from '../../src/base/result.ts';
import { county, openCaseTown, person, type CaseTown } from '../cases/made.ts';

/** The steward, who registers devices. */
export const steward: Actor = person(60, 'steward');

export const right = <T>(result: Result<T>): T => {
  if (isRefusal(result)) throw new Error(`${result.reason} ${JSON.stringify(result.errors ?? [])}`);
  return result as T;
};
export const reasonOf = (result: Result<unknown>): string => (isRefusal(result) ? result.reason : 'done');

export interface SensorTown extends CaseTown {
  /** Codes of street lamps that stand near each other, the first of them the lamp that goes dark. */
  readonly lamps: readonly string[];
  /** Sends lines for any device, as a gateway does. */
  send(...lines: readonly object[]): Promise<readonly { line: number; reason: string }[]>;
  /** Lets background work have its turn: alarms, cases, their ends. */
  turn(): Promise<void>;
  /** Rows of a table of this module, whole. */
  rows<Row>(sql: string, params?: readonly unknown[]): Promise<Row[]>;
}

/** A town of cases on whose lamps devices can be put. It begins at eight in the evening. */
export const openSensorTown = async (): Promise<SensorTown> => {
  const town = await openCaseTown();
  const { world, modules } = town;
  world.setNow(Date.parse('2026-11-24T20:00:00+08:00'));
  const first = (await modules.components.find(county, town.lamp))!;
  const near = await modules.components.nearest(county, first.lng, first.lat, { classes: ['0137'], limit: 6, withinMetres: 2_000 });
  return {
    ...town, lamps: [town.lamp, ...near.map(({ component }) => component.code).filter((code) => code !== town.lamp)].slice(0, 5),
    async send(...lines) { return right(await modules.sensing.intake.take(county, 'gateway', lines)).refused; },
    async turn() {
      await modules.sensing.raising.watch(county);
      while (await modules.sensing.raising.settle(county) > 0);
      await modules.sensing.raising.tell(county);
      await modules.matters.drain();
    },
    rows: (sql, params = [county]) => world.ownerDb.query(sql, params),
  };
};

export { county };
