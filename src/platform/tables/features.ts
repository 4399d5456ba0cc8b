import { decode, detectEncoding } from './encoding.ts';
import { breathe, piecesOf, TableFault, type Batch } from './table.ts';

/** A feature of a GeoJSON collection (RFC 7946) with the line on which it begins. */
export interface RawFeature {
  readonly line: number;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly geometry: { readonly type: string; readonly coordinates: unknown } | null;
}

const mostFeature = 5_000_000;

/**
 * Features of a collection, one at a time: the file is never built as one value. Finds the member `features`
 * at the top and cuts its list apart by brackets outside strings; each piece is then read as JSON.
 * @throws TableFault with the line.
 */
export async function* readFeatures(bytes: Uint8Array): AsyncGenerator<Batch<RawFeature>> {
  const encoding = await detectEncoding(piecesOf(bytes));
  let depth = 0;
  let inString = false;
  let escaped = false;
  let line = 1;
  /** Text of the feature or of the last string at the top, as far as it has come. */
  let piece = '';
  let startLine = 1;
  let key = '';
  let inFeatures = false;
  let ended = false;
  let found = false;

  const feature = (text: string): RawFeature => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new TableFault('tables.json', { line: startLine, value: text.slice(0, 60) });
    }
    const { type, properties, geometry } = value as { type?: unknown; properties?: unknown; geometry?: unknown };
    if (type !== 'Feature') throw new TableFault('tables.feature', { line: startLine, value: text.slice(0, 60) });
    return {
      line: startLine,
      properties: typeof properties === 'object' && properties !== null && !Array.isArray(properties) ? (properties as Record<string, unknown>) : {},
      geometry: typeof geometry === 'object' && geometry !== null ? (geometry as RawFeature['geometry']) : null,
    };
  };

  for await (const { text, read } of decode(piecesOf(bytes), encoding)) {
    const rows: RawFeature[] = [];
    let from = inFeatures && depth > 2 ? 0 : -1;
    for (let i = 0; i < text.length; i++) {
      const char = text[i]!;
      if (char === '\n') line++;
      if (inString) {
        if (escaped) escaped = false;
        else if (char === '\\') escaped = true;
        else if (char === '"') inString = false;
        if (depth === 1 && inString) key += char;
        continue;
      }
      switch (char) {
        case '"':
          inString = true;
          if (depth === 1) key = '';
          break;
        case '{': case '[':
          depth++;
          if (depth === 2 && char === '[' && key === 'features') { inFeatures = true; found = true; }
          if (inFeatures && depth === 3) { from = i; startLine = line; piece = ''; }
          if (depth > 64) throw new TableFault('tables.json', { line });
          break;
        case '}': case ']':
          depth--;
          if (depth < 0) throw new TableFault('tables.json', { line });
          if (inFeatures && depth === 2) {
            rows.push(feature(piece + text.slice(from, i + 1)));
            piece = '';
            from = -1;
          } else if (inFeatures && depth === 1) inFeatures = false;
          if (depth === 0) ended = true;
          break;
      }
    }
    if (from >= 0) {
      piece += text.slice(from);
      if (piece.length > mostFeature) throw new TableFault('tables.too_long', { line: startLine });
    }
    if (rows.length > 0) yield { rows, done: read / bytes.length };
    await breathe();
  }
  if (!ended) throw new TableFault('tables.json', { line });
  if (!found) throw new TableFault('tables.no_features');
}
