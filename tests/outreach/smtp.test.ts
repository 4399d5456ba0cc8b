import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { smtpAdapter } from '../../src/modules/outreach/adapters/smtp.ts';

const message = { id: '01900000-0000-7000-8000-000000000001', county: '330281', channel: 'email' as const, to: 'wang@town.example', text: '【灯火】路灯已修好，请评价。', language: 'zh-Hans' as const };
const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => { for (const close of closing.splice(0)) await close(); });

const server = async (options: SMTPServerOptions): Promise<ReturnType<typeof smtpAdapter>> => {
  const smtp = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], logger: false, closeTimeout: 1, ...options });
  smtp.on('error', () => {});
  await new Promise<void>((resolve) => { smtp.listen(0, '127.0.0.1', resolve); });
  const { port } = smtp.server.address() as AddressInfo;
  const adapter = smtpAdapter({ url: `smtp://127.0.0.1:${port}`, from: 'Lamplight <noreply@town.example>', timeoutMs: 400 });
  closing.push(() => adapter.close(), () => new Promise<void>((resolve) => { smtp.close(resolve); }));
  return adapter;
};
const failing = (code: number): Error => Object.assign(new Error('no'), { responseCode: code });

describe('mail', () => {
  it('reaches the mailbox with its text, its language and an id that stays the same', async () => {
    let mail = '';
    const to: string[] = [];
    const adapter = await server({
      onRcptTo: (address, _session, done) => { to.push(address.address); done(); },
      onData: (stream, _session, done) => { stream.on('data', (part: Buffer) => { mail += part.toString(); }); stream.on('end', () => done()); },
    });
    expect(await adapter.send(message)).toEqual({ state: 'sent', peer: `<${message.id}@town.example>` });
    expect(to).toEqual(['wang@town.example']);
    expect(mail).toContain(`Message-ID: <${message.id}@town.example>`);
    expect(mail).toMatch(/Content-Language: zh-Hans/);
    const [, body] = mail.split('\r\n\r\n');
    const words = /base64/.test(mail) ? Buffer.from(body!, 'base64').toString('utf8') : Buffer.from(body!.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1').toString('utf8');
    expect(words.trim()).toBe(message.text);
  });
  it('says how it is ended where it can be, and to an address with a line break in it adds no header and no recipient', async () => {
    const to: string[] = [];
    let mail = '';
    const adapter = await server({
      onRcptTo: (address, _session, done) => { to.push(address.address); done(); },
      onData: (stream, _session, done) => { stream.on('data', (part: Buffer) => { mail += part.toString(); }); stream.on('end', () => done()); },
    });
    await adapter.send({ ...message, unsubscribe: 'https://town.example/reports/mail/t' });
    expect(mail).toMatch(/^List-Unsubscribe: <https:\/\/town\.example\/reports\/mail\/t>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    await adapter.send({ ...message, to: 'wang@town.example\r\nBcc: thief@town.example' });
    expect(to.filter((address) => address === 'thief@town.example')).toEqual([]);
    expect(mail).not.toMatch(/^Bcc:/m);
  });
  it.each([[450, 'later'], [550, 'refused'], [552, 'refused']])('to a mailbox that answers %i is %s', async (code, state) => {
    const adapter = await server({ onRcptTo: (_address, _session, done) => done(failing(code)) });
    expect(await adapter.send(message)).toEqual({ state, error: `smtp_${code}` });
  });
  it.each([[451, 'later'], [554, 'refused']])('that the server turns down after the text with %i is %s', async (code, state) => {
    const adapter = await server({ onData: (stream, _session, done) => { stream.resume(); stream.on('end', () => done(failing(code))); } });
    expect(await adapter.send(message)).toEqual({ state, error: `smtp_${code}` });
  });
  it('to a server that takes the text and says nothing is unknown', async () => {
    const adapter = await server({ onData: (stream) => { stream.resume(); } });
    expect(await adapter.send(message)).toMatchObject({ state: 'unknown' });
  });
  it('to a server that is silent from the beginning is later: nothing was sent', async () => {
    const adapter = await server({ onConnect: () => {} });
    expect(await adapter.send(message)).toMatchObject({ state: 'later' });
  });
  it('to a server that is not there is later', async () => {
    const smtp = new SMTPServer({ logger: false });
    await new Promise<void>((resolve) => { smtp.listen(0, '127.0.0.1', resolve); });
    const { port } = smtp.server.address() as AddressInfo;
    await new Promise<void>((resolve) => { smtp.close(resolve); });
    const adapter = smtpAdapter({ url: `smtp://127.0.0.1:${port}`, from: 'a@town.example', timeoutMs: 400 });
    closing.push(() => adapter.close());
    expect(await adapter.send(message)).toMatchObject({ state: 'later' });
  });
});
