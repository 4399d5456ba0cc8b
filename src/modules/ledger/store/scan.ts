import type { PoolClient } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** A row of the log as it stands in the database, columns and all. Buffers are only good until the next row. */
export interface ScannedRow {
  readonly seq: number;
  /** Lower-case UUID. */
  readonly matter: string | null;
  readonly mv: number | null;
  readonly subject: string;
  readonly kind: string;
  readonly action: string;
  /** Milliseconds since 1970; a fraction where the column has one. */
  readonly at: number | null;
  readonly actor: string | null;
  readonly canonical: Buffer;
}

/** Microseconds from 1970 to 2000, where PostgreSQL's timestamps begin. */
const pgEpoch = 946_684_800_000_000n;

const uuidText = (bytes: Buffer, at: number): string => {
  const hex = bytes.toString('hex', at, at + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/** Reads one tuple of PostgreSQL's binary COPY format that is whole in `bytes` from `at` on. */
const readRow = (bytes: Buffer, at: number): ScannedRow => {
  let offset = at + 2;
  const next = (): number => {
    const length = bytes.readInt32BE(offset);
    const start = offset + 4;
    offset = start + Math.max(length, 0);
    return length < 0 ? -1 : start;
  };
  const text = (): string | null => {
    const start = next();
    return start < 0 ? null : bytes.toString('utf8', start, offset);
  };
  const seq = Number(bytes.readBigInt64BE(next()));
  const matterAt = next();
  const mvAt = next();
  const subject = text() ?? '';
  const kind = text() ?? '';
  const action = text() ?? '';
  const timeAt = next();
  const actor = text();
  const canonicalAt = next();
  return {
    seq, matter: matterAt < 0 ? null : uuidText(bytes, matterAt), mv: mvAt < 0 ? null : bytes.readInt32BE(mvAt), subject, kind, action,
    at: timeAt < 0 ? null : Number(bytes.readBigInt64BE(timeAt) + pgEpoch) / 1000, actor,
    canonical: bytes.subarray(canonicalAt, offset),
  };
};

/** The end of the tuple that begins at `at`, or undefined while it is not whole yet; -1 for the end of the data. */
const endOfRow = (bytes: Buffer, at: number): number | undefined => {
  if (bytes.length < at + 2) return undefined;
  const fields = bytes.readInt16BE(at);
  if (fields < 0) return -1;
  let offset = at + 2;
  for (let i = 0; i < fields; i++) {
    if (bytes.length < offset + 4) return undefined;
    offset += 4 + Math.max(bytes.readInt32BE(offset), 0);
  }
  return offset <= bytes.length ? offset : undefined;
};

/** Signature, flags and length of extension: what every binary COPY begins with. */
const copyHeader = 19;

/**
 * Reads a county's whole log in order of seq, in portions. By binary COPY: rows as the driver reads them take four times
 * as long. `client` is in a transaction, which is the snapshot that is read.
 */
export async function* scanLog(client: PoolClient, county: string): AsyncGenerator<ScannedRow[]> {
  const stream = client.query(copyTo(
    `copy (select seq, matter, mv, subject, kind, action, at, actor, canonical from ledger_entry
       where county = ${client.escapeLiteral(county)} order by seq) to stdout (format binary)`,
    { highWaterMark: 1 << 20 },
  ));
  let rest: Buffer = Buffer.alloc(0);
  let begun = false;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let at = 0;
    if (!begun) {
      if (bytes.length < copyHeader) {
        rest = bytes;
        continue;
      }
      at = copyHeader;
      begun = true;
    }
    const rows: ScannedRow[] = [];
    for (let end = endOfRow(bytes, at); end !== undefined && end >= 0; end = endOfRow(bytes, at)) {
      rows.push(readRow(bytes, at));
      at = end;
    }
    rest = bytes.subarray(at);
    if (rows.length > 0) yield rows;
  }
}
