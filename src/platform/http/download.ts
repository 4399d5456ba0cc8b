import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyReply } from 'fastify';

/** Sends pieces as they are made. What breaks in the middle breaks the connection off, so that nobody takes a part for the whole. */
const sendPieces = (reply: FastifyReply, headers: Readonly<Record<string, string>>, pieces: AsyncIterable<Uint8Array | string>): void => {
  reply.hijack();
  reply.raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), 'cache-control': 'no-store', ...headers });
  pipeline(Readable.from(pieces, { objectMode: false, highWaterMark: 1 << 16 }), reply.raw).catch((error: unknown) => {
    if ((error as { code?: string }).code !== 'ERR_STREAM_PREMATURE_CLOSE') reply.log.error({ err: error }, 'an answer broke off while it was being made');
  });
};

/**
 * Sends a file as it is made: the next piece is asked for when the reader has taken the one before. A reader who leaves ends
 * the making (`return` of the generator, so that its `finally` runs). The route then answers undefined.
 * @param file name that the reader's machine keeps it under, in any script
 */
export const sendDownload = (reply: FastifyReply, { type, file }: { readonly type: string; readonly file: string }, pieces: AsyncIterable<Uint8Array>): void =>
  sendPieces(reply, { 'content-type': type, 'content-disposition': `attachment; filename="${file.replace(/[^\w.-]+/gu, '-')}"; filename*=UTF-8''${encodeURIComponent(file)}` }, pieces);

/** Sends values as they come, one line of JSON each. A reader who leaves ends their making. The route then answers undefined. */
export const sendLines = (reply: FastifyReply, values: AsyncIterable<unknown>): void => {
  const lines = async function* (): AsyncGenerator<string> {
    for await (const value of values) yield `${JSON.stringify(value)}\n`;
  };
  sendPieces(reply, { 'content-type': 'application/x-ndjson', 'x-accel-buffering': 'no' }, lines());
};
