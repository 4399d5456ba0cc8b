import { Unzip, UnzipInflate } from 'fflate';
import { SaxesParser } from 'saxes';
import { breathe, TableFault } from './table.ts';

/** More than this comes out of no honest table: about a million rows of twenty cells. */
const mostInflated = 1 << 30;
const pieceBytes = 1 << 16;

/**
 * Inflates one file of a zip archive piece by piece, with the share of the archive read so far.
 * Nothing else is inflated. @throws TableFault `tables.workbook` where the archive is broken or lacks the file,
 * `tables.too-large` where more comes out than any table has.
 */
async function* inflate(archive: Uint8Array, name: string): AsyncGenerator<{ readonly bytes: Uint8Array; readonly done: number }> {
  let pieces: Uint8Array[] = [];
  let inflated = 0;
  let ended = false;
  let seen = false;
  const unzip = new Unzip((file) => {
    if (file.name !== name || seen) return;
    seen = true;
    file.ondata = (error, bytes, final) => {
      if (error) throw error;
      inflated += bytes.length;
      if (inflated > mostInflated) throw new TableFault('tables.too_large');
      pieces.push(bytes);
      ended = final;
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  for (let start = 0; start < archive.length && !ended; start += pieceBytes) {
    const stop = Math.min(archive.length, start + pieceBytes);
    try {
      unzip.push(archive.subarray(start, stop), stop === archive.length);
    } catch (error) {
      throw error instanceof TableFault ? error : new TableFault('tables.workbook', { value: name });
    }
    const batch = pieces;
    pieces = [];
    for (const bytes of batch) yield { bytes, done: stop / archive.length };
  }
  if (!ended) throw new TableFault('tables.workbook', { value: name });
}

/** What is told of an XML file, in order. */
export interface XmlReader {
  readonly open: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly text: (text: string) => void;
  readonly close: (name: string) => void;
}

/** Reads an XML file of an archive, telling `reader`; yields between pieces. Entities from a document type are refused. */
export async function* readXml(archive: Uint8Array, name: string, reader: XmlReader): AsyncGenerator<number> {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const fail = (): never => { throw new TableFault('tables.workbook', { value: name }); };
  parser.on('error', fail);
  parser.on('doctype', fail);
  // Names may carry a prefix (`x:row`), which says nothing here.
  const local = (tag: string): string => tag.slice(tag.indexOf(':') + 1);
  parser.on('opentag', (tag) => reader.open(local(tag.name), tag.attributes));
  parser.on('text', reader.text);
  parser.on('closetag', (tag) => reader.close(local(tag.name)));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const { bytes, done } of inflate(archive, name)) {
    let text: string;
    try {
      text = decoder.decode(bytes, { stream: true });
    } catch {
      throw new TableFault('tables.workbook', { value: name });
    }
    parser.write(text);
    yield done;
    await breathe();
  }
  parser.close();
}
