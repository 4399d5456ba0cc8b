import { from as copyFrom } from 'pg-copy-streams';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { theSystem } from '../src/base/actor.ts';
import { isRefusal } from '../src/base/result.ts';
import type { Modules } from '../src/entry/town/modules.ts';
import { slotOf } from '../src/modules/sensing/rules/lines.ts';

/** Lines of one gateway's message, and messages that are under way at once. */
const message = 1_000;
const atOnce = 10;

/**
 * Readings of many devices, each once a round, taken in by the module itself with its rules, and in the same run the same rows by a bare
 * COPY; round by round in turn. One device in a hundred is beyond its limit in one round and clear of it in the next, so that
 * rules open and end alarms.
 * @returns milliseconds of each round
 */
export const playReadings = async ({ world, sensing, components }: Pick<Modules, 'world' | 'sensing' | 'components'>, county: string, devices: number, rounds: number): Promise<{ ours: number[]; copies: number[]; alarms: number; kept: number }> => {
  const [place] = await components.list(county, { class: '0137' }, '', 1);
  for (let from = 0; from < devices; from += 2_000) {
    const made = await sensing.register.add(theSystem, county, Array.from({ length: Math.min(2_000, devices - from) }, (_, at) => ({ code: `B${from + at}`, kind: 'manhole', lng: place!.lng, lat: place!.lat })), false);
    if (isRefusal(made)) throw new Error(`bench: devices: ${made.reason}`);
  }
  const numbers = [...(await sensing.registry.of(county)).byNo.values()].map(({ no, code }) => ({ no, code }));
  const begin = world.now() - rounds * 2_000;
  const [ours, copies]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const at = begin + round * 2_000;
    const value = (n: number): number => (n % 100 === 0 && round % 2 === 1 ? 40 : 1 + (n % 7) / 10);
    const time = new Date(at).toISOString();
    const lines = numbers.map(({ code }, n) => ({ device: code, at: time, seq: round, value: value(n) }));
    const messages = Array.from({ length: Math.ceil(lines.length / message) }, (_, n) => lines.slice(n * message, (n + 1) * message));
    let start = performance.now();
    let next = 0;
    await Promise.all(Array.from({ length: atOnce }, async () => {
      for (let mine = next++; mine < messages.length; mine = next++) {
        const taken = await sensing.intake.take(county, 'gateway', messages[mine]!);
        if (isRefusal(taken) || taken.accepted !== messages[mine]!.length) throw new Error('bench: readings were refused');
      }
    }));
    ours.push(performance.now() - start);
    // The same rows once more, told apart by their count alone.
    const rows = numbers.map(({ no }, n) => `${county}\t${slotOf(at)}\t${no}\t0\t${time}\t${1_000 + round}\t${value(n)}\t\\N\t0\t${time}\n`);
    const client = await world.db.connection();
    start = performance.now();
    await pipeline(Readable.from(rows.length > 0 ? [rows.join('')] : []), client.query(copyFrom('copy reading (county, slot, no, measure, at, seq, value, raw, marks, received_at) from stdin')));
    copies.push(performance.now() - start);
    client.release();
  }
  const [counted] = await world.db.query<{ alarms: number; kept: number }>(`select (select count(*) from sensor_alarm where county = $1) as alarms, (select count(*) from reading where county = $1 and seq < 1000) as kept`, [county]);
  return { ours, copies, ...counted! };
};
