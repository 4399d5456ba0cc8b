/** The bytes are not a FeatureCollection that can be read; nothing after `line` was looked at. */
export class GeoJsonFault extends Error {
  readonly reason: string;
  /** Counted from 1; a column counts UTF-16 units. */
  readonly line: number;
  readonly column: number;
  constructor(reason: string, line: number, column: number) {
    super(`${reason} at ${line}:${column}`);
    this.name = 'GeoJsonFault';
    this.reason = reason;
    this.line = line;
    this.column = column;
  }
}

/** One member of `features`, parsed; `line` is where it begins, `bytes` how much of the file was read by then. */
export interface ReadFeature {
  readonly value: unknown;
  readonly index: number;
  readonly line: number;
  readonly bytes: number;
}

/** What stands around the features: `type`, `crs`, `name`. */
export type Collection = Readonly<Record<string, unknown>>;

const deepest = 32;
const longestFeature = 32 * 1024 * 1024;

/** Decodes chunks as UTF-8 and refuses what is none. */
async function* textOf(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<{ text: string; bytes: number }> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  let line = 1;
  const decode = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new GeoJsonFault('places.not_utf8', line, 1);
    }
  };
  for await (const chunk of chunks) {
    bytes += chunk.length;
    const text = typeof chunk === 'string' ? chunk : decode(chunk);
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) line++;
    yield { text, bytes };
  }
  yield { text: decode(), bytes };
}

/**
 * Reads a FeatureCollection (RFC 7946) feature by feature, whatever its length, with the line of each. The parts around
 * the features are parsed too, so that a file that breaks off or goes wrong is refused where it does.
 * @returns the collection's other members, when the last feature was given
 * @throws GeoJsonFault
 */
export async function* readFeatures(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<ReadFeature, Collection> {
  let depth = 0;
  let inText = false;
  let escaped = false;
  let line = 1;
  let lineStart = 0;
  /** UTF-16 units before this chunk. */
  let offset = 0;
  /** Everything but the features: parsed at the end. */
  let around = '';
  /** Texts at depth 1, to know which member an array is. */
  let word = '';
  let member = '';
  let inFeatures = false;
  let feature = '';
  let featureLine = 0;
  let index = 0;
  let closed = false;
  const fault = (reason: string, at: number) => new GeoJsonFault(reason, line, offset + at - lineStart + 1);

  for await (const { text, bytes } of textOf(chunks)) {
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const char = text.charCodeAt(at);
      if (char === 10) {
        line++;
        lineStart = offset + at + 1;
      }
      if (inText) {
        if (escaped) escaped = false;
        else if (char === 92) escaped = true;
        else if (char === 34) inText = false;
        else if (depth === 1 && word.length < 100) word += text[at]!;
        continue;
      }
      if (char === 34) {
        inText = true;
        if (depth === 1) word = '';
      } else if (char === 58 && depth === 1) member = word;
      else if (char === 123 || char === 91) {
        if (closed) throw fault('places.not_geojson', at);
        depth++;
        if (depth > deepest) throw fault('places.too_deep', at);
        if (depth === 2 && char === 91 && member === 'features') inFeatures = true;
        else if (depth === 3 && inFeatures) {
          if (char !== 123) throw fault('places.not_geojson', at);
          around += text.slice(from, at);
          from = at;
          feature = '';
          featureLine = line;
        }
      } else if (char === 125 || char === 93) {
        depth--;
        if (depth < 0) throw fault('places.not_geojson', at);
        if (depth === 2 && inFeatures) {
          feature += text.slice(from, at + 1);
          from = at + 1;
          around += '0';
          let value: unknown;
          try {
            value = JSON.parse(feature);
          } catch {
            throw new GeoJsonFault('places.not_json', featureLine, 1);
          }
          yield { value, index: index++, line: featureLine, bytes };
        } else if (depth === 1) inFeatures = false;
        else if (depth === 0) closed = true;
      }
    }
    if (depth >= 3 && inFeatures) {
      feature += text.slice(from);
      if (feature.length > longestFeature) throw new GeoJsonFault('places.feature_too_long', featureLine, 1);
    } else around += text.slice(from);
    if (around.length > longestFeature) throw fault('places.not_geojson', text.length);
    offset += text.length;
  }
  let collection: unknown;
  try {
    collection = JSON.parse(around);
  } catch {
    throw new GeoJsonFault(closed ? 'places.not_json' : 'places.broken_off', line, offset - lineStart + 1);
  }
  if (typeof collection !== 'object' || collection === null || (collection as Collection)['type'] !== 'FeatureCollection' || !Array.isArray((collection as Collection)['features']))
    throw new GeoJsonFault('places.not_geojson', 1, 1);
  return collection as Collection;
}
