import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP } from 'node:net';
import { isPublicAddress } from './addresses.ts';
import { outsideOnly } from './fetching.ts';

/** What came of a post: the peer's answer, or why there is none. `sent` says whether anything may have reached the peer. */
export type Posted =
  | { readonly status: number; readonly retryAfter: string | null; readonly location: string | null; readonly text: string }
  | { readonly fault: 'inside' | 'away' | 'slow'; readonly sent: boolean };

export interface PostOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Milliseconds for all of it. */
  readonly withinMs: number;
  /** Hosts, `name` or `name:port`, that may stand inside our network, by plain http and on any port. */
  readonly hosts: readonly string[];
}

/** Of an answer nobody needs more than this, in characters. */
const answerAtMost = 2_000;

/**
 * Posts to an address that a stranger named: https only, no address inside our network (`hosts` aside), no redirect followed.
 * Never throws.
 */
export const postOutside = (address: string, { headers, body, withinMs, hosts }: PostOptions): Promise<Posted> => new Promise((settle) => {
  const url = URL.parse(address);
  const trusted = url !== null && hosts.includes(url.host.toLowerCase());
  const name = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  if (!url || url.username !== '' || !(url.protocol === 'https:' || (trusted && url.protocol === 'http:')) || (!trusted && ((isIP(name) !== 0 && !isPublicAddress(name)) || url.port !== '')))
    return settle({ fault: 'inside', sent: false });
  const signal = AbortSignal.timeout(withinMs);
  let connected = false;
  const failed = (error: NodeJS.ErrnoException): void => settle({ fault: error.code === 'EINSIDE' ? 'inside' : signal.aborted ? 'slow' : 'away', sent: connected });
  const asked = (url.protocol === 'https:' ? tlsRequest : plainRequest)(url, {
    method: 'POST', signal, agent: false, headers: { ...headers, 'content-length': String(body.length), 'user-agent': 'lamplight' }, ...(!trusted && { lookup: outsideOnly }),
  }, (answer) => {
    let text = '';
    answer.setEncoding('utf8');
    answer.on('error', failed);
    answer.on('data', (more: string) => { if (text.length < answerAtMost) text += more.slice(0, answerAtMost - text.length); });
    answer.on('end', () => settle({ status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] ?? null, location: answer.headers.location ?? null, text }));
    answer.on('close', () => settle({ fault: signal.aborted ? 'slow' : 'away', sent: true }));
  });
  asked.on('socket', (socket) => socket.on('connect', () => { connected = true; }));
  asked.on('error', failed);
  asked.end(body);
});
