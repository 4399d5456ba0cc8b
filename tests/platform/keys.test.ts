import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { addKey, isSignedBy, openKeys, SealError } from '../../src/platform/keys.ts';

let folder: string;
beforeEach(() => { folder = join(mkdtempSync(join(tmpdir(), 'lamplight-keys-')), 'keys'); });
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

test('keys are made once, readable by nobody else, and are the same the next time', () => {
  const first = openKeys(folder);
  const again = openKeys(folder);
  expect(again.fingerprint).toBe(first.fingerprint);
  expect(again.ledger.verifier).toBe(first.ledger.verifier);
  expect(again.open(first.seal('13900001234'))).toBe('13900001234');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder).sort()).toEqual(['data-0001.json', 'index-0001.json', 'ledger-0001.json', 'token-0001.json']);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
});

test('a folder that has become readable to others is closed again', () => {
  openKeys(folder);
  chmodSync(folder, 0o755);
  chmodSync(join(folder, 'data-0001.json'), 0o644);
  openKeys(folder);
  expect([statSync(folder).mode & 0o777, statSync(join(folder, 'data-0001.json')).mode & 0o777]).toEqual([0o700, 0o600]);
});

test('any text comes back as it went in, and never looks the same twice', () => {
  const keys = openKeys(folder);
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, context) => {
    const sealed = keys.seal(text, context);
    expect(keys.open(sealed, context)).toBe(text.toWellFormed());
    expect(sealed.equals(keys.seal(text, context))).toBe(false);
  }));
});

test('a changed byte, another context and a cut are noticed', () => {
  const keys = openKeys(folder);
  const sealed = keys.seal('浙江省余姚市', 'contact.address');
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at]! ^= 1;
    expect(() => keys.open(changed, 'contact.address')).toThrow(SealError);
  }
  expect(() => keys.open(sealed, 'contact.phone')).toThrow(SealError);
  expect(() => keys.open(sealed.subarray(0, -1), 'contact.address')).toThrow(SealError);
  expect(() => keys.open(new Uint8Array(0))).toThrow(SealError);
});

test('a new data key seals from then on, and what was sealed before still opens', () => {
  const before = openKeys(folder);
  const old = before.seal('a');
  expect(addKey(folder, 'data')).toBe('data-0002.json');
  const after = openKeys(folder);
  expect([after.open(old), after.isStale(old), after.isStale(after.seal('a'))]).toEqual(['a', true, false]);
  expect(after.blindIndex('phone', '1')).toEqual(before.blindIndex('phone', '1'));
  rmSync(join(folder, 'data-0001.json'));
  expect(() => openKeys(folder).open(old)).toThrow(/not in the folder of keys/);
});

test('a blind index finds equal texts of one purpose and mixes nothing', () => {
  const keys = openKeys(folder);
  expect(keys.blindIndex('phone', '13900001234')).toEqual(keys.blindIndex('phone', '13900001234'));
  expect(keys.blindIndex('phone', '13900001234')).not.toEqual(keys.blindIndex('identity', '13900001234'));
  expect(keys.blindIndex('a', ':b')).not.toEqual(keys.blindIndex('a:', 'b'));
  expect(openKeys(`${folder}2`).blindIndex('phone', '1')).not.toEqual(keys.blindIndex('phone', '1'));
});

test('marks hold through a new token key while the old one is kept', () => {
  const mark = openKeys(folder).mark('follow', 'x');
  addKey(folder, 'token');
  const keys = openKeys(folder);
  expect([keys.isMark('follow', 'x', mark), keys.isMark('follow', 'y', mark), keys.isMark('draft', 'x', mark), keys.isMark('follow', 'x', mark.subarray(1))]).toEqual([true, false, false, false]);
  expect(keys.mark('follow', 'x')).not.toEqual(mark);
});

test('the ledger key is named as C2SP signed-note says, and a new one leaves the old one known', () => {
  const { ledger, sign } = openKeys(folder);
  // Base64 has plus signs of its own.
  const [, name, id, typed] = /^([^+]+)\+([^+]+)\+(.+)$/.exec(ledger.verifier)! as unknown as [string, string, string, string];
  const bytes = Buffer.from(typed, 'base64');
  expect([name, bytes[0], bytes.length]).toEqual([ledger.name, 1, 33]);
  expect(id).toBe(createHash('sha256').update(`${name}\n`).update(bytes).digest('hex').slice(0, 8));
  const signature = sign(Buffer.from('330281\n5\n'), ledger);
  expect(isSignedBy(ledger.publicKey, Buffer.from('330281\n5\n'), signature)).toBe(true);
  expect(isSignedBy(ledger.publicKey, Buffer.from('330281\n6\n'), signature)).toBe(false);
  addKey(folder, 'ledger');
  const keys = openKeys(folder);
  expect(keys.ledgerKeys.map(({ verifier }) => verifier)[0]).toBe(ledger.verifier);
  expect(keys.ledger.verifier).not.toBe(ledger.verifier);
});

test('a key that is added while a process runs is its present one; one that is taken away is kept until the process ends', async () => {
  const keys = openKeys(folder);
  const [first, mark, sealed] = [keys.ledger, keys.mark('follow', 'x'), keys.seal('1')];
  for (const purpose of ['data', 'token', 'ledger'] as const) addKey(folder, purpose);
  // Of the ledger at once; of the others within a second.
  expect(keys.ledger.verifier).not.toBe(first.verifier);
  expect(isSignedBy(keys.ledger.publicKey, Buffer.from('x'), keys.sign(Buffer.from('x'), keys.ledger))).toBe(true);
  expect(isSignedBy(first.publicKey, Buffer.from('x'), keys.sign(Buffer.from('x'), first))).toBe(true);
  await vi.waitFor(() => { expect(keys.mark('follow', 'x')).not.toEqual(mark); expect(keys.isStale(sealed)).toBe(true); }, { timeout: 5_000 });
  expect([keys.isMark('follow', 'x', mark), keys.open(sealed)]).toEqual([true, '1']);
  for (const name of ['data-0002.json', 'token-0002.json', 'ledger-0002.json']) rmSync(join(folder, name));
  expect([keys.ledgerKeys.length, keys.open(keys.seal('2'))]).toEqual([2, '2']);
});

test('a file that is no key ends the start and is named', () => {
  openKeys(folder);
  writeFileSync(join(folder, 'data-0001.json'), '{"kind":"hmac-sha-256","key":"AAAA"}');
  expect(() => openKeys(folder)).toThrow(/data-0001\.json/);
  expect(readFileSync(join(folder, 'data-0001.json'), 'utf8')).toContain('hmac');
});
