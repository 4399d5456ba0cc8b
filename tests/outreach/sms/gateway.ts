import { createHash } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** What a gateway read of a submit, at the places where the published table of CMPP 3.0 has each field. */
export interface Submitted {
  readonly sequence: number;
  readonly parts: number;
  readonly part: number;
  readonly serviceId: string;
  readonly udhi: number;
  readonly format: number;
  readonly source: string;
  readonly from: string;
  readonly to: string;
  readonly content: Buffer;
}

/** The smallest gateway (ISMG) of CMPP 3.0, made for tests from the protocol's tables and from nothing of ours. */
export interface Ismg {
  readonly url: string;
  readonly got: Submitted[];
  answer: (socket: Socket, submit: Submitted, id: Buffer) => void;
  /** Whether it proves that it knows the secret. */
  honest: boolean;
  tests: number;
  /** Delivers a text, or a report; resolves with the result of the answer. */
  deliver(fields: { id: string; from: string; content: Buffer; format?: number; report?: boolean; udhi?: number }): Promise<number>;
  write(bytes: Buffer): void;
  close(): Promise<void>;
}

const secret = 'gate-secret';
const md5 = (...parts: Buffer[]): Buffer => createHash('md5').update(Buffer.concat(parts)).digest();
const text = (bytes: Buffer, from: number, width: number): string => bytes.toString('latin1', from, from + width).replace(/\0.*$/s, '');
const pack = (command: number, sequence: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(12);
  head.writeUInt32BE(12 + body.length, 0); head.writeUInt32BE(command, 4); head.writeUInt32BE(sequence, 8);
  return Buffer.concat([head, body]);
};
const four = (value: number): Buffer => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(value); return bytes; };
const fixed = (value: string, width: number): Buffer => { const bytes = Buffer.alloc(width); bytes.write(value, 'latin1'); return bytes; };

export const answerSubmit = (socket: Socket, { sequence }: Submitted, id: Buffer, result = 0): void => { socket.write(pack(0x80000004, sequence, id, four(result))); };

/** Report on a segment, 71 octets: Msg_Id, Stat, Submit_time, Done_time, Dest_terminal_Id, SMSC_sequence. */
export const report = (segment: string, state: string): Buffer =>
  Buffer.concat([Buffer.from(segment, 'hex'), fixed(state, 7), fixed('2611240900', 10), fixed('2611240901', 10), fixed('13900002046', 32), four(7)]);

export const cmppGateway = async (): Promise<Ismg> => {
  const sockets = new Set<Socket>();
  const waits = new Map<number, (result: number) => void>();
  let current: Socket | undefined;
  let next = 0;
  const made: Ismg = {
    url: '', got: [], answer: (socket, submit, id) => answerSubmit(socket, submit, id), honest: true, tests: 0,
    deliver: ({ id, from, content, format = 0, report: isReport = false, udhi = 0 }) => new Promise((resolve) => {
      waits.set(++next, resolve);
      current!.write(pack(5, next, Buffer.from(id, 'hex'), fixed('10690281', 21), fixed('', 10), Buffer.from([0, udhi, format]), fixed(from, 32), Buffer.from([0, isReport ? 1 : 0, content.length]), content, fixed('', 20)));
    }),
    write: (bytes) => { current!.write(bytes); },
    close: () => new Promise((resolve) => { for (const socket of sockets) socket.destroy(); server.close(() => resolve()); }),
  };
  const frame = (socket: Socket, whole: Buffer): void => {
    const [command, sequence, body] = [whole.readUInt32BE(4), whole.readUInt32BE(8), whole.subarray(12)];
    if (command === 1) {
      const [who, proof, version, stamp] = [text(body, 0, 6), body.subarray(6, 22), body[22], String(body.readUInt32BE(23)).padStart(10, '0')];
      const right = version === 0x30 && proof.equals(md5(fixed(who, who.length), Buffer.alloc(9), Buffer.from(secret), Buffer.from(stamp)));
      const status = right ? 0 : 3;
      socket.write(pack(0x80000001, sequence, four(status), md5(four(status), proof, Buffer.from(made.honest ? secret : 'another')), Buffer.from([0x30])));
      if (right) current = socket;
    } else if (command === 8) { made.tests++; socket.write(pack(0x80000008, sequence, Buffer.alloc(1))); }
    else if (command === 2) socket.end(pack(0x80000002, sequence));
    else if (command === 0x80000005) waits.get(sequence)?.(body.readUInt32BE(8));
    else if (command === 4) {
      const length = body[8 + 4 + 10 + 1 + 32 + 1 + 3 + 6 + 2 + 6 + 17 + 17 + 21 + 1 + 32 + 1]!;
      const at = 8 + 4 + 10 + 1 + 32 + 1 + 3 + 6 + 2 + 6 + 17 + 17 + 21 + 1 + 32 + 1 + 1;
      const submit: Submitted = {
        sequence, parts: body[8]!, part: body[9]!, serviceId: text(body, 12, 10), udhi: body[57]!, format: body[58]!, source: text(body, 59, 6), from: text(body, 107, 21), to: text(body, 129, 32),
        content: body.subarray(at, at + length),
      };
      if (body.length !== at + length + 20) throw new Error(`a submit of ${body.length} octets that should have ${at + length + 20}`);
      made.got.push(submit);
      const id = Buffer.alloc(8);
      id.writeUInt32BE(++next, 4);
      made.answer(socket, submit, id);
    }
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let rest = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      while (rest.length >= 12 && rest.length >= rest.readUInt32BE(0)) {
        const length = rest.readUInt32BE(0);
        frame(socket, rest.subarray(0, length));
        rest = rest.subarray(length);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(made, { url: `cmpp://901234:${secret}@127.0.0.1:${(server.address() as AddressInfo).port}` });
};
