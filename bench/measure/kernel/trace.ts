import { randomUUID } from 'node:crypto';
import { drive, openConnections, pace, type Connection } from '../../client.ts';
import { inHouse } from '../../house.ts';
import { inMs, quantile, type Measure, type Row } from '../../row.ts';

const county = '330281';

/** Reports over HTTP: each leaves one entry. Notes when each was sent and answered. */
const reporter = (token: string, noted: (matter: string, sent: number, answered: number) => void) => async (connection: Connection, n: number): Promise<void> => {
  const sent = Date.now();
  const { status, body } = await connection.request('POST', '/api/matters', `authorization: Bearer ${token}\r\n`, JSON.stringify({
    kind: 'case', county, op: randomUUID(), input: { text: '第三盏灯不亮，晚上很黑。', lng: 121.0221 + (n % 97) * 0.0002, lat: 30.1612 + (n % 89) * 0.0002, channel: 'field' },
  }));
  if (status !== 201) throw new Error(`bench: a report was answered ${status} ${body.slice(0, 200)}`);
  noted((JSON.parse(body) as { id: string }).id, sent, Date.now());
};

/**
 * 2,000 entries a second over HTTP: from the request's sending, which is before its commit, until its entry has its place in the log
 * and stands under a signed checkpoint. Then a full inbox with nobody at work: ordering all of it, and verifying all of it.
 */
export const trace: Measure = ({ quick, progress }) => inHouse(progress, async (house) => {
  const rows: Row[] = [];
  const [rate, seconds] = quick ? [100, 3] : [2_000, 20];
  progress(`bench: ${rate} entries a second for ${seconds} s`);
  const town = await house.serve('town');
  const open = await openConnections(town.port, 64);
  const sent = new Map<string, number>();
  const { failures } = await pace(open, rate, seconds, reporter(town.said['collector']!, (matter, at) => sent.set(matter, at)));
  for (const connection of open) connection.close();
  if (failures.length > 0) throw new Error(failures[0]);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const marks = await town.marks();
  await town.stop();
  const entries = await house.owner.query<{ seq: number; matter: string }>('select seq, matter from ledger_entry where county = $1 and matter is not null order by seq', [county]);
  const signed = await house.owner.query<{ size: number; at: Date }>('select size, at from ledger_checkpoint where county = $1 order by size', [county]);
  const [toPlace, toSigned]: [number[], number[]] = [[], []];
  let [mark, note] = [0, 0];
  for (const { seq, matter } of entries) {
    const began = sent.get(matter);
    if (began === undefined) continue;
    while (marks[mark]![0] < seq) mark++;
    while (signed[note]!.size < seq) note++;
    toPlace.push(marks[mark]![1] - began);
    toSigned.push(signed[note]!.at.getTime() - began);
  }
  const said = `at ${rate.toLocaleString('en')} entries/s`;
  const [a, b] = [quantile(toPlace, 0.99), quantile(toSigned, 0.99)];
  const whole = toPlace.length === sent.size;
  rows.push(
    { name: `commit → sequenced ${said}`, figure: a, unit: 'ms p99', target: '< 250 ms', met: whole && a < 250, note: `p50 ${inMs(quantile(toPlace, 0.5))}; ${toPlace.length} entries; from the request's sending, before its commit` },
    { name: `commit → signed ${said}`, figure: b, unit: 'ms p99', target: '< 1,500 ms', met: whole && b < 1_500, note: `p50 ${inMs(quantile(toSigned, 0.5))}` },
  );

  const filled = quick ? 1_000 : 150_000;
  progress(`bench: an inbox of ${filled.toLocaleString('en')} entries`);
  const resting = await house.serve('town', { BENCH_WORKS: '0' });
  let made = 0;
  const work = reporter(resting.said['collector']!, () => { made++; });
  while (made < filled) await drive(resting.port, 32, 2, work);
  await resting.stop();
  const { said: done } = await house.serve('ledger').then(async (served) => { await served.stop(); return served; });
  const perSecond = (count: string, ms: string): number => Number(done[count]) / Number(done[ms]) * 1_000;
  const [caught, verified] = [perSecond('sequenced', 'sequencedMs'), perSecond('verified', 'verifiedMs')];
  rows.push(
    { name: 'catching up', figure: caught, unit: 'entries/s', target: '≥ 20,000', met: caught >= 20_000, note: `${done['sequenced']} entries of one county` },
    {
      name: 'verify', figure: verified, unit: 'entries/s', target: '≥ 100,000', met: verified >= 100_000 && done['findings'] === '0',
      note: `${done['verified']} entries, every matter replayed, ${done['findings']} findings${done['findings'] === '0' ? '' : `, the first ${done['first']}`}`,
    },
  );
  return rows;
});
