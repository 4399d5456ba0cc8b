import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Connection } from '../../client.ts';
import { inHouse, type House } from '../../house.ts';
import { inMs, quantile, type Measure, type Row } from '../../row.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Heard {
  readonly open: number;
  readonly seen: readonly (readonly [key: number, at: readonly number[]])[];
}

/** Opens streams from a process of its own, lets `work` go on, and gives what was heard. */
const listen = async (port: number, count: number, headers: string, work: () => Promise<void>): Promise<Heard> => {
  const child = fork(join(import.meta.dirname, '../../listen.ts'), [String(port), String(count), headers], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const answer = <T>(): Promise<T> => new Promise((resolve, reject) => {
    const failed = (code: number | null): void => reject(new Error(`bench: the listeners ended with ${code}; ${count} streams need as many open files (ulimit -n)`));
    child.once('exit', failed);
    child.once('message', (message) => { child.off('exit', failed); resolve(message as T); });
  });
  try {
    await answer<{ open: number }>();
    await work();
    child.send('heard');
    return await answer<Heard>();
  } finally {
    child.kill('SIGKILL');
  }
};

/** A report a second, for as many seconds: what the streams are to tell of. @returns when each was sent, by matter */
const report = async (port: number, token: string, seconds: number): Promise<Map<string, number>> => {
  const connection = await Connection.open(port);
  const sent = new Map<string, number>();
  await pause(2_000);
  for (let n = 0; n < seconds; n++) {
    const at = Date.now();
    const { status, body } = await connection.request('POST', '/api/matters', `authorization: Bearer ${token}\r\n`, JSON.stringify({
      kind: 'case', county: '330281', op: randomUUID(), input: { text: '第三盏灯不亮，晚上很黑。', lng: 121.0221 + n * 0.0002, lat: 30.1612, channel: 'field' },
    }));
    if (status !== 201) throw new Error(`bench: a report was answered ${status} ${body.slice(0, 200)}`);
    sent.set((JSON.parse(body) as { id: string }).id, at);
    await pause(1_000 - (Date.now() - at));
  }
  await pause(2_000);
  connection.close();
  return sent;
};

const measure = async (house: House, count: number, seconds: number): Promise<Row[]> => {
  const bare = await house.serve('streams');
  const anchor = await listen(bare.port, count, '', () => pause(seconds * 1_000));
  await bare.stop();
  // The first second or two is that in which streams were still being opened.
  const complete = anchor.seen.filter(([, at]) => at.length === count);
  const bareMs = complete.flatMap(([stamp, at]) => at.map((time) => time - stamp));

  const town = await house.serve('town');
  let sent = new Map<string, number>();
  const heard = await listen(town.port, count, `authorization: Bearer ${town.said['dispatcher']!}\r\n`, async () => {
    sent = await report(town.port, town.said['collector']!, seconds);
  });
  const marks = await town.marks();
  await town.stop();
  const matters = new Map((await house.owner.query<{ seq: number; matter: string }>('select seq, matter from ledger_entry where county = $1 and matter = any($2::uuid[])', ['330281', [...sent.keys()]])).map(({ seq, matter }) => [seq, matter]));
  const [fromSeq, fromAction]: [number[], number[]] = [[], []];
  let lost = 0;
  for (const [seq, matter] of matters) {
    const at = heard.seen.find(([key]) => key === seq)?.[1] ?? [];
    const sequenced = marks.find(([size]) => size >= seq)![1];
    lost += count - at.length;
    for (const time of at) { fromSeq.push(time - sequenced); fromAction.push(time - sent.get(matter)!); }
  }
  const [a, b, c] = [quantile(fromSeq, 0.99), quantile(fromAction, 0.99), quantile(bareMs, 0.99)];
  const streams = `${count.toLocaleString('en')} streams`;
  const note = `p50 ${inMs(quantile(fromSeq, 0.5))}; ${matters.size} events, ${lost} not heard, ${heard.open} still open; bare loop (anchor) p50 ${inMs(quantile(bareMs, 0.5))}`;
  return [
    { name: `sequenced → event in ${streams}`, figure: a, unit: 'ms p99', anchor: c, ratio: a / c, target: '< 300 ms', met: a < 300 && lost === 0 && matters.size === sent.size, note },
    { name: `action → event in ${streams}`, figure: b, unit: 'ms p99', anchor: c, ratio: b / c, target: '< 600 ms', met: b < 600 && lost === 0, note: `p50 ${inMs(quantile(fromAction, 0.5))}` },
  ];
};

/** A report a second, seen by every one of a thousand and ten thousand open streams, against a bare loop that writes once a second. */
export const events: Measure = ({ quick, progress }) => inHouse(progress, async (house) => {
  const rows: Row[] = [];
  for (const count of quick ? [50, 200] : [1_000, 10_000]) {
    progress(`bench: events to ${count.toLocaleString('en')} streams`);
    rows.push(...await measure(house, count, quick ? 4 : 20));
  }
  return rows;
});
