/** A file of rows as it came in, whole and in memory: uploads are bounded, and a workbook's directory stands at its end. */
export interface TableSource {
  /** As the sender called it: its ending helps to tell formats apart, nothing else. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Bytes that are read from their beginning as often as asked, a piece at a time. */
export interface Pieces {
  /** How many bytes there are. */
  readonly size: number;
  read(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** A file of rows that is too long to be held. Of a text no more than a piece is in memory; a workbook is read whole all the same. */
export interface LongTable extends Pieces {
  readonly name: string;
}

const pieceBytes = 1 << 18;

/** Bytes in memory as pieces. */
export const piecesOf = (bytes: Uint8Array): Pieces => ({
  size: bytes.length,
  *read() { for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes); },
});

/** All of it. */
export const wholeOf = async (pieces: Pieces): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  for await (const part of pieces.read()) parts.push(part);
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
};

/** Its first piece; empty where there is none. */
export const firstOf = async (pieces: Pieces): Promise<Uint8Array> => {
  for await (const part of pieces.read()) return part;
  return new Uint8Array();
};

export type TableFormat = 'csv' | 'tsv' | 'xlsx' | 'geojson';

/** A row before its columns have names. */
export interface RawRow {
  /** Line of the file (row of the sheet) on which it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Rows that were read together, and how much of the file has been read after them, 0 to 1. */
export interface Batch<T> {
  readonly rows: readonly T[];
  readonly done: number;
}

/**
 * Why a file cannot be read on. `rule` is a reason code whose words are in `data/texts/reasons/tables.json`;
 * `line` is null where the file as a whole is meant.
 */
export class TableFault extends Error {
  readonly rule: string;
  readonly line: number | null;
  readonly column: string | null;
  readonly value: string;
  constructor(rule: `tables.${string}`, { line = null, column = null, value = '' }: { line?: number | null; column?: string | null; value?: string } = {}) {
    super(`${rule}${line === null ? '' : ` in line ${line}`}${column === null ? '' : `, column ${column}`}${value === '' ? '' : `: ${value}`}`);
    this.name = 'TableFault';
    this.rule = rule;
    this.line = line;
    this.column = column;
    this.value = value;
  }
}

/** Lets the event loop turn between two pieces of a long file. */
export const breathe = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
