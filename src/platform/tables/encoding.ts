import { isUtf8 } from 'node:buffer';
import { TableFault } from './table.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'gb18030';

const pieceBytes = 1 << 18;

/** How many lines end in these bytes. */
const linesIn = (bytes: Uint8Array): number => {
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
  return lines;
};

/** The first line that is wrong under an encoding, found by decoding line by line; null where all are right. */
const firstWrongLine = (bytes: Uint8Array, encoding: Encoding): number | null => {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(10, start);
    const stop = end < 0 ? bytes.length : end + 1;
    try {
      new TextDecoder(encoding, { fatal: true }).decode(bytes.subarray(start, stop));
    } catch {
      return line;
    }
    start = stop;
  }
  return null;
};

/**
 * What a text file is written in: by its byte order mark, else UTF-8 where every byte fits it, else GB18030
 * (which GBK and GB2312 are parts of).
 * @throws TableFault `tables.not-text` for binary files, `tables.encoding` with the first line that fits neither.
 */
export const detectEncoding = (bytes: Uint8Array): Encoding => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  const zero = bytes.indexOf(0);
  if (zero >= 0) throw new TableFault('tables.not_text', { line: linesIn(bytes.subarray(0, zero)) + 1 });
  if (isUtf8(bytes)) return 'utf-8';
  const wrong = firstWrongLine(bytes, 'gb18030');
  if (wrong === null) return 'gb18030';
  // A file that is UTF-8 up to a broken line is one with a broken line, not one in another encoding.
  const wrongUtf8 = firstWrongLine(bytes, 'utf-8') ?? wrong;
  throw new TableFault('tables.encoding', { line: Math.max(wrong, wrongUtf8) });
};

/** The text of a file piece by piece, its byte order mark taken off, with the bytes read so far. */
export function* decode(bytes: Uint8Array, encoding: Encoding): Generator<{ readonly text: string; readonly read: number }> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    const stop = Math.min(bytes.length, start + pieceBytes);
    let text: string;
    try {
      text = decoder.decode(bytes.subarray(start, stop), { stream: stop < bytes.length });
    } catch {
      throw new TableFault('tables.encoding', { line: linesIn(bytes.subarray(0, start)) + 1 });
    }
    yield { text, read: stop };
  }
}
