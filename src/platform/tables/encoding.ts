import { isUtf8 } from 'node:buffer';
import { TableFault, type Pieces } from './table.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'gb18030';

/** Bytes that are decoded at once. */
const portion = 1 << 18;
/** A line that is longer than this is none of a table. */
const longestLine = 1 << 20;
const newline = 10;

/** How many lines end in these bytes. */
const linesIn = (bytes: Uint8Array): number => {
  let lines = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) lines++;
  return lines;
};

const fits = (bytes: Uint8Array, encoding: Encoding): boolean => {
  if (encoding === 'utf-8') return isUtf8(bytes);
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
};

/** Pieces cut anew where a line ends, the last one where the file does. @throws TableFault where a line has no end */
async function* byLines(pieces: Pieces): AsyncGenerator<Uint8Array> {
  let rest = new Uint8Array();
  let lines = 1;
  for await (const piece of pieces.read()) {
    const end = piece.lastIndexOf(newline) + 1;
    if (end === 0) {
      rest = Buffer.concat([rest, piece]);
      if (rest.length > longestLine) throw new TableFault('tables.too_long', { line: lines });
      continue;
    }
    const whole = rest.length === 0 ? piece.subarray(0, end) : Buffer.concat([rest, piece.subarray(0, end)]);
    lines += linesIn(whole);
    yield whole;
    rest = Buffer.from(piece.subarray(end));
  }
  if (rest.length > 0) yield rest;
}

/** The first line that is wrong under an encoding; null where all are right. */
const firstWrongLine = async (pieces: Pieces, encoding: Encoding): Promise<number | null> => {
  let line = 1;
  for await (const bytes of byLines(pieces)) {
    if (fits(bytes, encoding)) {
      line += linesIn(bytes);
      continue;
    }
    for (let start = 0; start < bytes.length; line++) {
      const end = bytes.indexOf(newline, start);
      const stop = end < 0 ? bytes.length : end + 1;
      if (!fits(bytes.subarray(start, stop), encoding)) return line;
      start = stop;
    }
  }
  return null;
};

/** How many bytes at the end begin a character of UTF-8 that is not all there. */
const begunIn = (bytes: Uint8Array): number => {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
};

/**
 * What a text file is written in: by its byte order mark, else UTF-8 where every byte fits it, else GB18030
 * (which GBK and GB2312 are parts of). Reads it once, twice or three times, a piece at a time.
 * @throws TableFault `tables.not_text` for binary files, `tables.encoding` with the first line that fits neither.
 */
export const detectEncoding = async (pieces: Pieces): Promise<Encoding> => {
  let lines = 1;
  let utf8 = true;
  let begun: Uint8Array = new Uint8Array();
  let first = true;
  for await (const piece of pieces.read()) {
    if (first && piece[0] === 0xff && piece[1] === 0xfe) return 'utf-16le';
    first = false;
    const zero = piece.indexOf(0);
    if (zero >= 0) throw new TableFault('tables.not_text', { line: lines + linesIn(piece.subarray(0, zero)) });
    lines += linesIn(piece);
    if (!utf8) continue;
    const bytes = begun.length === 0 ? piece : Buffer.concat([begun, piece]);
    const whole = bytes.length - begunIn(bytes);
    utf8 = isUtf8(bytes.subarray(0, whole));
    begun = Buffer.from(bytes.subarray(whole));
  }
  if (utf8 && begun.length === 0) return 'utf-8';
  try {
    for await (const _ of decode(pieces, 'gb18030'));
    return 'gb18030';
  } catch (error) {
    if (!(error instanceof TableFault)) throw error;
  }
  const wrong = (await firstWrongLine(pieces, 'gb18030')) ?? 1;
  // A file that is UTF-8 up to a broken line is one with a broken line, not one in another encoding.
  const wrongUtf8 = (await firstWrongLine(pieces, 'utf-8')) ?? wrong;
  throw new TableFault('tables.encoding', { line: Math.max(wrong, wrongUtf8) });
};

/** The text of a file piece by piece, its byte order mark taken off, with the bytes read so far. */
export async function* decode(pieces: Pieces, encoding: Encoding): AsyncGenerator<{ readonly text: string; readonly read: number }> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let lines = 1;
  let read = 0;
  const give = (bytes: Uint8Array, last: boolean): string => {
    try {
      return decoder.decode(bytes, { stream: !last });
    } catch {
      throw new TableFault('tables.encoding', { line: lines });
    }
  };
  for await (const piece of pieces.read()) {
    for (let at = 0; at < piece.length; at += portion) {
      const bytes = piece.subarray(at, at + portion);
      const text = give(bytes, false);
      lines += linesIn(bytes);
      read += bytes.length;
      yield { text, read };
    }
  }
  const rest = give(new Uint8Array(), true);
  if (rest !== '') yield { text: rest, read };
}
