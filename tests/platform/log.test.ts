import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createLog } from '../../src/platform/log.ts';

const written = (write: (log: ReturnType<typeof createLog>) => void): string => {
  let lines = '';
  write(createLog('trace', new Writable({ write(chunk, _encoding, done) { lines += String(chunk); done(); } })));
  return lines;
};

test('a line is JSON with a level, a time and ids', () => {
  const line = JSON.parse(written((log) => log.info({ request: 'a-1', actor: '00000000-0000-7000-8000-000000000001', matter: 'm' }, 'answered'))) as Record<string, unknown>;
  expect(line).toMatchObject({ level: 'info', request: 'a-1', actor: '00000000-0000-7000-8000-000000000001', msg: 'answered' });
  expect(line['time']).toMatch(/^\d{4}-\d\d-\d\dT/);
});

test.each([
  ['a phone in the line', (log) => log.info('call 13900001234 back')],
  ['a phone in a member', (log) => log.info({ u: { v: ['x 13900001234'] } }, 'x')],
  ['members that hold people\'s words or secrets', (log) => log.info({ a: { phone: 'zhang', Text: 'zhang', password: 'zhang', token: 'zhang', headers: { cookie: 'zhang', authorization: 'zhang' } } }, 'x')],
  ['an identity number', (log) => log.warn({ x: '330281195001011234' }, 'of 33028119500101123X')],
  ['an error with a phone', (log) => log.error({ err: new Error('no route to 13900001234') }, 'x')],
  ['an error alone', (log) => log.error(new Error('no route to 13900001234'))],
  ['a database error with the row in it', (log) => log.error({ err: Object.assign(new Error('invalid input syntax for type uuid: "zhang"'), { code: '22P02', severity: 'ERROR', detail: 'Key (name)=(zhang)', where: 'zhang' }) }, 'x')],
  ['the cause of an error', (log) => log.error({ err: new Error('a', { cause: new Error('13900001234') }) }, 'x')],
  ['bytes', (log) => log.info({ some: Buffer.from('zhang') }, 'x')],
] satisfies [string, (log: ReturnType<typeof createLog>) => void][])('%s never reaches the log', (_name, write) => {
  const lines = written(write);
  expect(lines).not.toMatch(/zhang|13900001234|33028119500101/);
  expect(() => JSON.parse(lines) as unknown).not.toThrow();
});

test('an error keeps what is needed to find it', () => {
  const line = JSON.parse(written((log) => log.error({ err: Object.assign(new Error('duplicate key value violates unique constraint "account_name"'), { code: '23505', severity: 'ERROR', constraint: 'account_name', table: 'account' }) }, 'x'))) as { err: Record<string, string> };
  expect(line.err).toMatchObject({ code: '23505', constraint: 'account_name', table: 'account' });
  expect(line.err['stack']).toContain('log.test.ts');
});
