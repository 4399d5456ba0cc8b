import { heldOut, measureProposals, shippedRanker } from '../../../tools/proposals.ts';
import { Connection } from '../../client.ts';
import { inHouse } from '../../house.ts';
import { inMs, quantile, type Measure } from '../../row.ts';

/** A kind proposed for each of the held-out sentences: the proposal alone on one core, and asked for over HTTP; with how often it is right. */
export const proposal: Measure = ({ quick, progress }) => inHouse(progress, async (house) => {
  const sentences = heldOut().map(({ text }) => text);
  const ranker = shippedRanker();
  const alone: number[] = [];
  for (let round = -1; round < (quick ? 1 : 5); round++)
    for (const sentence of sentences) {
      const begin = performance.now();
      ranker.rank(sentence);
      if (round >= 0) alone.push(performance.now() - begin);
    }
  const { top1, top3 } = measureProposals(ranker);
  const town = await house.serve('town');
  const connection = await Connection.open(town.port);
  const asked: number[] = [];
  // One account may ask 240 times a minute.
  for (const [n, text] of sentences.slice(0, quick ? 60 : 230).entries()) {
    const begin = performance.now();
    const { status, body } = await connection.request('POST', '/api/suggest', `authorization: Bearer ${town.said['intake']!}\r\n`, JSON.stringify({ text }));
    if (status !== 200) throw new Error(`bench: a proposal was answered ${status} ${body.slice(0, 200)}`);
    if (n >= 20) asked.push(performance.now() - begin);
  }
  connection.close();
  await town.stop();
  const [p95, overHttp] = [quantile(alone, 0.95), quantile(asked, 0.95)];
  return [
    { name: 'proposal of a kind', figure: p95, unit: 'ms p95', target: '< 2 ms', met: p95 < 2, note: `p50 ${inMs(quantile(alone, 0.5))}; ${sentences.length} held-out sentences: top-1 ${(top1 * 100).toFixed(1)} %, top-3 ${(top3 * 100).toFixed(1)} %` },
    { name: 'proposals of a report over HTTP', figure: overHttp, unit: 'ms p95', note: `p50 ${inMs(quantile(asked, 0.5))}; with the answer's words and rows` },
  ];
});
