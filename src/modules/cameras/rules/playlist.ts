/** Parts of low-latency HLS: a plain player does without, and a proxy that holds requests open for them would hold many. */
const dropped = /^#EXT-X-(PART|PART-INF|PRELOAD-HINT|SERVER-CONTROL|RENDITION-REPORT|SKIP)\b/;

/** The folder of an address, with its slash: what may be fetched of a stream lies in it or below. */
const folderOf = (address: URL): string => `${address.origin}${address.pathname.slice(0, address.pathname.lastIndexOf('/') + 1)}`;

/** An address as it is written into a playlist of ours. */
export const pieceName = (target: string): string => `piece?u=${Buffer.from(target).toString('base64url')}`;

/**
 * What a piece's name stands for, beside a stream's own playlist; undefined where it leads out of the stream's folder or is no
 * address: a player is given names of pieces and asks for others at its own risk.
 */
export const pieceOf = (stream: string, name: string): string | undefined => {
  const base = new URL(stream);
  const target = URL.parse(Buffer.from(name, 'base64url').toString('utf8'), stream);
  return target && target.username === '' && target.href.startsWith(folderOf(base)) && !/%2e|%2f|%5c/i.test(target.pathname) ? target.href : undefined;
};

/**
 * A playlist (RFC 8216) in which every address leads to us. Addresses that lead out of the stream's folder are left out, with
 * the line they stand in.
 * @param at where the playlist itself was read @param stream the stream's own playlist
 */
export const ownPlaylist = (text: string, at: string, stream: string): string => {
  const base = folderOf(new URL(stream));
  const named = (address: string): string | undefined => {
    const target = URL.parse(address, at);
    return target?.href.startsWith(base) ? pieceName(target.href) : undefined;
  };
  return text.split(/\r?\n/).flatMap((line): readonly string[] => {
    if (dropped.test(line)) return [];
    if (line.trim() === '') return [line];
    if (!line.startsWith('#')) return [named(line.trim()) ?? '#'];
    const [, uri] = /\bURI="([^"]*)"/.exec(line) ?? [];
    if (uri === undefined) return [line];
    const name = named(uri);
    return name === undefined ? [] : [line.replace(`URI="${uri}"`, `URI="${name}"`)];
  }).join('\n');
};
