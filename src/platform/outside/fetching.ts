import { lookup as resolve } from 'node:dns';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { isPublicAddress } from './addresses.ts';

/** Why nothing was fetched. `away` and `slow` may pass; the others will not. */
export type FetchFault = 'address' | 'inside' | 'away' | 'slow' | 'large' | 'redirects' | 'status';

/** What came: the bytes, or why there are none. */
export type Fetched = { readonly bytes: Buffer; readonly type: string } | { readonly fault: FetchFault; readonly status?: number };

export interface FetchLimits {
  readonly mostBytes: number;
  /** Milliseconds for all of it, redirects included. */
  readonly withinMs: number;
  /** Hosts, `name` or `name:port`, that may stand inside our network and on any port. */
  readonly hosts: readonly string[];
}

const redirectsAtMost = 3;

/** The host as a setting names it, with the port where it is not the usual one. */
const hostOf = (url: URL): string => url.host.toLowerCase();

/** Resolves a name and lets only addresses of the open internet through: checked at the very connection, so that a name that answers differently the second time gains nothing. */
export const outsideOnly: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    if (error) return callback(error, '', 4);
    const open = found.filter(({ address }) => isPublicAddress(address));
    if (open.length === 0) return callback(Object.assign(new Error('inside'), { code: 'EINSIDE' }), '', 4);
    return options.all ? callback(null, open) : callback(null, open[0]!.address, open[0]!.family);
  });
};

const once = (url: URL, limits: FetchLimits, signal: AbortSignal): Promise<Fetched | { readonly to: string }> => new Promise((settle) => {
  const trusted = limits.hosts.includes(hostOf(url));
  const name = url.hostname.replace(/^\[|\]$/g, '');
  // An address in digits is never resolved, so it is looked at here.
  if (!trusted && ((isIP(name) !== 0 && !isPublicAddress(name)) || url.port !== '')) return settle({ fault: 'inside' });
  const failed = (error: NodeJS.ErrnoException): void =>
    settle({ fault: error.code === 'EINSIDE' ? 'inside' : signal.aborted ? 'slow' : 'away' });
  const asked = (url.protocol === 'https:' ? tlsRequest : plainRequest)(url, {
    method: 'GET', signal, agent: false, headers: { accept: 'image/*', 'user-agent': 'lamplight' }, ...(!trusted && { lookup: outsideOnly }),
  }, (answer) => {
    const status = answer.statusCode ?? 0;
    const { location } = answer.headers;
    if (status >= 300 && status < 400 && location !== undefined) {
      answer.destroy();
      return settle({ to: location });
    }
    if (status !== 200) {
      answer.destroy();
      return settle({ fault: 'status', status });
    }
    const parts: Buffer[] = [];
    let bytes = 0;
    answer.on('error', failed);
    answer.on('data', (part: Buffer) => {
      bytes += part.length;
      parts.push(part);
      if (bytes <= limits.mostBytes) return;
      answer.destroy();
      settle({ fault: 'large' });
    });
    answer.on('end', () => settle(answer.complete ? { bytes: Buffer.concat(parts), type: answer.headers['content-type'] ?? '' } : { fault: 'away' }));
    answer.on('close', () => settle({ fault: signal.aborted ? 'slow' : 'away' }));
    return undefined;
  });
  asked.on('error', failed);
  asked.end();
});

/**
 * Fetches what a stranger's address names: http or https, no user name in it, no address inside our network (`hosts` aside), every
 * redirect looked at like the first address, nothing beyond a size and a time. No cookie, no key and no proxy goes with it. Never throws.
 */
export const fetchOutside = async (address: string, limits: FetchLimits): Promise<Fetched> => {
  const signal = AbortSignal.timeout(limits.withinMs);
  let at: string | URL = address;
  for (let turn = 0; turn <= redirectsAtMost; turn++) {
    const url: URL | null = URL.parse(String(at));
    if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') return { fault: 'address' };
    const got: Awaited<ReturnType<typeof once>> = await once(url, limits, signal);
    if (!('to' in got)) return got;
    const next: URL | null = URL.parse(got.to, url);
    if (!next || (url.protocol === 'https:' && next.protocol === 'http:')) return { fault: 'redirects' };
    at = next;
  }
  return { fault: 'redirects' };
};
