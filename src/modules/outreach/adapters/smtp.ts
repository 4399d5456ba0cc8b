import { createTransport } from 'nodemailer';
import type { Adapter, Outcome } from './adapter.ts';

/** Where mail leaves by. */
export interface SmtpOptions {
  /** `smtp://user:password@host:587` or `smtps://…`. */
  readonly url: string;
  /** Sender's address, such as `Lamplight <noreply@town.example>`. */
  readonly from: string;
  /** Milliseconds that a connection, a greeting and a silence may take; 10,000 where absent. */
  readonly timeoutMs?: number;
}

/** What nodemailer says of a failure. */
interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly command?: string;
}

/** Commands before the message itself: a failure there means that nothing was sent. */
const before = new Set(['CONN', 'EHLO', 'HELO', 'LHLO', 'STARTTLS', 'AUTH', 'AUTH PLAIN', 'AUTH LOGIN', 'MAIL FROM', 'RCPT TO']);

/** Reads what came of a try. RFC 5321, 4.2.1: 4yz may be tried again, 5yz not; a break after DATA leaves it open. */
export const smtpOutcome = ({ code, responseCode, command }: SmtpError): Outcome => {
  if (responseCode !== undefined && responseCode >= 400 && responseCode < 600)
    return responseCode >= 500 ? { state: 'refused', error: `smtp_${responseCode}` } : { state: 'later', error: `smtp_${responseCode}` };
  if (code === 'EDNS' || code === 'ECONNREFUSED' || code === 'EAUTH' || code === 'ETLS' || (command !== undefined && before.has(command)))
    return { state: 'later', error: `smtp_${(code ?? 'closed').toLowerCase()}` };
  return { state: 'unknown', error: `smtp_${(code ?? 'closed').toLowerCase()}` };
};

/** First line of a mail: the sender's mark of the text without its brackets. */
const subjectOf = (text: string): string => /^[【[]([^】\]]+)[】\]]/.exec(text)?.[1] ?? 'Lamplight';

/** Mail by SMTP (RFC 5321). SMTP knows no idempotency key, so a try that broke off after DATA stays unknown. */
export const smtpAdapter = ({ url, from, timeoutMs = 10_000 }: SmtpOptions): Adapter => {
  const transport = createTransport({
    url, pool: true, maxConnections: 4, maxMessages: 100,
    connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs, dnsTimeout: timeoutMs,
    // A name in a message is data: nothing in it is fetched or read from a disk.
    disableFileAccess: true, disableUrlAccess: true,
  });
  const domain = /@([\w.-]+)/.exec(from)?.[1] ?? 'lamplight.invalid';
  return {
    name: 'smtp', channel: 'email', window: 8, idempotent: false,
    async send({ id, to, text, language }) {
      try {
        const sent = await transport.sendMail({
          from, to: { name: '', address: to }, subject: subjectOf(text), text, messageId: `<${id}@${domain}>`,
          headers: { 'Content-Language': language, 'Auto-Submitted': 'auto-generated' },
        });
        return { state: 'sent', peer: sent.messageId };
      } catch (error) {
        return smtpOutcome(error as SmtpError);
      }
    },
    close: () => transport.close(),
  };
};
