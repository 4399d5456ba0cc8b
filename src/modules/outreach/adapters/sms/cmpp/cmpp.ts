import { connect as connectTcp } from 'node:net';
import { timingSafeEqual } from 'node:crypto';
import {
  authenticator, commands, connectBody, createFrames, deliverAnswer, frame, gatewayAuthenticator, readConnectAnswer, readDeliver, readSubmitAnswer,
  submitBody, type Frame,
} from './frames.ts';
import { createJoin } from '../join.ts';
import { DialError, type Line, type Part, type PartOutcome, type Protocol, type ReceiptState } from '../line.ts';
import { joinHeader, joinOf, ofUcs2 } from '../text.ts';

/** A gateway (ISMG) that speaks CMPP 3.0. */
export interface CmppOptions {
  /** `cmpp://sp_id:secret@host:7890`: 企业代码 of 6 figures and the shared secret. */
  readonly url: string;
  /** 接入号 that phones see and reply to. */
  readonly source: string;
  /** 业务代码, Service_Id. */
  readonly serviceId?: string;
  /** Milliseconds that an answer may take; 10,000 where absent. */
  readonly timeoutMs?: number;
}

/** Results of CMPP_SUBMIT_RESP after which the same segment may be tried again: 8 is flow control. */
const passing = new Set([8]);

const states: Readonly<Record<string, ReceiptState>> = {
  DELIVRD: 'delivered', EXPIRED: 'expired', DELETED: 'failed', UNDELIV: 'failed', REJECTD: 'failed', ACCEPTD: 'under_way', UNKNOWN: 'under_way',
};
/** Other words are the failures of single centres: `MA:0054`, `DB:0141`, …; all of them say that it did not arrive. */
const stateOf = (word: string): ReceiptState => states[word] ?? 'failed';

const gb18030 = new TextDecoder('gb18030');
const textOf = (format: number, octets: Buffer): string => (format === 8 ? ofUcs2(octets) : format === 15 ? gb18030.decode(octets) : octets.toString('latin1'));

/** MMDDHHMMSS in China, where every gateway stands. */
const timestampOf = (now: number): string => new Date(now + 8 * 3_600_000).toISOString().replace(/\D/g, '').slice(4, 14);

const submitOf = ({ serviceId = '', source }: CmppOptions, id: string, { to, coding, octets, join }: Part): Buffer => submitBody({
  parts: join?.parts ?? 1, part: join?.part ?? 1, serviceId, source: id, sourceNumber: source, to, format: coding === 'ucs2' ? 8 : 0,
  header: join !== null, content: join ? Buffer.concat([joinHeader(join.reference, join.parts, join.part), octets]) : octets,
});

/**
 * CMPP 3.0 as a service provider, written from the published protocol. What is plain ASCII is sent as that (format 0), all else as UCS-2.
 * @param now of the timestamp in the connect frame, milliseconds since 1970
 */
export const cmppProtocol = (options: CmppOptions, now: () => number): Protocol => {
  const { hostname, port, username, password } = new URL(options.url);
  const [id, secret] = [decodeURIComponent(username), decodeURIComponent(password)];
  const timeoutMs = options.timeoutMs ?? 10_000;
  return {
    name: 'cmpp', ascii: true,
    dial: (ears) => new Promise<Line>((resolve, reject) => {
      const socket = connectTcp({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || 7890, noDelay: true });
      const asked = new Map<number, (found: { readonly answer?: Frame; readonly why: string }) => void>();
      const frames = createFrames();
      const join = createJoin(ears);
      let sequence = 0;
      let why = 'closed';
      let end = (_: string): void => {};
      const ended = new Promise<string>((done) => { end = done; });
      const drop = (code: string): void => { why = code; socket.destroy(); };

      /** Asks and waits; `answer` undefined where none came. */
      const ask = (command: number, body?: Buffer): Promise<{ readonly answer?: Frame; readonly why: string }> => new Promise((done) => {
        if (!socket.writable) return done({ why: 'unwritten' });
        const mine = sequence = sequence === 0x7fffffff ? 1 : sequence + 1;
        const finish = (found: { answer?: Frame; why: string }): void => { clearTimeout(timer); asked.delete(mine); done(found); };
        const timer = setTimeout(() => finish({ why: 'timeout' }), timeoutMs);
        asked.set(mine, finish);
        socket.write(frame(command, mine, body));
      });

      const receive = (one: Frame): void => {
        if (one.command >= 0x80000000) return asked.get(one.sequence)?.({ answer: one, why: '' });
        if (one.command === commands.activeTest) socket.write(frame(commands.activeTestAnswer, one.sequence, Buffer.alloc(1)));
        else if (one.command === commands.terminate) socket.end(frame(commands.terminateAnswer, one.sequence));
        else if (one.command === commands.deliver) {
          const found = readDeliver(one.body);
          const kept = found.what === 'report' ? ears.receipt({ peer: found.segment, state: stateOf(found.state), code: found.state })
            : join({ peer: found.id, from: found.from, to: found.to, text: textOf(found.format, found.content) }, joinOf(found.header));
          // 9: could not be taken; the gateway says it again.
          kept.then(() => socket.write(frame(commands.deliverAnswer, one.sequence, deliverAnswer(found.id, 0))),
            () => socket.write(frame(commands.deliverAnswer, one.sequence, deliverAnswer(found.id, 9))));
        }
      };

      const line: Line = {
        ended,
        async submit(part): Promise<PartOutcome> {
          const { answer, why: not } = await ask(commands.submit, submitOf(options, id, part));
          if (!answer) return not === 'unwritten' ? { state: 'later', error: 'cmpp_away' } : { state: 'unknown', error: `cmpp_${not}` };
          if (answer.command !== commands.submitAnswer || answer.body.length < 12) return { state: 'unknown', error: 'cmpp_not_an_answer' };
          const { id: peer, result } = readSubmitAnswer(answer.body);
          if (result === 0) return { state: 'sent', peer };
          return passing.has(result) ? { state: 'later', error: `cmpp_${result}`, afterMs: 1_000 } : { state: 'refused', error: `cmpp_${result}` };
        },
        ping: async () => (await ask(commands.activeTest)).answer !== undefined,
        close() {
          if (socket.destroyed) return;
          void ask(commands.terminate).then(() => socket.destroy());
          setTimeout(() => socket.destroy(), Math.min(timeoutMs, 1_000)).unref();
        },
      };

      const timer = setTimeout(() => drop('timeout'), timeoutMs);
      socket.on('error', (error: NodeJS.ErrnoException) => { why = (error.code ?? 'broken').toLowerCase(); });
      socket.on('close', () => { clearTimeout(timer); end(why); for (const finish of asked.values()) finish({ why }); reject(new DialError(why)); });
      socket.on('data', (bytes: Buffer) => {
        try {
          for (const one of frames(bytes)) receive(one);
        } catch {
          drop('malformed');
        }
      });
      socket.on('connect', () => {
        clearTimeout(timer);
        const timestamp = timestampOf(now());
        void ask(commands.connect, connectBody(id, secret, timestamp)).then(({ answer, why: not }) => {
          if (!answer) return drop(not);
          if (answer.command !== commands.connectAnswer || answer.body.length < 21) return drop('not_an_answer');
          const { status, authenticator: proof } = readConnectAnswer(answer.body);
          if (status !== 0) return drop(`connect_${status}`);
          // A gateway that does not know the secret is not ours.
          if (!timingSafeEqual(proof, gatewayAuthenticator(status, authenticator(id, secret, timestamp), secret))) return drop('gateway_unproven');
          return resolve(line);
        });
      });
    }),
  };
};
