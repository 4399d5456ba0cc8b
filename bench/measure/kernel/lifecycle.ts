import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { drive, openConnections, pace, type Connection } from '../../client.ts';
import type { Served } from '../../house.ts';
import { inMs, median, quantile, type Row } from '../../row.ts';
import { amongMatters } from '../../sizes.ts';

const county = '330281';
/** Lifecycles a second that are published for a comparable system on 16 processors. */
const published: Readonly<Record<number, number>> = { 100_000: 37, 1_000_000: 6.3 };

const bearer = (token: string): string => `authorization: Bearer ${token}\r\n`;

/** A picture of the unit's, which every end of handling shows. */
export const sendPicture = async ({ port, said }: Served): Promise<string> => {
  const bytes = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#667' } }).jpeg().toBuffer();
  const answer = await fetch(`http://127.0.0.1:${port}/api/blobs`, { method: 'POST', headers: { authorization: `Bearer ${said['unithandler']}`, 'content-type': 'image/jpeg' }, body: new Uint8Array(bytes) });
  const { blob } = await answer.json() as { blob?: string };
  if (blob === undefined) throw new Error(`bench: the picture was answered ${answer.status}`);
  return blob;
};

/** Report, file (which dispatches), accept, finish, search by number: five requests of four programs. */
export const lifecycleOf = ({ said }: Served, blob: string) => {
  const [collector, intake, unit] = [bearer(said['collector']!), bearer(said['intake']!), bearer(said['unithandler']!)];
  const { row } = said;
  return async (connection: Connection, n: number): Promise<void> => {
    const ask = async <T>(method: string, path: string, headers: string, body?: unknown): Promise<T> => {
      const answer = await connection.request(method, path, headers, body === undefined ? '' : JSON.stringify(body));
      if (answer.status > 201) throw new Error(`bench: ${path} answered ${answer.status} ${answer.body.slice(0, 300)}`);
      return JSON.parse(answer.body) as T;
    };
    const made = await ask<{ id: string; number: string }>('POST', '/api/matters', collector, {
      kind: 'case', county, op: randomUUID(), input: { text: '路口有一堆垃圾没有人清。', lng: 121.0221 + (n % 97) * 0.0002, lat: 30.1612 + (n % 89) * 0.0002, channel: 'field' },
    });
    const act = (headers: string, action: string, input: unknown) => ask<{ state: string }>('POST', `/api/matters/${made.id}/actions`, headers, { action, input, op: randomUUID() });
    const { state } = await act(intake, 'file', { code: row });
    if (state !== 'dispatched') throw new Error(`bench: a filed case is ${state}`);
    await act(unit, 'accept', {});
    await act(unit, 'finish', { blobs: [blob] });
    const { items } = await ask<{ items: { id: string; state: string }[] }>('GET', `/api/matters?number=${made.number}`, intake);
    if (items[0]?.id !== made.id || items[0].state !== 'verifying') throw new Error('bench: the number did not find its case as it stands');
  };
};

/**
 * Whole lifecycles a second at the best of three widths, median of three; then a steady quarter of it, five times that for five
 * seconds, and the quarter again: errors, and the 95th percentile from 5 s after the burst on against before it.
 */
export const measureAt = async (town: Served, size: number, quick: boolean): Promise<Row[]> => {
  const whole = lifecycleOf(town, await sendPicture(town));
  const seconds = quick ? 1 : 6;
  await drive(town.port, 16, quick ? 1 : 4, whole);
  const rounds: number[] = [];
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    let most = 0;
    for (const width of [16, 48, 96]) most = Math.max(most, (await drive(town.port, width, seconds, whole)).perSecond);
    rounds.push(most);
  }
  const figure = median(rounds);
  const open = await openConnections(town.port, 256);
  const steady = figure / 4;
  const before = await pace(open, steady, quick ? 2 : 10, whole);
  const burst = await pace(open, steady * 5, quick ? 1 : 5, whole);
  const settling = await pace(open, steady, quick ? 1 : 5, whole);
  const after = await pace(open, steady, quick ? 2 : 10, whole);
  for (const connection of open) connection.close();
  const failures = [before, burst, settling, after].flatMap((phase) => phase.failures);
  const [was, is] = [quantile(before.ms, 0.95), quantile(after.ms, 0.95)];
  const name = `at ${size.toLocaleString('en')} matters`;
  const anchor = published[size];
  return [
    {
      name: `lifecycle over HTTP, five requests, ${name}`, figure, unit: 'lifecycles/s', ...(anchor !== undefined && { anchor, ratio: figure / anchor }),
      target: '≥ 2,000', met: figure >= 2_000, note: anchor === undefined ? '' : 'anchor: published, 16 processors',
    },
    {
      name: `burst of 5×, errors, ${name}`, figure: failures.length, unit: 'errors', target: '0', met: failures.length === 0,
      note: failures[0]?.slice(0, 160) ?? `${burst.ms.length} lifecycles, p95 within the burst ${inMs(quantile(burst.ms, 0.95))}`,
    },
    { name: `p95 from 5 s after the burst, ${name}`, figure: is, unit: 'ms', anchor: was, ratio: is / was, target: '≤ 1.2 of before', met: is / was <= 1.2, note: 'anchor: p95 before the burst' },
  ];
};

export const lifecycle = amongMatters('lifecycle', county, false, async (house, size, quick) => {
  const town = await house.serve('town');
  const rows = await measureAt(town, size, quick);
  await town.stop();
  return rows;
});
