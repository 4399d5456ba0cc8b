import type { FastifyReply, FastifyRequest } from 'fastify';

/** A stream of server-sent events to one listener. */
export interface EventStream {
  /**
   * Writes frames that are already in the form of text/event-stream, each ended by an empty line; the same bytes may go to
   * thousands of listeners. False when the listener was too slow and has been dropped: it comes back with Last-Event-ID.
   */
  write(frames: string | Buffer): boolean;
  /** Ends the stream; the listener reconnects after its retry time. */
  close(): void;
  /** Aborted when the stream has ended, whoever ended it: the listener, its slowness, the server's stopping. */
  readonly ended: AbortSignal;
}

/** One event as a frame. `data` is one line, as JSON is. */
export const frame = (event: { readonly id?: string; readonly event?: string; readonly data: string }): string =>
  `${event.id === undefined ? '' : `id: ${event.id}\n`}${event.event === undefined ? '' : `event: ${event.event}\n`}data: ${event.data}\n\n`;

/** Bytes that may wait for a slow listener before it is dropped. */
const mostWaiting = 1_048_576;
const beatMs = 20_000;

const beating = new Set<EventStream>();
let beat: NodeJS.Timeout | undefined;

/** One timer for all streams: a comment line keeps proxies from taking silence for an end. */
const keepBeating = (stream: EventStream): void => {
  beating.add(stream);
  beat ??= setInterval(() => {
    for (const each of beating) each.write(': \n\n');
  }, beatMs).unref();
  stream.ended.addEventListener('abort', () => {
    beating.delete(stream);
    if (beating.size === 0) {
      clearInterval(beat);
      beat = undefined;
    }
  }, { once: true });
};

/**
 * Turns an answer into a stream of server-sent events. From here on the answer is the stream's: the route answers undefined.
 * Ends with the server's draining.
 */
export const openStream = (request: FastifyRequest, reply: FastifyReply): EventStream => {
  const over = new AbortController();
  reply.hijack();
  const { raw } = reply;
  // The connection ends with the stream, so that a stopping server need not wait for it.
  raw.shouldKeepAlive = false;
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no',
  });
  raw.write('retry: 2000\n\n');
  raw.socket?.setNoDelay(true);
  raw.socket?.setTimeout(0);
  const end = (): void => {
    if (!over.signal.aborted) over.abort();
  };
  const stream: EventStream = {
    ended: over.signal,
    close() {
      end();
      raw.end();
    },
    write(frames) {
      if (over.signal.aborted) return false;
      if (raw.writableLength > mostWaiting) {
        end();
        raw.destroy();
        return false;
      }
      raw.write(frames);
      return true;
    },
  };
  raw.on('close', end);
  raw.on('error', end);
  const { closing } = request.server;
  if (closing.aborted) stream.close();
  else {
    const stop = (): void => stream.close();
    closing.addEventListener('abort', stop, { once: true });
    over.signal.addEventListener('abort', () => closing.removeEventListener('abort', stop), { once: true });
    keepBeating(stream);
  }
  return stream;
};
