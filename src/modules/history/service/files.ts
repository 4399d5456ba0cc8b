import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { once } from 'node:events';
import type { Digest } from '../../../base/ids.ts';
import { isRefusal } from '../../../base/result.ts';
import type { LongTable, Pieces } from '../../../platform/tables/table.ts';
import type { World } from '../../../platform/world.ts';
import type { Hear } from './reading.ts';

/** A row with something wrong, as it is kept: codes that are said in the reader's language. */
export interface Fault {
  readonly line: number;
  readonly column: string;
  readonly value: string;
  readonly rule: string;
  readonly level: 'refused' | 'noticed';
}

/** A file out of the pieces that it came in, of which one is in memory. @throws while reading, where a piece is gone */
export const fileOf = ({ blobs }: Pick<World, 'blobs'>, name: string, pieces: readonly string[], size: number): LongTable => ({
  name, size,
  async *read() {
    for (const piece of pieces) {
      const part = await blobs.get(piece as Digest);
      if (!part) throw new Error(`a piece of an imported file is gone: ${piece}`);
      yield part;
    }
  },
});

/** SHA-256 of a file, in hex. */
export const digestOf = async (file: Pieces): Promise<string> => {
  const hash = createHash('sha256');
  for await (const part of file.read()) hash.update(part);
  return hash.digest('hex');
};

/** Keeps every fault as it is found, line by line; no more of them than a pipe holds is in memory. */
export const keepFaults = ({ blobs }: Pick<World, 'blobs'>) => {
  const pipe = new PassThrough();
  const kept = blobs.put(pipe);
  kept.catch(() => {});
  let count = 0;
  const hear: Hear = (problems, titleOf) => {
    for (const { line, field, value, rule, level } of problems) {
      count++;
      pipe.write(`${JSON.stringify({ line, column: titleOf(field), value, rule, level } satisfies Fault)}\n`);
    }
  };
  return {
    hear,
    /** Waits until what was heard has gone on. */
    async settle(): Promise<void> {
      if (pipe.writableNeedDrain) await once(pipe, 'drain');
    },
    /** Ends it. @returns where it is kept; null where nothing was wrong. @throws where the disk is full */
    async end(): Promise<string | null> {
      pipe.end();
      const digest = await kept;
      if (isRefusal(digest)) throw new Error(`faults of an import cannot be kept: ${digest.reason}`);
      if (count > 0) return digest;
      await blobs.delete(digest);
      return null;
    },
  };
};

/** Reads kept faults back, some at a time. */
export async function* readFaults({ blobs }: Pick<World, 'blobs'>, digest: string): AsyncGenerator<readonly Fault[]> {
  const found = await blobs.stream(digest as Digest);
  if (!found) return;
  let rest = '';
  found.body.setEncoding('utf8');
  for await (const piece of found.body as AsyncIterable<string>) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    if (lines.length > 0) yield lines.map((line) => JSON.parse(line) as Fault);
  }
}
