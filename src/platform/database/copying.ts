import { once } from 'node:events';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** A value as COPY's text format has it. */
export const copyCell = (value: string | number | null | undefined): string => {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'number') return String(value);
  return /[\\\t\n\r]/u.test(value) ? value.replace(/\\/gu, '\\\\').replace(/\t/gu, '\\t').replace(/\n/gu, '\\n').replace(/\r/gu, '\\r') : value;
};

/** Bytes, or the UTF-8 of a text, as COPY's text format has a bytea. */
export const copyBytes = (bytes: Uint8Array | string): string => `\\\\x${Buffer.from(bytes as string).toString('hex')}`;

/** Rows on their way into a table, on a connection with a transaction of its own. */
export interface Copying {
  /** Lines in COPY's text format, each with its line end, one or some at a time. */
  write(lines: string | Iterable<string>): Promise<void>;
  /** Portions of such lines that `portionsOf` made. */
  give(portions: Iterable<Uint8Array>): Promise<void>;
  end(): Promise<void>;
}

/** Bytes that are handed on at once. */
const portion = 1 << 17;
const utf8 = new TextEncoder();

/** UTF-8 of lines in portions. One long text put together from many takes ten times as long to encode. */
export const portionsOf = function* (lines: Iterable<string>): Generator<Uint8Array> {
  let bytes = new Uint8Array(portion);
  let at = 0;
  for (const line of lines) {
    // No UTF-16 unit takes more than three bytes.
    const most = line.length * 3;
    if (at + most > bytes.length) {
      if (at > 0) yield bytes.subarray(0, at);
      bytes = new Uint8Array(Math.max(portion, most));
      at = 0;
    }
    at += utf8.encodeInto(line, at === 0 ? bytes : bytes.subarray(at)).written;
  }
  if (at > 0) yield bytes.subarray(0, at);
};

/** Begins a COPY. @param into table and columns: `matter (county, id)` */
export const openCopy = (client: pg.PoolClient, into: string): Copying => {
  const stream = client.query(copyFrom(`copy ${into} from stdin`));
  let failed: Error | undefined;
  stream.on('error', (error) => { failed = error; });
  const give = async (portions: Iterable<Uint8Array>): Promise<void> => {
    for (const bytes of portions) {
      if (failed) throw failed;
      if (!stream.write(bytes)) await once(stream, 'drain');
    }
  };
  return {
    give,
    write: (lines) => give(portionsOf(typeof lines === 'string' ? [lines] : lines)),
    async end() {
      stream.end();
      await once(stream, 'finish');
      if (failed) throw failed;
    },
  };
};
