import { afterAll, beforeAll, expect, it } from 'vitest';
import { made, urgent, type Made } from '../made.ts';
import { smppCentre, take, type Centre } from './centre.ts';

let centre: Centre;
let town: Made;
beforeAll(async () => {
  centre = await smppCentre();
  town = await made({ smpp: { url: centre.url, source: '10690281', window: 20, perSecond: 0, timeoutMs: 300, againMs: 5 } });
});
afterAll(async () => { await town.outreach.worker.stop(); await centre.close(); await town.world.close(); });

const view = async () => (await town.world.db.query<{ state: string; receipts: string[] | null }>(`
  select d.state, array_agg(coalesce(p.receipt, 'none') order by p.part) filter (where p.peer is not null) as receipts
  from delivery d left join delivery_part p on p.county = d.county and p.delivery = d.id group by d.id, d.state order by d.id`));

it('a delivery has a part for each segment, and each part the report of the centre, though it came before the answer', async () => {
  const recipient = await town.resident('13900002046');
  centre.answer = (session, pdu, id) => {
    // A hasty centre: its report overtakes its answer.
    session.deliver_sm({ source_addr: pdu.destination_addr, esm_class: 4, receipted_message_id: id, message_state: 2, short_message: '' });
    take(session, pdu, id);
  };
  await town.write([urgent(recipient)]);
  await town.outreach.worker.drain();
  await expect.poll(view, { timeout: 5_000 }).toEqual([{ state: 'sent', receipts: ['delivered'] }]);
  await town.outreach.inbound.ears('smpp').receipt({ peer: 'm1', state: 'failed', code: 'UNDELIV' });
  expect(await view()).toEqual([{ state: 'sent', receipts: ['delivered'] }]);
});

it('a message whose answer never came is unknown and goes to the centre once, whatever time passes', async () => {
  centre.answer = () => {};
  const before = centre.given.length;
  await town.write([urgent(await town.resident('13900002047'))]);
  await town.outreach.worker.drain();
  town.world.advance(86_400_000);
  await town.outreach.worker.drain();
  expect(centre.given.length - before).toBe(1);
  expect((await view()).filter(({ state }) => state === 'unknown')).toEqual([{ state: 'unknown', receipts: null }]);
});

it('many messages leave in windows, each once', async () => {
  centre.answer = take;
  const before = centre.given.length;
  await town.writeMany(300, await town.resident('13900002048'));
  await town.outreach.worker.drain();
  expect(centre.given.length - before).toBe(300);
  expect((await view()).filter(({ state }) => state === 'sent').length).toBe(301);
});
