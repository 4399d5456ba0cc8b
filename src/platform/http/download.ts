import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/**
 * Sends a file as it is made: the next piece is asked for when the reader has taken the one before. A reader who leaves ends
 * the making (`return` of the generator, so that its `finally` runs). The route then answers undefined.
 * @param file name that the reader's machine keeps it under, in any script
 */
export const sendDownload = (reply: FastifyReply, { type, file }: { readonly type: string; readonly file: string }, pieces: AsyncIterable<Uint8Array>): void => {
  const plain = file.replace(/[^\w.-]+/gu, '-');
  void reply.type(type)
    .header('content-disposition', `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(file)}`)
    .header('cache-control', 'no-store')
    .send(Readable.from(pieces, { objectMode: false, highWaterMark: 1 << 16 }));
};
