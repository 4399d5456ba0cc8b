import { connect, type Socket } from 'node:net';

/** Listeners at many open streams, in a process of their own: notes when each event came in at each of them. */
const [port, count, headers] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4] ?? ''];

/** When an event came in, by what tells it apart: its seq, or the time that the bare loop wrote into it. */
const seen = new Map<number, number[]>();
const sockets: Socket[] = [];

const take = (chunk: Buffer): void => {
  const at = Date.now();
  const text = chunk.toString('latin1');
  for (let from = 0; ;) {
    const ours = text.indexOf('\nevent: entry', from);
    const bare = ours < 0 ? text.indexOf('data: 1', from) : -1;
    if (ours < 0 && bare < 0) return;
    const key = ours >= 0 ? Number(text.slice(text.lastIndexOf(':', ours) + 1, ours)) : Number(text.slice(bare + 6, bare + 19));
    let list = seen.get(key);
    if (!list) seen.set(key, (list = []));
    list.push(at);
    from = (ours >= 0 ? ours : bare) + 10;
  }
};

const open = (): Promise<void> => new Promise((resolve, reject) => {
  const socket = connect({ port, host: '127.0.0.1' });
  let begun = false;
  socket.on('error', reject);
  socket.on('connect', () => socket.write(`GET /api/live HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\n${headers}\r\n`));
  socket.on('data', (chunk: Buffer) => {
    if (!begun) {
      begun = true;
      const status = chunk.toString('latin1', 9, 12);
      if (status === '200') resolve();
      else reject(new Error(`a stream was answered ${status}`));
    }
    take(chunk);
  });
  sockets.push(socket);
});

while (sockets.length < count) await Promise.all(Array.from({ length: Math.min(50, count - sockets.length) }, open));
process.send?.({ open: sockets.filter((socket) => !socket.destroyed).length });
process.on('message', () => {
  process.send?.({ open: sockets.filter((socket) => !socket.destroyed).length, seen: [...seen] }, () => process.exit(0));
});
