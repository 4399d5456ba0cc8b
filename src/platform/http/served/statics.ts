import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { newNonce } from '../mount.ts';
import { pagePolicy } from '../security.ts';

/** Stands in a built index.html wherever an answer's nonce belongs. */
const nonceMark = /__CSP_NONCE__/g;
/** A file whose name carries a digest of what is in it never changes. */
const named = /^assets\/.*-[\w-]{8,}\.\w+$/;

/**
 * Serves the built web ends, `{folder}/{end}` under `/{end}/`: files with a digest in their name for a year, all others checked
 * each time. An address under an end that names no file gets its index.html, which finds its own way.
 * @returns the ends that are there.
 */
export const serveEnds = async (app: FastifyInstance, folder: string, ends: readonly string[]): Promise<readonly string[]> => {
  const present = ends.filter((end) => existsSync(join(folder, end, 'index.html')));
  if (present.length === 0) return present;
  await app.register(fastifyStatic, { root: folder, serve: false, cacheControl: false });
  for (const end of present) {
    const root = join(folder, end);
    const path = join(root, 'index.html');
    let index = { text: '', at: 0 };
    /** Read again when the file was built anew, so that a running server never serves a page whose files are gone. */
    const indexText = (): string => {
      const at = statSync(path).mtimeMs;
      if (at !== index.at) index = { text: readFileSync(path, 'utf8'), at };
      return index.text;
    };
    app.get(`/${end}`, (_request, reply) => reply.redirect(`/${end}/`, 308));
    app.get<{ Params: { '*': string } }>(`/${end}/*`, (request, reply) => {
      const file = request.params['*'];
      if (/\.\w+$/.test(file) && file !== 'index.html')
        return reply
          .headers({
            'cache-control': named.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache',
            // A worker is ruled by the policy of its own file; maplibre makes workers of blobs.
            'content-security-policy': "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; frame-ancestors 'none'",
          })
          .sendFile(file, root);
      const nonce = newNonce();
      return reply
        .headers({ 'content-security-policy': pagePolicy(nonce), 'cache-control': 'no-cache' })
        .type('text/html; charset=utf-8')
        .send(indexText().replace(nonceMark, nonce));
    });
  }
  return present;
};
