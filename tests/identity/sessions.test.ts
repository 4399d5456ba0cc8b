import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/base/actor.ts';
import { isRefusal, type Refusal } from '../../src/base/result.ts';
import { createIdentity, demoPassword, tokenDigest, type Opened } from '../../src/modules/identity/index.ts';
import { enqueue } from '../../src/modules/outreach/index.ts';
import { county, countyPath, made, sentBack, type Made } from './made.ts';

const hour = 3_600_000;
let town: Made;
beforeAll(async () => { town = await made(); });
afterAll(async () => { await town.world.close(); });

const signedIn = async (login: string, password = demoPassword): Promise<Opened> => {
  const opened = await town.identity.sessions.signIn(login, password);
  if (isRefusal(opened)) throw new Error(opened.reason);
  return opened;
};
const withCookie = (opened: Opened, kind: 'staff' | 'resident' = 'staff', url = '/api/matters') =>
  ({ url, headers: { cookie: `other=1; ${sentBack(town.identity.sessions.cookie(kind, opened))}` } });
const asks = (request: Parameters<Made['identity']['sessions']['authenticate']>[0]) => town.identity.sessions.authenticate(request);

describe('signing in', () => {
  it('the right password opens a session with the grants that hold', async () => {
    const opened = await signedIn('dispatcher');
    const actor = await asks(withCookie(opened)) as Actor;
    expect(actor).toMatchObject({ id: town.people.get('dispatcher'), kind: 'account' });
    expect(actor.grants.map(({ role, place }) => [role, place])).toEqual([['dispatcher', countyPath]]);
  });
  it('the account name is taken in any case, with spaces around it', async () => {
    expect(isRefusal(await town.identity.sessions.signIn('  Dispatcher ', demoPassword))).toBe(false);
  });
  it('a wrong password and an unknown account get the same refusal', async () => {
    expect(await town.identity.sessions.signIn('auditor', 'wrong-password')).toMatchObject({ status: 401, reason: 'identity.password' });
    expect(await town.identity.sessions.signIn('nobody-here', demoPassword)).toMatchObject({ status: 401, reason: 'identity.password' });
  });
  it('the database keeps the digest of a token and never the token', async () => {
    const { token } = await signedIn('steward');
    const rows = await town.world.db.query<{ token: Buffer }>('select token from session');
    expect(rows.some((row) => row.token.equals(tokenDigest(token)))).toBe(true);
    expect(JSON.stringify(rows)).not.toContain(token);
  });
  it('passwords are kept as Argon2id with its cost', async () => {
    const [row] = await town.world.db.query<{ password: string }>(`select password from account where login = 'admin'`);
    expect(row!.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
  it('wrong passwords make the next try wait, longer each time, and the right one is not tried meanwhile', async () => {
    for (let i = 0; i < 6; i++) expect(await town.identity.sessions.signIn('trainer', `wrong-${i}`)).toMatchObject({ status: 401 });
    const paused = await town.identity.sessions.signIn('trainer', demoPassword);
    expect(paused).toMatchObject({ status: 429, reason: 'identity.pause', params: { seconds: 1 } });
    town.world.advance(1_000);
    expect(await town.identity.sessions.signIn('trainer', 'wrong-again')).toMatchObject({ status: 401 });
    expect((await town.identity.sessions.signIn('trainer', demoPassword) as Refusal).params).toEqual({ seconds: 2 });
    town.world.advance(2_000);
    expect(isRefusal(await town.identity.sessions.signIn('trainer', demoPassword))).toBe(false);
    expect(await town.identity.sessions.signIn('trainer', 'wrong-once')).toMatchObject({ status: 401 });
  });
  it('however often it was wrong, nobody waits for more than 15 minutes', async () => {
    await town.world.db.query(`update sign_in_pause set failures = 5000, next_at = $1`, [new Date(town.world.now())]);
    expect(await town.identity.sessions.signIn('trainer', 'wrong')).toMatchObject({ status: 401 });
    expect((await town.identity.sessions.signIn('trainer', demoPassword) as Refusal).params).toEqual({ seconds: 900 });
    town.world.advance(900_000);
    await signedIn('trainer');
  });
  it('many who sign in at once with the right password all get in', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, () => town.identity.sessions.signIn('gridworker', demoPassword)));
    expect(all.filter(isRefusal)).toEqual([]);
    expect(new Set(all.map((one) => (one as Opened).token)).size).toBe(12);
  });
});

describe('a session', () => {
  it('ends when its owner signs out, at once', async () => {
    const opened = await signedIn('clerk');
    expect(await asks(withCookie(opened))).not.toBeNull();
    await town.identity.sessions.signOut(withCookie(opened));
    expect(await asks(withCookie(opened))).toBeNull();
  });
  it('ends after 12 hours without a request, and not before', async () => {
    const opened = await signedIn('mediator');
    for (let i = 0; i < 3; i++) {
      town.world.advance(11 * hour);
      expect(await asks(withCookie(opened))).not.toBeNull();
    }
    town.world.advance(12 * hour);
    expect(await asks(withCookie(opened))).toBeNull();
  });
  it('ends after seven days whatever happens', async () => {
    const opened = await signedIn('mediator');
    for (let i = 0; i < 16; i++) { town.world.advance(10 * hour); await asks(withCookie(opened)); }
    expect(await asks(withCookie(opened))).not.toBeNull();
    town.world.advance(9 * hour);
    expect(await asks(withCookie(opened))).toBeNull();
  });
  it('costs one query in three seconds, however many requests it makes', async () => {
    const opened = await signedIn('operator');
    town.world.advance(10_000);
    let queries = 0;
    const counted = { ...town.world, db: { ...town.world.db, query: ((...given: Parameters<typeof town.world.db.query>) => { queries++; return town.world.db.query(...given); }) as typeof town.world.db.query } };
    const other = createIdentity(counted, town.ledger, enqueue);
    for (let i = 0; i < 50; i++) await other.sessions.authenticate(withCookie(opened));
    expect(queries).toBe(1);
    town.world.advance(3_000);
    await other.sessions.authenticate(withCookie(opened));
    expect(queries).toBe(2);
  });
  it('ended in one process is unknown to another after three seconds', async () => {
    const opened = await signedIn('operator');
    const other = createIdentity(town.world, town.ledger, enqueue);
    expect(await other.sessions.authenticate(withCookie(opened))).not.toBeNull();
    await town.identity.sessions.signOut(withCookie(opened));
    town.world.advance(3_000);
    expect(await other.sessions.authenticate(withCookie(opened))).toBeNull();
  });
  it('is known by its whole token only', async () => {
    const opened = await signedIn('operator');
    for (const cookie of ['lamplight=', 'lamplight=short', `lamplight=${opened.token}x`, `xlamplight=${opened.token}`, `lamplight=${opened.token.slice(0, -1)}!`])
      expect(await asks({ headers: { cookie } })).toBeNull();
  });
  it('of staff and of a resident live side by side in one browser: each pages\' own goes first', async () => {
    const staff = await signedIn('operator');
    const contact = await town.identity.contacts.contactByPhone(town.world.db, county, '13900002222', 'zh-Hans') as { id: string };
    const resident = await town.identity.sessions.openResident(county, contact.id);
    const cookie = [sentBack(town.identity.sessions.cookie('staff', staff)), sentBack(town.identity.sessions.cookie('resident', resident))].join('; ');
    const kinds = await Promise.all(['/api/matters', '/console/', '/field', '/', '/f/abc', '/elder?x=1', '/api/contacts/me', '/apiary'].map(async (url) => (await asks({ url, headers: { cookie } }) as Actor).kind));
    expect(kinds).toEqual(['account', 'account', 'account', 'resident', 'resident', 'resident', 'resident', 'resident']);
    expect(await town.identity.sessions.resident({ headers: { cookie } })).toMatchObject({ id: contact.id, grants: [{ role: 'resident', county }] });
  });
  it('has a cookie that no script reads, and over https one that is bound to the host', async () => {
    const opened = { token: 'x'.repeat(43), expiresAt: town.world.now() + 5_000 };
    expect(town.identity.sessions.cookie('staff', opened)).toBe(`lamplight=${'x'.repeat(43)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=5`);
    const https = createIdentity({ ...town.world, config: { ...town.world.config, url: 'https://town.example' } }, town.ledger, enqueue);
    expect(https.sessions.cookie('staff', opened)).toBe(`__Host-lamplight=${'x'.repeat(43)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=5; Secure`);
    expect(https.sessions.cookie('staff', null)).toBe('__Host-lamplight=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure');
  });
  it('that has run out is swept away', async () => {
    town.world.advance(31 * 24 * hour);
    await town.identity.sessions.sweep();
    expect(await town.world.db.query('select 1 from session')).toEqual([]);
  });
});

describe('passwords', () => {
  let opened: Opened;
  beforeEach(async () => { town.world.advance(60_000); });
  it('a change asks for the old one, refuses a weak one and ends the other sessions', async () => {
    opened = await signedIn('approver');
    const another = await signedIn('approver');
    const change = (old: string, next: string) => town.identity.sessions.changePassword(opened.actor, withCookie(opened), old, next);
    expect(await change('not it', 'seven-lamps-on-a-bridge')).toMatchObject({ status: 401 });
    for (const weak of ['aaaaaaaaaaaaaaa', '1234567890123', 'my-approver-account', 'password-2026!']) expect(await change(demoPassword, weak)).toMatchObject({ status: 422, reason: 'identity.password_weak' });
    expect(await change(demoPassword, 'seven-lamps-on-a-bridge')).toEqual({ done: true });
    expect(await asks(withCookie(another))).toBeNull();
    expect(await asks(withCookie(opened))).not.toBeNull();
    expect(await town.identity.sessions.signIn('approver', demoPassword)).toMatchObject({ status: 401 });
    await signedIn('approver', 'seven-lamps-on-a-bridge');
  });
  it('accents written in two ways are one password', async () => {
    opened = await signedIn('approver', 'seven-lamps-on-a-bridge');
    expect(await town.identity.sessions.changePassword(opened.actor, withCookie(opened), 'seven-lamps-on-a-bridge', 'cafe\u0301-by-the-river')).toEqual({ done: true });
    await signedIn('approver', 'caf\u00e9-by-the-river');
  });
});

describe('the first administrator', () => {
  it('sets a password by a link that opens once, and only while there is no other', async () => {
    const fresh = await made({ demo: false });
    try {
      const first = await fresh.identity.accounts.firstAdministrator(county, 'root.wang', 'Wang');
      if (isRefusal(first)) throw new Error(first.reason);
      const token = /\/([A-Za-z0-9_-]{43})$/.exec(first.link)![1]!;
      expect(await fresh.identity.sessions.useLink(token, 'aaaaaaaaaaaaaaaa')).toMatchObject({ status: 422, reason: 'identity.password_weak' });
      const opened = await fresh.identity.sessions.useLink(token, 'a lantern for every lane') as Opened;
      expect(opened.actor.grants).toMatchObject([{ role: 'admin', county, place: '' }]);
      expect(await fresh.identity.sessions.useLink(token, 'another lantern for a lane')).toMatchObject({ status: 422, reason: 'identity.link' });
      expect(await fresh.identity.accounts.firstAdministrator(county, 'root.li', 'Li')).toMatchObject({ status: 409, reason: 'identity.administrator_there' });
      expect((await fresh.entries()).map(({ kind, action, actor }) => [kind, action, actor.role])).toEqual([['account', 'create', 'system'], ['grant', 'give', 'system']]);
    } finally {
      await fresh.world.close();
    }
  });
  it('has three days for it', async () => {
    const fresh = await made({ demo: false });
    try {
      const first = await fresh.identity.accounts.firstAdministrator(county, 'root.wang', 'Wang') as { link: string };
      fresh.world.advance(3 * 24 * hour);
      expect(await fresh.identity.sessions.useLink(first.link.split('/').at(-1)!, 'a lantern for every lane')).toMatchObject({ reason: 'identity.link' });
    } finally {
      await fresh.world.close();
    }
  });
});

describe('demo accounts', () => {
  it('are made in a demo database only', async () => {
    const real = await made({ demo: false });
    try {
      await expect(real.identity.createDemoAccounts({ county, places: {} })).rejects.toThrow(/demo database only/);
    } finally {
      await real.world.close();
    }
  });
  it('are those that the documents name, and making them twice changes nothing', async () => {
    expect([...town.people.keys()].sort()).toEqual(['admin', 'approver', 'auditor', 'clerk', 'collector', 'commander', 'dispatcher', 'dossier', 'enforcer', 'gridchief', 'gridworker', 'head', 'intake', 'lampkeeper', 'mediator', 'operator', 'steward', 'supervisor', 'trainer']);
    const before = (await town.entries()).length;
    const again = await town.identity.createDemoAccounts({ county, places: { county: countyPath, town: countyPath, village: countyPath, grid: countyPath } });
    expect([...again]).toEqual([...town.people]);
    expect((await town.entries()).length).toBe(before);
  });
});
