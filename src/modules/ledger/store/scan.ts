import type { ClientBase } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** An entry's bytes and their place. */
export interface ScannedBytes {
  readonly seq: number;
  readonly canonical: Buffer;
}

/** A row of the log as it stands in the database, columns and all. */
export interface ScannedRow extends ScannedBytes {
  /** Lower-case UUID. */
  readonly matter: string | null;
  readonly mv: number | null;
  readonly subject: string;
  readonly kind: string;
  readonly action: string;
  /** Milliseconds since 1970; a fraction where the column has one. */
  readonly at: number | null;
  readonly actor: string | null;
}

/** Microseconds from 1970 to 2000, where PostgreSQL's timestamps begin. */
const pgEpoch = 946_684_800_000_000;

/** Node's own way from bytes to text, without the checks of `toString`: half of the time that reading a row takes. */
const utf8 = (bytes: Buffer, from: number, to: number): string => (bytes as Buffer & { utf8Slice(from: number, to: number): string }).utf8Slice(from, to);

/** The fields of one tuple of PostgreSQL's binary COPY format, one after the other. */
class Fields {
  bytes: Buffer = Buffer.alloc(0);
  #at = 0;

  /** Begins with the tuple at `at`. */
  begin(bytes: Buffer, at: number): void {
    this.bytes = bytes;
    this.#at = at + 2;
  }

  /** Where the next field begins; -1 for null. `end` is then where it ends. */
  next(): number {
    const length = this.bytes.readInt32BE(this.#at);
    this.#at += 4 + Math.max(length, 0);
    return length < 0 ? -1 : this.#at - length;
  }

  get end(): number {
    return this.#at;
  }

  /** A bigint, as far as a number holds it exactly, which every count and time of ours is. */
  big(): number | null {
    const from = this.next();
    return from < 0 ? null : this.bytes.readInt32BE(from) * 2 ** 32 + this.bytes.readUInt32BE(from + 4);
  }

  text(): string | null {
    const from = this.next();
    return from < 0 ? null : utf8(this.bytes, from, this.#at);
  }

  part(): Buffer {
    const from = this.next();
    return this.bytes.subarray(from, this.#at);
  }
}

const readRow = (fields: Fields): ScannedRow => {
  const seq = fields.big()!;
  const matter = fields.text();
  const mvAt = fields.next();
  const mv = mvAt < 0 ? null : fields.bytes.readInt32BE(mvAt);
  const [subject, kind, action] = [fields.text() ?? '', fields.text() ?? '', fields.text() ?? ''];
  const micros = fields.big();
  return { seq, matter, mv, subject, kind, action, at: micros === null ? null : (micros + pgEpoch) / 1000, actor: fields.text(), canonical: fields.part() };
};

const readBytes = (fields: Fields): ScannedBytes => ({ seq: fields.big()!, canonical: fields.part() });

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

/** Bytes that are read before rows are cut out of them: rows that straddle two portions are copied, so portions are large. */
const portion = 1 << 18;

/** Rows of a query by binary COPY, in portions: rows as the driver reads them take four times as long. */
async function* copyOut<Row>(client: ClientBase, query: string, read: (fields: Fields) => Row): AsyncGenerator<Row[]> {
  const stream = client.query(copyTo(`copy (${query}) to stdout (format binary)`, { highWaterMark: 1 << 20 }));
  const fields = new Fields();
  let begun = false;
  const cut = (bytes: Buffer): { rows: Row[]; rest: Buffer } => {
    const rows: Row[] = [];
    if (!begun && bytes.length < copyHeader) return { rows, rest: bytes };
    let at = begun ? 0 : copyHeader;
    begun = true;
    for (let end = endOfRow(bytes, at); end !== undefined && end >= 0; end = endOfRow(bytes, at)) {
      fields.begin(bytes, at);
      rows.push(read(fields));
      at = end;
    }
    return { rows, rest: bytes.subarray(at) };
  };
  let chunks: Buffer[] = [];
  let waiting = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    waiting += chunk.length;
    if (waiting < portion) continue;
    const { rows, rest } = cut(chunks.length === 1 ? chunk : Buffer.concat(chunks));
    chunks = [rest];
    waiting = rest.length;
    if (rows.length > 0) yield rows;
  }
  const { rows } = cut(Buffer.concat(chunks));
  if (rows.length > 0) yield rows;
}

/** Reads a county's whole log in order of seq, in portions. `client` is in a transaction, which is the snapshot that is read. */
export const scanLog = (client: ClientBase, county: string): AsyncGenerator<ScannedRow[]> => copyOut(
  client, `select seq, matter::text, mv, subject, kind, action, at, actor, canonical from ledger_entry where county = ${client.escapeLiteral(county)} order by seq`, readRow);

/** The same without the columns, for who needs the bytes only. */
export const scanBytes = (client: ClientBase, county: string): AsyncGenerator<ScannedBytes[]> => copyOut(
  client, `select seq, canonical from ledger_entry where county = ${client.escapeLiteral(county)} order by seq`, readBytes);
