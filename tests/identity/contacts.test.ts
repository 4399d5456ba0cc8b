import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { maskPhone, normalPhone } from '../../src/base/text/phone.ts';
import { isRefusal } from '../../src/base/result.ts';
import { county, countyPath, made, sentBack, townPath, type Made } from './made.ts';

const matter = '01900000-0000-7000-8000-0000000000aa';
let town: Made;
beforeAll(async () => { town = await made(); });
afterAll(async () => { await town.world.close(); });

const idOf = async (phone: string): Promise<string> => {
  const contact = await town.identity.contacts.contactByPhone(town.world.db, county, phone, 'zh-Hans');
  if (isRefusal(contact)) throw new Error(contact.reason);
  return contact.id;
};
const send = (phone: string) => {
  // So that the latest message is the latest by its time.
  town.world.advance(1);
  return town.identity.contacts.sendCode(county, phone, 'zh-Hans');
};
const check = (phone: string, code: string) => town.identity.contacts.checkCode(county, phone, code);
const wrongOf = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('phone numbers', () => {
  it.each([
    ['13900002046', '13900002046'], ['139 0000 2046', '13900002046'], ['+86-139-0000-2046', '13900002046'], ['1３９０００0２046', '13900002046'],
    ['008613900002046', '13900002046'], ['0574-62151234', '057462151234'], ['(010) 6505 1234', '01065051234'],
    ['12345', undefined], ['12900002046', undefined], ['139000020467', undefined], ['', undefined], ['一三九', undefined],
  ])('%s is stored as %s', (typed, stored) => { expect(normalPhone(typed)).toBe(stored); });
  it('a mask keeps at most seven figures and the length', () => {
    expect(maskPhone('13900002046')).toBe('139****2046');
    fc.assert(fc.property(fc.stringMatching(/^\d{1,14}$/), (phone) => {
      const mask = maskPhone(phone);
      expect(mask.length).toBe(phone.length);
      expect(mask.replaceAll('*', '').length).toBeLessThanOrEqual(7);
    }));
  });
});

describe('contacts', () => {
  it('one phone is one contact of a county, however it is typed and however many ask at once', async () => {
    const ids = await Promise.all(['13900003001', '139-0000-3001', '+8613900003001', '１３９００００３００１', '13900003001'].map(idOf));
    expect(new Set(ids).size).toBe(1);
  });
  it('a phone is sealed in its row and found by a blind index', async () => {
    const id = await idOf('13900003002');
    const rows = await town.world.ownerDb.query('select * from contact where id = $1', [id]);
    expect(JSON.stringify(rows)).not.toContain('13900003002');
    expect(Buffer.concat([(rows[0] as { phone: Buffer }).phone, (rows[0] as { phone_index: Buffer }).phone_index]).includes('13900003002')).toBe(false);
    expect(await town.identity.contacts.findByPhone(town.world.db, county, '139 0000 3002')).toEqual({ id });
    expect(await town.identity.contacts.findByPhone(town.world.db, '330282', '13900003002')).toBeUndefined();
  });
  it('is shown masked', async () => {
    const id = await idOf('13900003002');
    expect((await town.identity.contacts.masked(town.world.db, county, [id])).get(id)).toEqual({ id, maskedPhone: '139****3002', maskedEmail: null, verified: false, erased: false });
  });
});

describe('codes', () => {
  it('the code that was sent is right once, within five minutes', async () => {
    expect(await send('13900004001')).toMatchObject({ maskedPhone: '139****4001' });
    const { code } = await town.latest('sms_code');
    expect(code).toMatch(/^\d{6}$/);
    expect(await check('13900004001', wrongOf(code!))).toMatchObject({ status: 422, reason: 'identity.code' });
    expect(await check('13900004001', ` ${code!.slice(0, 3)} ${code!.slice(3)}`)).toEqual({ id: await idOf('13900004001') });
    expect(await check('13900004001', code!)).toMatchObject({ reason: 'identity.code' });
    town.world.advance(60_000);
    await send('13900004001');
    const later = (await town.latest('sms_code'))['code']!;
    town.world.advance(300_000);
    expect(await check('13900004001', later)).toMatchObject({ reason: 'identity.code' });
  });
  it('is right for its phone and county only', async () => {
    await send('13900004002');
    const code = (await town.latest('sms_code'))['code']!;
    expect(await check('13900004003', code)).toMatchObject({ reason: 'identity.code' });
    expect(await town.identity.contacts.checkCode('330282', '13900004002', code)).toMatchObject({ reason: 'identity.code' });
    expect(isRefusal(await check('13900004002', code))).toBe(false);
  });
  it('after five wrong tries the right one is wrong too, also when they come at once', async () => {
    await send('13900004004');
    const code = (await town.latest('sms_code'))['code']!;
    await Promise.all(Array.from({ length: 5 }, () => check('13900004004', wrongOf(code))));
    expect(await check('13900004004', code)).toMatchObject({ reason: 'identity.code' });
  });
  it('is used once, however many use it at once', async () => {
    await send('13900004005');
    const code = (await town.latest('sms_code'))['code']!;
    const all = await Promise.all(Array.from({ length: 4 }, () => check('13900004005', code)));
    expect(all.filter((one) => !isRefusal(one)).length).toBe(1);
  });
  it('goes out once a minute and ten times a day to a phone, also when asked for at once', async () => {
    const first = await Promise.all(Array.from({ length: 6 }, () => town.identity.contacts.sendCode(county, '13900004006', 'zh-Hans')));
    expect(first.filter((one) => !isRefusal(one)).length).toBe(1);
    expect(first.filter(isRefusal)[0]).toMatchObject({ status: 429, reason: 'identity.code_gap', params: { seconds: 60 } });
    for (let i = 0; i < 9; i++) { town.world.advance(60_000); expect(isRefusal(await send('13900004006'))).toBe(false); }
    town.world.advance(60_000);
    expect(await send('13900004006')).toMatchObject({ status: 429, reason: 'identity.code_cap' });
    town.world.advance(86_400_000);
    expect(isRefusal(await send('13900004006'))).toBe(false);
  });
  it('a landline gets none', async () => {
    expect(await send('0574-62151234')).toMatchObject({ status: 422, reason: 'identity.not_mobile' });
  });
  it('is not in the database but in the message that carries it', async () => {
    await send('13900004007');
    const code = (await town.latest('sms_code'))['code']!;
    const rows = await town.world.ownerDb.query<{ code: Buffer }>('select code from code_check');
    expect(rows.some((row) => row.code.includes(code))).toBe(false);
  });
});

describe('a reveal', () => {
  it('says whose number, why and in which matter, in the ledger; the number itself is not there', async () => {
    const contact = await idOf('13900005001');
    const intake = await town.actor('intake');
    expect(await town.identity.contacts.reveal(intake, { county, contact, matter, path: townPath }, 'call_back')).toEqual({ phone: '13900005001', email: null });
    const entry = (await town.entries()).at(-1);
    expect(entry).toMatchObject({ subject: 'access', kind: 'contact', action: 'reveal', actor: { id: intake.id, role: 'intake', unit: 'centre' }, set: { contact, matter, purpose: 'call_back' } });
    expect(JSON.stringify(entry)).not.toContain('13900005001');
  });
  it('needs a purpose, a right, and the right at that place; without them nothing is written', async () => {
    const contact = await idOf('13900005001');
    const before = (await town.entries()).length;
    const target = { county, contact, matter, path: townPath };
    expect(await town.identity.contacts.reveal(await town.actor('intake'), target, 'curiosity')).toMatchObject({ status: 422, reason: 'identity.purpose' });
    expect(await town.identity.contacts.reveal(await town.actor('supervisor'), target, 'visit')).toMatchObject({ status: 403 });
    expect(await town.identity.contacts.reveal(await town.actor('admin'), target, 'visit')).toMatchObject({ status: 403 });
    expect(await town.identity.contacts.reveal(await town.actor('gridworker'), { ...target, path: countyPath }, 'visit')).toMatchObject({ status: 403 });
    expect(await town.identity.contacts.reveal(await town.actor('intake'), { ...target, county: '330282' }, 'visit')).toMatchObject({ status: 403 });
    expect((await town.entries()).length).toBe(before);
  });
});

describe('one\'s own data', () => {
  it('is read in full by its owner, changed, and erased with the sessions; the ledger keeps the id only', async () => {
    const id = await idOf('13900006001');
    const opened = await town.identity.sessions.openResident(county, id);
    const request = { url: '/api/contacts/me', headers: { cookie: sentBack(town.identity.sessions.cookie('resident', opened)) } };
    expect(await town.identity.contacts.own(opened.actor)).toMatchObject({ id, phone: '13900006001', channel: 'sms' });
    expect(await town.identity.contacts.changeOwn(opened.actor, { channel: 'email' })).toMatchObject({ reason: 'identity.no_email' });
    expect(await town.identity.contacts.changeOwn(opened.actor, { channel: 'email', email: 'a@town.example', language: 'en' })).toMatchObject({ email: 'a@town.example', channel: 'email', language: 'en' });
    expect(await town.identity.sessions.authenticate(request)).toMatchObject({ id });
    expect(await town.identity.contacts.eraseOwn(opened.actor)).toEqual({ done: true });
    expect(await town.identity.sessions.authenticate(request)).toBeNull();
    expect(await town.identity.contacts.own(opened.actor)).toMatchObject({ status: 404 });
    expect(await town.identity.contacts.reach(town.world.db, county, `contact:${id}`)).toBeUndefined();
    expect(await town.world.ownerDb.query('select phone, phone_index, email from contact where id = $1', [id])).toEqual([{ phone: null, phone_index: null, email: null }]);
    expect((await town.entries()).at(-1)).toMatchObject({ subject: 'access', action: 'erase', set: { contact: id } });
    expect(await idOf('13900006001')).not.toBe(id);
  });
  it('is nobody else\'s: staff have no contact of their own here', async () => {
    expect(await town.identity.contacts.own(await town.actor('intake'))).toMatchObject({ status: 404 });
  });
  it('tells whoever sends how a recipient is reached', async () => {
    expect(await town.identity.contacts.reach(town.world.db, county, `account:${town.people.get('lampkeeper')}`)).toMatchObject({ phone: '13900010003', email: null, language: 'zh-Hans', channel: 'sms' });
    expect(await town.identity.contacts.reach(town.world.db, county, 'account:01900000-0000-7000-8000-0000000000ff')).toBeUndefined();
    expect(await town.identity.contacts.reach(town.world.db, county, 'elsewhere')).toBeUndefined();
  });
});
