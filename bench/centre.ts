import { createHash } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A short message centre that takes whatever it is given at once, so that only its client is measured. */
export interface Centre {
  readonly port: number;
  /** Segments that it has taken. */
  taken(): number;
  close(): Promise<void>;
}

/** How one protocol's frames begin, and what is said to each. */
interface Speech {
  readonly head: number;
  answer(frame: Buffer): { readonly bytes?: Buffer; readonly took?: boolean };
}

let next = 0;

/** SMPP 3.4: length, command, status, sequence; every request is answered by its command with the top bit set. */
const smpp: Speech = {
  head: 16,
  answer(frame) {
    const command = frame.readUInt32BE(4);
    const body = command === 0x04 ? `${(++next).toString(16)}\0` : command === 0x09 ? 'bench\0' : '';
    const bytes = Buffer.alloc(16 + body.length);
    bytes.writeUInt32BE(bytes.length, 0);
    bytes.writeUInt32BE((command | 0x80000000) >>> 0, 4);
    bytes.writeUInt32BE(frame.readUInt32BE(12), 12);
    bytes.write(body, 16, 'latin1');
    return { bytes, took: command === 0x04 };
  },
};

/** CMPP 3.0: length, command, sequence. A connect is answered with a proof of the shared secret, whatever it proves itself. */
const cmpp = (secret: string): Speech => ({
  head: 12,
  answer(frame) {
    const command = frame.readUInt32BE(4);
    const body = command === 0x01
      ? Buffer.concat([Buffer.alloc(4), createHash('md5').update(Buffer.concat([Buffer.alloc(4), frame.subarray(18, 34), Buffer.from(secret)])).digest(), Buffer.from([0x30])])
      : Buffer.alloc(command === 0x04 ? 12 : command === 0x08 ? 1 : 0);
    if (command === 0x04) body.writeUInt32BE(++next, 4);
    const bytes = Buffer.alloc(12 + body.length);
    bytes.writeUInt32BE(bytes.length, 0);
    bytes.writeUInt32BE((command | 0x80000000) >>> 0, 4);
    bytes.writeUInt32BE(frame.readUInt32BE(8), 8);
    body.copy(bytes, 12);
    return { bytes, took: command === 0x04 };
  },
});

/** Opens a centre on a port of its own. @param secret of CMPP */
export const openCentre = async (protocol: 'smpp' | 'cmpp', secret: string): Promise<Centre> => {
  const speech = protocol === 'smpp' ? smpp : cmpp(secret);
  const sockets = new Set<Socket>();
  let taken = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      const answers: Buffer[] = [];
      let at = 0;
      while (rest.length - at >= speech.head && rest.length - at >= rest.readUInt32BE(at)) {
        const { bytes: said, took } = speech.answer(rest.subarray(at, at + rest.readUInt32BE(at)));
        at += rest.readUInt32BE(at);
        if (took) taken++;
        if (said) answers.push(said);
      }
      rest = rest.subarray(at);
      if (answers.length > 0) socket.write(Buffer.concat(answers));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port, taken: () => taken,
    close: () => new Promise((resolve) => { for (const socket of sockets) socket.destroy(); server.close(() => resolve()); }),
  };
};
