import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Adapter, Outcome } from './adapter.ts';

/** Where mail leaves by. */
export interface SmtpOptions {
  /** `smtp://user:password@host:587` (STARTTLS where the server offers it) or `smtps://…` (TLS from the beginning). */
  readonly url: string;
  /** Sender's address, such as `Lamplight <noreply@town.example>`. */
  readonly from: string;
  /** Milliseconds that a connection, a greeting and a silence may take; 10,000 where absent. */
  readonly timeoutMs?: number;
}

/** What the connection says of a failure. */
interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
}

/** First line of a mail: the sender's mark of the text without its brackets. */
const subjectOf = (text: string): string => /^[【[]([^】\]]+)[】\]]/.exec(text)?.[1] ?? 'Lamplight';

/**
 * Reads what came of a try (RFC 5321, 4.2.1: 4yz may be tried again, 5yz not).
 * @param begun whether a byte of the mail was given to the connection: a break after that leaves it open whether it was sent
 */
export const smtpOutcome = ({ code, responseCode }: SmtpError, begun: boolean): Outcome => {
  if (responseCode !== undefined && responseCode >= 400 && responseCode < 600)
    return responseCode >= 500 ? { state: 'refused', error: `smtp_${responseCode}` } : { state: 'later', error: `smtp_${responseCode}` };
  return { state: begun ? 'unknown' : 'later', error: `smtp_${(code ?? 'closed').toLowerCase()}` };
};

/**
 * Mail by SMTP (RFC 5321), a connection for each. SMTP knows no idempotency key, so a try that broke off after the first
 * byte of the mail stays unknown. The library names no stage for a silence (it says CONN for every one), so the stage is
 * seen from the mail itself: it is a stream that is read when the server has answered DATA, and not before.
 */
export const smtpAdapter = ({ url, from, timeoutMs = 10_000 }: SmtpOptions): Adapter => {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const domain = /@([\w.-]+)/.exec(from)?.[1] ?? 'lamplight.invalid';

  const deliver = (mail: Buffer, envelope: { from: string; to: string[] }, began: () => void): Promise<void> =>
    new Promise((resolve, reject) => {
      const connection = new SMTPConnection({
        host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (secure ? 465 : 587), secure,
        // A password goes over TLS or not at all, whatever a server or somebody between says it can do.
        requireTLS: !secure && username !== '',
        connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs, dnsTimeout: timeoutMs,
      });
      const end = (error?: Error | null): void => {
        // First what came of it, then the parting, which has events of its own.
        if (error) { reject(error); connection.close(); } else { resolve(); connection.quit(); }
      };
      const send = (): void => {
        const stream = new Readable({ read() { began(); this.push(mail); this.push(null); } });
        connection.send(envelope, stream, (error) => end(error));
      };
      connection.on('error', end);
      connection.once('end', () => reject(Object.assign(new Error('closed'), { code: 'ECLOSED' })));
      connection.connect((error?: Error | null) => {
        if (error) end(error);
        else if (username === '') send();
        else connection.login({ credentials: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }, (wrong) => (wrong ? end(wrong) : send()));
      });
    });

  return {
    name: 'smtp', channel: 'email', window: 8, idempotent: false,
    async send({ id, to, text, language, unsubscribe }) {
      let begun = false;
      try {
        const node = new MailComposer({
          from, to: { name: '', address: to }, subject: subjectOf(text), text, messageId: `<${id}@${domain}>`,
          headers: { 'Content-Language': language, 'Auto-Submitted': 'auto-generated', ...(unsubscribe !== undefined && { 'List-Unsubscribe': `<${unsubscribe}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }) }, disableFileAccess: true, disableUrlAccess: true,
        }).compile();
        const envelope = node.getEnvelope();
        if (envelope.from === false || envelope.to.length !== 1) return { state: 'refused', error: 'smtp_address' };
        await deliver(await node.build(), { from: envelope.from, to: envelope.to }, () => { begun = true; });
        return { state: 'sent', peer: `<${id}@${domain}>` };
      } catch (error) {
        return smtpOutcome(error as SmtpError, begun);
      }
    },
    close: () => {},
  };
};
