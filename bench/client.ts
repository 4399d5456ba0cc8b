import { connect, type Socket } from 'node:net';

/** What a connection was answered. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * One keep-alive connection that speaks just enough HTTP/1.1: a bench on two cores must not measure its own client.
 * One request at a time.
 */
export class Connection {
  readonly #socket: Socket;
  #buffer: Buffer = Buffer.alloc(0);
  #waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    const fail = (error?: Error): void => { this.#waiting?.reject(error ?? new Error('connection closed')); this.#waiting = undefined; };
    socket.on('error', fail);
    socket.on('close', () => fail());
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => { socket.off('error', reject); resolve(new Connection(socket)); });
    });
  }

  request(method: string, path: string, headers: string, body = ''): Promise<Answer> {
    const length = body === '' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(`${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}${length}\r\n${body}`);
    });
  }

  #take(chunk: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    const end = this.#buffer.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#buffer.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (this.#buffer.length < end + 4 + length) return;
    const answer = { status: Number(head.slice(9, 12)), body: this.#buffer.toString('utf8', end + 4, end + 4 + length) };
    this.#buffer = this.#buffer.subarray(end + 4 + length);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(answer);
  }

  close(): void {
    this.#socket.destroy();
  }
}

/**
 * Keeps `connections` busy with `work` for a time. @returns calls a second, and milliseconds of each call
 */
export const drive = async (port: number, connections: number, seconds: number, work: (connection: Connection, n: number) => Promise<void>): Promise<{ perSecond: number; ms: number[] }> => {
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  const ms: number[] = [];
  let n = 0;
  const begin = performance.now();
  const until = begin + seconds * 1_000;
  await Promise.all(open.map(async (connection) => {
    while (performance.now() < until) {
      const start = performance.now();
      await work(connection, n++);
      ms.push(performance.now() - start);
    }
  }));
  const took = (performance.now() - begin) / 1_000;
  for (const connection of open) connection.close();
  return { perSecond: ms.length / took, ms };
};

/** What came of work that was offered at a steady rate. */
export interface Paced {
  /** Milliseconds from when each piece was due, its waiting for a free connection included. */
  readonly ms: number[];
  readonly failures: string[];
}

/**
 * Offers `work` at a rate, whether or not earlier work has ended: what waits for a connection waits on the clock. Resolves
 * when all that was offered has ended.
 */
export const pace = async (open: readonly Connection[], perSecond: number, seconds: number, work: (connection: Connection, n: number) => Promise<void>): Promise<Paced> => {
  const free = [...open];
  const waiting: { due: number; n: number }[] = [];
  const ms: number[] = [];
  const failures: string[] = [];
  let left = Math.round(perSecond * seconds);
  let done: () => void = () => {};
  const ended = new Promise<void>((resolve) => { done = resolve; });
  const next = (connection: Connection): void => {
    const piece = waiting.shift();
    if (!piece) {
      free.push(connection);
      return;
    }
    void work(connection, piece.n).then(() => ms.push(performance.now() - piece.due), (error: Error) => failures.push(error.message)).then(() => {
      next(connection);
      if (--left === 0) done();
    });
  };
  const total = left;
  const begin = performance.now();
  for (let n = 0; n < total;) {
    const due = Math.min(total, Math.floor((performance.now() - begin) * perSecond / 1_000) + 1);
    while (n < due) waiting.push({ due: begin + n * 1_000 / perSecond, n: n++ });
    while (free.length > 0 && waiting.length > 0) next(free.pop()!);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  if (total > 0) await ended;
  return { ms, failures };
};

/** Opens connections, a hundred at a time. */
export const openConnections = async (port: number, count: number): Promise<Connection[]> => {
  const open: Connection[] = [];
  while (open.length < count) open.push(...await Promise.all(Array.from({ length: Math.min(100, count - open.length) }, () => Connection.open(port))));
  return open;
};
