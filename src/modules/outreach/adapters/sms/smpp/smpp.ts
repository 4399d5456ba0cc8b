import smpp, { type Pdu, type Session } from 'smpp';
import { DialError, type Ears, type Line, type Part, type PartOutcome, type Protocol, type Receipt, type ReceiptState } from '../line.ts';
import { joinHeader, joinOf, ofSeptets } from '../text.ts';
import { createJoin, type Join } from '../join.ts';

/** A short message centre that speaks SMPP 3.4. */
export interface SmppOptions {
  /** `smpp://system_id:password@host:2775`, or `smpps://` for TLS. */
  readonly url: string;
  /** Sender that phones see: a number or a short code, or up to 11 letters. */
  readonly source: string;
  readonly systemType?: string;
  /** How a long message is joined: header in the text, `sar_…` parameters, or whole in `message_payload`. */
  readonly long?: 'udh' | 'sar' | 'payload';
  /** Country code before mobile numbers, without +; empty for none. */
  readonly prefix?: string;
  /** The centre's ids are hexadecimal where it takes a message and decimal where it reports, as some do. */
  readonly decimalReceipts?: boolean;
  /** Milliseconds that an answer may take; 10,000 where absent. */
  readonly timeoutMs?: number;
}

/** Statuses of SMPP 3.4 (5.1.3) after which the same segment may be tried again: system error, queue full, submit failed, throttled, temporary. */
const passing = new Set([0x08, 0x14, 0x45, 0x58, 0x64]);
const hex = (status: number): string => status.toString(16).padStart(2, '0');

/** `message_state` (5.2.28) and the words of the receipt's text (appendix B). */
const states: Readonly<Record<string, ReceiptState>> = {
  2: 'delivered', DELIVRD: 'delivered', 3: 'expired', EXPIRED: 'expired', 4: 'failed', DELETED: 'failed', 5: 'failed', UNDELIV: 'failed',
  8: 'failed', REJECTD: 'failed', 1: 'under_way', ENROUTE: 'under_way', 6: 'under_way', ACCEPTD: 'under_way', 7: 'under_way', UNKNOWN: 'under_way',
};

const textOf = ({ data_coding: coding = 0, short_message: short, message_payload: payload }: Pdu): string => {
  const message = (short?.message.length ? short : payload)?.message ?? '';
  if (typeof message === 'string') return message;
  return coding === 0 ? ofSeptets(message) : Buffer.from(message).toString('latin1');
};

/** Reads a delivery receipt (4.6.1, appendix B): by its parameters where it has them, else by its text. */
export const receiptOf = (pdu: Pdu, decimal: boolean): Receipt | undefined => {
  const text = textOf(pdu);
  const said = (name: string): string | undefined => new RegExp(`\\b${name}:(\\S+)`, 'i').exec(text)?.[1];
  const id = pdu.receipted_message_id ?? said('id');
  if (id === undefined) return undefined;
  const word = said('stat')?.toUpperCase() ?? String(pdu.message_state ?? 7);
  const error = said('err');
  const peer = decimal && /^\d+$/.test(id) ? BigInt(id).toString(16) : id;
  return { peer, state: states[pdu.message_state ?? ''] ?? states[word] ?? 'under_way', code: [word, error].filter((one) => one && !/^0+$/.test(one)).join(' ').slice(0, 40) };
};

/** Header of a segment that came in, joined as the library has taken it apart. */
const joinIn = (pdu: Pdu): { readonly reference: number; readonly parts: number; readonly part: number } | undefined => {
  if (pdu.sar_msg_ref_num !== undefined && pdu.sar_total_segments !== undefined && pdu.sar_segment_seqnum !== undefined)
    return { reference: pdu.sar_msg_ref_num, parts: pdu.sar_total_segments, part: pdu.sar_segment_seqnum };
  const header = pdu.short_message?.udh;
  if (!header) return undefined;
  const whole = Buffer.concat(Array.isArray(header) ? header as readonly Uint8Array[] : [header as Uint8Array]);
  return joinOf(Buffer.concat([Buffer.from([whole.length]), whole]));
};

/** A sender as SMPP types it: letters (5), a short code or national number (0, 1), or an international number (1, 1). */
const typed = (address: string): { readonly ton: number; readonly npi: number } =>
  /^\+?\d{11,}$/.test(address) ? { ton: 1, npi: 1 } : /^\d+$/.test(address) ? { ton: 0, npi: 1 } : { ton: 5, npi: 0 };

const submitted = ({ source, long = 'udh', prefix = '' }: SmppOptions, { to, coding, octets, join }: Part): Readonly<Record<string, unknown>> => {
  const from = typed(source);
  const message = join && long === 'udh' ? { udh: joinHeader(join.reference, join.parts, join.part), message: octets } : { message: octets };
  return {
    source_addr_ton: from.ton, source_addr_npi: from.npi, source_addr: source, dest_addr_ton: prefix ? 1 : 0, dest_addr_npi: 1, destination_addr: `${prefix}${to}`,
    data_coding: coding === 'ucs2' ? 8 : 0, registered_delivery: 1,
    ...(octets.length > 160 ? { short_message: { message: Buffer.alloc(0) }, message_payload: { message: octets } } : { short_message: message }),
    ...(join && long === 'sar' && { sar_msg_ref_num: join.reference, sar_total_segments: join.parts, sar_segment_seqnum: join.part }),
  };
};

/** What waits for an answer on a connection: told why when it ends. */
interface Asked {
  readonly open: Set<(why: string) => void>;
}

/** SMPP 3.4 as an ESME bound as transceiver (issue 1.2, SMPP Developers Forum), on the package `smpp`. */
export const smppProtocol = (options: SmppOptions): Protocol => {
  const { protocol, hostname, port, username, password } = new URL(options.url);
  const tls = protocol === 'smpps:';
  const timeoutMs = options.timeoutMs ?? 10_000;

  /** Asks and waits. `written` false: nothing reached the connection. */
  const ask = (session: Session, command: 'bind_transceiver' | 'submit_sm' | 'enquire_link' | 'unbind', body: Readonly<Record<string, unknown>>, asked: Asked): Promise<{ readonly pdu?: Pdu; readonly why: string }> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => done({ why: 'timeout' }), timeoutMs);
      const done = (answer: { pdu?: Pdu; why: string }): void => { clearTimeout(timer); asked.open.delete(gone); resolve(answer); };
      const gone = (why: string): void => done({ why });
      asked.open.add(gone);
      if (!session[command](body, (pdu) => done({ pdu, why: '' }))) done({ why: 'unwritten' });
    });

  /** Answers what the centre sends, after it was kept. */
  const receive = (session: Session, ears: Ears, join: Join): void => {
    session.on('enquire_link', (pdu: Pdu) => session.send(pdu.response()));
    session.on('unbind', (pdu: Pdu) => { session.send(pdu.response()); session.close(); });
    session.on('deliver_sm', (pdu: Pdu) => {
      const isReceipt = ((pdu.esm_class ?? 0) & 0x3c) === 0x04 || pdu.receipted_message_id !== undefined;
      const receipt = isReceipt ? receiptOf(pdu, options.decimalReceipts === true) : undefined;
      const kept = receipt ? ears.receipt(receipt)
        : isReceipt ? Promise.resolve()
          : join({ peer: null, from: pdu.source_addr ?? '', to: pdu.destination_addr ?? '', text: textOf(pdu) }, joinIn(pdu));
      kept.then(() => session.send(pdu.response()), () => session.send(pdu.response({ command_status: 0x08 })));
    });
    session.on('unknown', (pdu: Pdu) => session.send(pdu.response()));
  };

  return {
    name: 'smpp', whole: options.long === 'payload',
    async dial(ears) {
      const session = smpp.connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (tls ? 3550 : 2775), tls, ...(tls && { servername: hostname }) });
      let why = 'closed';
      const ended = new Promise<string>((resolve) => {
        session.on('error', (error: NodeJS.ErrnoException) => { why = (error.code ?? 'malformed').toLowerCase(); session.destroy(); });
        session.on('close', () => resolve(why));
      });
      const connected = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => { why = 'timeout'; session.destroy(); }, timeoutMs);
        session.once(tls ? 'secureConnect' : 'connect', () => { clearTimeout(timer); resolve(true); });
        void ended.then(() => { clearTimeout(timer); resolve(false); });
      });
      if (!connected) throw new DialError(why);
      const asked: Asked = { open: new Set() };
      void ended.then((code) => { for (const gone of asked.open) gone(code); });
      session.socket.setNoDelay(true);
      receive(session, ears, createJoin(ears));
      const bound = await ask(session, 'bind_transceiver', {
        system_id: decodeURIComponent(username), password: decodeURIComponent(password), system_type: options.systemType ?? '', interface_version: 0x34,
      }, asked);
      if (bound.pdu?.command !== 'bind_transceiver_resp' || bound.pdu.command_status !== 0) {
        session.destroy();
        throw new DialError(bound.pdu ? `bind_${hex(bound.pdu.command_status)}` : bound.why);
      }
      const line: Line = {
        ended,
        async submit(part): Promise<PartOutcome> {
          const { pdu, why: not } = await ask(session, 'submit_sm', submitted(options, part), asked);
          if (!pdu) return not === 'unwritten' ? { state: 'later', error: 'smpp_away' } : { state: 'unknown', error: `smpp_${not}` };
          if (pdu.command !== 'submit_sm_resp' && pdu.command !== 'generic_nack') return { state: 'unknown', error: 'smpp_not_an_answer' };
          if (pdu.command_status === 0 && pdu.command === 'submit_sm_resp')
            return pdu.message_id ? { state: 'sent', peer: pdu.message_id.slice(0, 200) } : { state: 'unknown', error: 'smpp_no_id' };
          const error = `smpp_${hex(pdu.command_status)}`;
          return passing.has(pdu.command_status) ? { state: 'later', error, ...(pdu.command_status === 0x58 && { afterMs: 1_000 }) } : { state: 'refused', error };
        },
        ping: async () => (await ask(session, 'enquire_link', {}, asked)).pdu !== undefined,
        close() {
          if (session.socket.destroyed) return;
          session.unbind({}, () => session.close());
          setTimeout(() => session.destroy(), Math.min(timeoutMs, 1_000)).unref();
        },
      };
      return line;
    },
  };
};
