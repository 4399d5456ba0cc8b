import { createHash } from 'node:crypto';

/**
 * Frames of CMPP 3.0 (中国移动互联网短信网关接口协议 V3.0). Numbers are big-endian; strings are ASCII, filled up with NUL on the
 * right. Only what a service provider (SP) and its gateway (ISMG) say to each other here.
 */
export const commands = {
  connect: 0x01, connectAnswer: 0x80000001, terminate: 0x02, terminateAnswer: 0x80000002, submit: 0x04, submitAnswer: 0x80000004,
  deliver: 0x05, deliverAnswer: 0x80000005, activeTest: 0x08, activeTestAnswer: 0x80000008,
} as const;

export interface Frame {
  readonly command: number;
  readonly sequence: number;
  readonly body: Buffer;
}

/** A peer sent what is no frame. */
export class FrameError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FrameError';
  }
}

const head = 12;
/** No frame of this protocol is longer: a submit of 100 numbers and 255 octets is under 4 KB. */
const longest = 4_096;

export const frame = (command: number, sequence: number, body: Buffer = Buffer.alloc(0)): Buffer => {
  const whole = Buffer.alloc(head + body.length);
  whole.writeUInt32BE(whole.length, 0);
  whole.writeUInt32BE(command, 4);
  whole.writeUInt32BE(sequence, 8);
  body.copy(whole, head);
  return whole;
};

/** Cuts a stream of bytes into frames; what is not whole yet waits. @throws FrameError */
export const createFrames = (): ((bytes: Buffer) => Frame[]) => {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const found: Frame[] = [];
    while (rest.length >= head) {
      const length = rest.readUInt32BE(0);
      if (length < head || length > longest) throw new FrameError(`a frame of ${length} bytes`);
      if (rest.length < length) break;
      found.push({ command: rest.readUInt32BE(4), sequence: rest.readUInt32BE(8), body: rest.subarray(head, length) });
      rest = rest.subarray(length);
    }
    return found;
  };
};

/** A string of a fixed width. */
const field = (text: string, width: number): Buffer => {
  const bytes = Buffer.alloc(width);
  bytes.write(text.slice(0, width), 'latin1');
  return bytes;
};
const byte = (value: number): Buffer => Buffer.from([value]);
const word = (value: number): Buffer => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(value); return bytes; };
/** A string of a fixed width, up to its first NUL. */
const read = (body: Buffer, from: number, width: number): string => body.subarray(from, from + width).toString('latin1').split('\0', 1)[0]!;

const md5 = (...parts: readonly Buffer[]): Buffer => createHash('md5').update(Buffer.concat(parts)).digest();

/** AuthenticatorSource: MD5 over the SP's id, nine NULs, the shared secret and the time as ten figures, MMDDHHMMSS. */
export const authenticator = (source: string, secret: string, timestamp: string): Buffer =>
  md5(Buffer.from(source, 'latin1'), Buffer.alloc(9), Buffer.from(secret, 'latin1'), Buffer.from(timestamp, 'latin1'));

/** AuthenticatorISMG: the gateway's proof that it knows the secret too. */
export const gatewayAuthenticator = (status: number, source: Buffer, secret: string): Buffer => md5(word(status), source, Buffer.from(secret, 'latin1'));

export const connectBody = (source: string, secret: string, timestamp: string): Buffer =>
  Buffer.concat([field(source, 6), authenticator(source, secret, timestamp), byte(0x30), word(Number(timestamp))]);

/** A segment as CMPP_SUBMIT has it. */
export interface Submit {
  readonly parts: number;
  readonly part: number;
  readonly serviceId: string;
  /** 企业代码, SP_Id. */
  readonly source: string;
  /** 接入号 with any extension. */
  readonly sourceNumber: string;
  readonly to: string;
  /** 0 ASCII, 8 UCS-2. */
  readonly format: 0 | 8;
  /** Header included where `header` says so. */
  readonly content: Buffer;
  readonly header: boolean;
}

export const submitBody = (one: Submit): Buffer => Buffer.concat([
  Buffer.alloc(8), Buffer.from([one.parts, one.part, 1, 1]), field(one.serviceId, 10),
  // The SP pays: nobody is charged for being told.
  byte(2), field('', 32), byte(0), byte(0), byte(one.header ? 1 : 0), byte(one.format), field(one.source, 6), field('01', 2), field('', 6),
  field('', 17), field('', 17), field(one.sourceNumber, 21), byte(1), field(one.to, 32), byte(0), byte(one.content.length), one.content, field('', 20),
]);

/** Msg_Id as people and receipts compare it: 16 hexadecimal figures. */
const idOf = (body: Buffer, from: number): string => body.subarray(from, from + 8).toString('hex');

/** @throws FrameError */
export const readConnectAnswer = (body: Buffer): { readonly status: number; readonly authenticator: Buffer } => {
  if (body.length < 21) throw new FrameError('a short answer to connect');
  return { status: body.readUInt32BE(0), authenticator: body.subarray(4, 20) };
};

/** @throws FrameError */
export const readSubmitAnswer = (body: Buffer): { readonly id: string; readonly result: number } => {
  if (body.length < 12) throw new FrameError('a short answer to submit');
  return { id: idOf(body, 0), result: body.readUInt32BE(8) };
};

/** What the gateway delivers: a text, or the report on a segment. */
export type Delivered =
  | { readonly what: 'text'; readonly id: string; readonly from: string; readonly to: string; readonly format: number; readonly header: Buffer; readonly content: Buffer }
  | { readonly what: 'report'; readonly id: string; readonly segment: string; readonly state: string };

/** @throws FrameError */
export const readDeliver = (body: Buffer): Delivered => {
  if (body.length < 77) throw new FrameError('a short delivery');
  const id = idOf(body, 0);
  const [hasHeader, format, registered, length] = [body[40] === 1, body[41]!, body[75]!, body[76]!];
  const content = body.subarray(77, 77 + length);
  if (content.length < length) throw new FrameError('a delivery shorter than it says');
  if (registered === 1) {
    if (content.length < 15) throw new FrameError('a short report');
    return { what: 'report', id, segment: idOf(content, 0), state: read(content, 8, 7) };
  }
  const headed = hasHeader && content.length > 0 ? Math.min(content.length, content[0]! + 1) : 0;
  return { what: 'text', id, from: read(body, 42, 32), to: read(body, 8, 21), format, header: content.subarray(0, headed), content: content.subarray(headed) };
};

export const deliverAnswer = (id: string, result: number): Buffer => Buffer.concat([Buffer.from(id, 'hex'), word(result)]);
