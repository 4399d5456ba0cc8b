import { openCentre } from '../../centre.ts';
import type { HandOff } from '../../hand-off.ts';
import { inHouse } from '../../house.ts';
import type { Measure, Row } from '../../row.ts';

const secret = 'bench-secret';
/** What large centres allow one connection. */
const window = 500;

/**
 * Text messages a second to a centre on this machine that takes all of them at once, in this process, with its client in
 * another: over the link alone, and through the whole outbox, from waiting in the database to written as sent.
 */
export const sms: Measure = ({ quick, progress }) => inHouse(progress, async (house) => {
  const rows: Row[] = [];
  for (const protocol of ['smpp', 'cmpp'] as const) {
    const centre = await openCentre(protocol, secret);
    try {
      const order: HandOff = { protocol, url: `${protocol}://${protocol === 'smpp' ? 'bench' : '901234'}:${secret}@127.0.0.1:${centre.port}`, window, alone: quick ? 20_000 : 200_000, through: quick ? 5_000 : 50_000 };
      progress(`bench: ${order.alone.toLocaleString('en')} messages over a ${protocol.toUpperCase()} link, ${order.through.toLocaleString('en')} through the outbox`);
      const served = await house.serve('sms', { BENCH_SMS: JSON.stringify(order) });
      const [alone, through] = [Number(served.said['alone']), Number(served.said['through'])];
      await served.stop();
      if (centre.taken() < order.alone + order.through) throw new Error(`bench: the centre was given ${centre.taken()} messages`);
      rows.push(
        { name: `${protocol}: the link alone`, figure: alone, unit: 'messages/s', target: '10,000', met: alone >= 10_000, note: `one connection, window ${window}` },
        { name: `${protocol}: the whole outbox`, figure: through, unit: 'messages/s', note: 'claimed, opened, handed over, written as sent; one process' },
      );
    } finally {
      await centre.close();
    }
  }
  return rows;
});
