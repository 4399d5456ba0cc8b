import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '../../src/base/actor.ts';
import { isRefusal } from '../../src/base/result.ts';
import { outreachPages } from '../../src/modules/outreach/pages.ts';
import { county, made, urgent, type Made } from './made.ts';

let town: Made;
let sender: Actor;
let reader: Actor;
beforeAll(async () => {
  town = await made({ smtp: { url: 'smtp://127.0.0.1:1', from: 'town@example.org' } });
  const actor = (role: string, id: string): Actor => ({ id: id as Actor['id'], kind: 'person', name: '王', grants: [{ id: 'g', county, role, place: `33/3302/${county}/`, purpose: null, unit: null, from: 0, until: null }] }) as unknown as Actor;
  sender = actor('dispatcher', '01900000-0000-7000-8000-0000000000aa');
  reader = actor('auditor', '01900000-0000-7000-8000-0000000000ab');
});
afterAll(async () => { await town.outreach.worker.stop(); await town.world.close(); });

const ok = <T>(value: T): Exclude<T, { readonly reason: string }> => {
  if (isRefusal(value)) throw new Error(JSON.stringify(value));
  return value as Exclude<T, { readonly reason: string }>;
};
const waits = async (phone: string, state: 'to_call' | 'to_print'): Promise<string> => {
  const recipient = await town.resident(phone);
  ok(await town.identity.contacts.prefer(county, recipient.slice(8), { language: 'en', ...(state === 'to_print' ? { channel: 'letter', postal: '1 Lantern Road, <Yuyao' } : { channel: 'voice' }) }, { actor: sender, grant: sender.grants[0]! }));
  const [id] = await town.write([urgent(recipient)]);
  await town.outreach.worker.drain();
  expect((await town.rows()).find((row) => row.id === id)!.state).toBe(state);
  return id!;
};
const kinds = async (): Promise<string[]> => {
  await town.ledger.sequencer.drain();
  return (await town.world.db.query<{ body: string }>('select to_jsonb(e)::text as body from ledger_entry e order by seq')).map(({ body }) => body);
};

it('somebody to be called is shown to who may call, in their language and traced; a call that nobody answers stays on the list until the fifth', async () => {
  const id = await waits('0574-62151234', 'to_call');
  expect(isRefusal(await town.outreach.script(reader, county, id))).toBe(true);
  expect(ok(await town.outreach.script(sender, county, id))).toEqual({
    phone: expect.stringContaining('62151234'), language: 'en', plain: false,
    opening: expect.stringContaining('calling from Yuyao'), text: 'New task for you: 路灯不亮, 谢家路村, due 今天 17:30. Number A1.', closing: expect.stringContaining('say it again'),
  });
  for (let n = 1; n <= 5; n++)
    expect(ok(await town.outreach.called(sender, county, id, 'no_answer', 'en'))).toMatchObject({ state: n < 5 ? 'to_call' : 'given_up', error: 'no_answer' });
  const wrong = await waits('0574-62151235', 'to_call');
  expect(ok(await town.outreach.called(sender, county, wrong, 'wrong_number', 'en'))).toMatchObject({ state: 'failed', errorWords: 'The number is not theirs', actions: ['resend'] });
  const heard = await waits('0574-62151236', 'to_call');
  expect(ok(await town.outreach.called(sender, county, heard, 'reached', 'en')).state).toBe('sent');
  expect(await town.outreach.called(sender, county, heard, 'reached', 'en')).toMatchObject({ reason: 'outreach.not_stuck' });
  const declined = await waits('0574-62151237', 'to_call');
  expect(ok(await town.outreach.called(sender, county, declined, 'declined', 'en'))).toMatchObject({ state: 'skipped', errorWords: 'They did not want to hear it', actions: [] });
  const log = (await kinds()).join('\n');
  for (const word of ['call_no_answer', 'call_wrong_number', 'call_reached', 'reveal']) expect(log).toContain(word);
  expect(log).not.toContain('62151234');
});

it('letters are printed one a page behind a list, handed to the post as a batch, and one that comes back needs a person again', async () => {
  const ids = [await waits('13900002046', 'to_print'), await waits('13900002047', 'to_print')];
  expect(ok(await town.outreach.list(sender, county, { box: 'letters' }, 'en')).items.map(({ actions }) => actions)).toEqual([['letter', 'mark'], ['letter', 'mark']]);
  const [page] = outreachPages(town.outreach);
  const visit = { params: {}, query: { ids: ids.join(',') }, form: {}, actor: sender, language: 'en', ip: '', nonce: 'n', path: '' } as unknown as Parameters<NonNullable<typeof page>['answer']>[0];
  const answer = await page!.answer(visit);
  const html = 'html' in answer ? String(answer.html) : '';
  expect(html.match(/<article class="letter"/g)?.length).toBe(2);
  expect(html).toContain('1 Lantern Road, &#60;Yuyao');
  expect(html).toContain('2026-11-24');
  expect(await page!.answer({ ...visit, actor: reader })).toMatchObject({ reason: 'identity.not_permitted' });
  expect(ok(await town.outreach.posted(sender, county, [...ids, ids[0]!], 'en'))).toEqual({ posted: 2 });
  expect(ok(await town.outreach.list(sender, county, { box: 'posted' }, 'en')).items.map(({ state, actions }) => [state, actions])).toEqual([['sent', ['returned']], ['sent', ['returned']]]);
  expect(new Set((await town.rows()).filter(({ id }) => ids.includes(id)).map((row) => row.peer_id)).size).toBe(1);
  expect(ok(await town.outreach.returned(sender, county, ids[0]!, 'en'))).toMatchObject({ state: 'failed', errorWords: 'The letter came back', actions: ['resend'] });
  expect(await town.outreach.returned(sender, county, ids[0]!, 'en')).toMatchObject({ reason: 'outreach.not_stuck' });
  expect(ok(await town.outreach.resend(sender, county, ids[0]!, 'en')).state).toBe('queued');
  expect((await kinds()).join('\n')).not.toContain('Lantern');
});

it('a letter to an elder is in large type, and a link is a square to scan; on the phone nobody is read a link', async () => {
  const elder = await town.resident('13900002048');
  const how = { actor: sender, grant: sender.grants[0]! };
  ok(await town.identity.contacts.prefer(county, elder.slice(8), { plain: true, channel: 'letter', postal: '乐业路 59 号' }, how));
  const params = { title: '路灯不亮', number: 'A1', link: 'https://lamp.example/f/secretsecret' };
  const [id] = await town.write([{ ...urgent(elder, 'declined'), params }]);
  await town.outreach.worker.drain();
  const visit = { params: {}, query: { ids: `${id!},nonsense` }, form: {}, actor: sender, language: 'zh-Hans', ip: '', nonce: 'n', path: '' } as unknown as Parameters<ReturnType<typeof outreachPages>[0]['answer']>[0];
  const answer = await outreachPages(town.outreach)[0]!.answer(visit);
  const html = 'html' in answer ? String(answer.html) : '';
  for (const part of ['class="letter large"', '<svg', 'https://lamp.example/f/secretsecret', '<p>您反映的“路灯不亮”']) expect(html).toContain(part);
  expect(html).not.toContain('【');
  ok(await town.identity.contacts.prefer(county, elder.slice(8), { channel: 'voice' }, how));
  const [called] = await town.write([{ ...urgent(elder, 'declined'), params }]);
  await town.outreach.worker.drain();
  expect(ok(await town.outreach.script(sender, county, called!))).toMatchObject({ plain: true, opening: expect.stringContaining('打来的'), text: '您反映的“路灯不亮”（A1）未予立案。' });
  ok(await town.outreach.called(sender, county, called!, 'reached', 'zh-Hans'));
  const rows = await town.rows();
  // What was said opens nothing any more; a letter may come back and be sent again.
  expect(rows.find((row) => row.id === called)!.params).not.toHaveProperty('link');
  ok(await town.outreach.posted(sender, county, [id!], 'zh-Hans'));
  expect((await town.rows()).find((row) => row.id === id)!.params).toHaveProperty('link');
});
