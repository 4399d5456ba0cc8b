import { createTransport } from 'nodemailer';
import type { Database } from '../../platform/database/database.ts';
import { finding, type Finding } from '../../platform/doctor/finding.ts';
import type { Keys } from '../../platform/keys.ts';
import type { Connections } from './adapters/connections.ts';
import { cmppProtocol } from './adapters/sms/cmpp/cmpp.ts';
import { DialError, type Ears, type Protocol } from './adapters/sms/line.ts';
import { smppProtocol } from './adapters/sms/smpp/smpp.ts';
import type { SmtpOptions } from './adapters/smtp.ts';
import { wechatAccount } from './adapters/wechat/account.ts';
import { pushKeys } from './store/addresses.ts';

/** Keeps nothing of what a centre hands over meanwhile: refused for now, the centre says it again to whoever serves. */
const deaf: Ears = {
  receipt: () => Promise.reject(new Error('only looked')),
  heard: () => Promise.reject(new Error('only looked')),
};

/** A short code of why nobody answered; null where somebody did. */
type Look = () => Promise<string | null>;

/** Status of SMPP 3.4 (5.1.3): the account is bound already, and the centre lets it in once. Whoever is bound is the server. */
const alreadyBound = 'bind_05';

/** Connects, binds, asks whether the peer is there, and leaves. Submits nothing. */
const boundTo = async (protocol: Protocol): Promise<string | null> => {
  try {
    const line = await protocol.dial(deaf);
    const there = await line.ping();
    line.close();
    await line.ended;
    return there ? null : 'silent';
  } catch (error) {
    if (!(error instanceof DialError)) throw error;
    return error.code === alreadyBound ? null : error.code;
  }
};

/** Greets the mail server, signs in where there is a password, and leaves. Sends nothing. */
const greeted = async ({ url, timeoutMs = 5_000 }: SmtpOptions): Promise<string | null> => {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (secure ? 465 : 587), secure, requireTLS: !secure && username !== '',
    connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs, dnsTimeout: timeoutMs,
    ...(username !== '' && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  });
  try {
    await transport.verify();
    return null;
  } catch (error) {
    const { code, responseCode } = error as Error & { code?: string; responseCode?: number };
    return String(responseCode ?? code ?? 'closed').toLowerCase();
  } finally {
    transport.close();
  }
};

/** Whether anybody answers at an address, whatever the answer: HEAD sends nobody anything. */
const answered = async (url: string): Promise<string | null> => {
  try {
    await fetch(new URL(url).origin, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(5_000) });
    return null;
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    return name === 'TimeoutError' ? 'timeout' : (cause?.code ?? 'broken').toLowerCase();
  }
};

/**
 * Every way out, for `doctor`: not connected, answers, or does not answer. Nobody is sent anything: a mail server is greeted, a
 * short message centre is bound to and asked whether it is there, an aggregator's host is asked for nothing, WeChat for a token,
 * and the keys for browsers are opened.
 */
export const checkChannels = async ({ smtp, smpp, cmpp, aggregator, webhook, push, wechat }: Connections, db: Database, keys: Keys, now: () => number): Promise<Finding[]> => {
  const look = async (check: string, peer: Look | undefined): Promise<Finding> => {
    if (!peer) return finding(check, 'ok', 'none');
    const why = await peer();
    return why === null ? finding(check, 'ok', 'answers') : finding(check, 'bad', 'silent', { why });
  };
  const keysOpen = async (): Promise<string | null> => {
    for (const { county, private_key: sealed } of await pushKeys(db)) {
      try {
        keys.open(sealed, 'push.key');
      } catch {
        return county;
      }
    }
    return null;
  };
  const timeoutMs = 5_000;
  return Promise.all([
    look('mail', smtp && (() => greeted({ timeoutMs, ...smtp }))),
    look('smpp', smpp && (() => boundTo(smppProtocol({ timeoutMs, ...smpp })))),
    look('cmpp', cmpp && (() => boundTo(cmppProtocol({ timeoutMs, ...cmpp }, now)))),
    look('aggregator', aggregator && (() => answered(aggregator.spec.url))),
    look('webhook', webhook && (() => answered(webhook.url))),
    look('push', push && keysOpen),
    look('wechat', wechat && (() => wechatAccount(wechat, now, timeoutMs).check())),
  ]);
};
