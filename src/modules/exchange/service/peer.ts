import { SaxesParser } from 'saxes';
import { failureOf, nothingSent } from '../../../platform/outside/failure.ts';
import type { Element } from '../rules/reading.ts';

/** How a partner failed; the code is what its page says in words. */
export class PeerFault extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Milliseconds that a partner has for its answer, all of it. */
const usualAnswerWithin = 20_000;
const mostBytes = 20 * 1024 * 1024;
const deepest = 20;

/** An answer: its status, and its document where it is one. */
export interface Answer {
  readonly status: number;
  readonly root: Element | null;
}

interface Open {
  readonly name: string;
  text: string;
  readonly children: Element[];
}

/** Reads XML without looking anything up outside it; null for what is none. */
const readXml = (text: string): Element | null => {
  const parser = new SaxesParser();
  const open: Open[] = [{ name: '', text: '', children: [] }];
  let broken = false;
  parser.on('error', () => { broken = true; });
  parser.on('doctype', () => { broken = true; });
  parser.on('opentag', ({ name }) => {
    if (open.length > deepest) broken = true;
    else open.push({ name: name.toLowerCase(), text: '', children: [] });
  });
  parser.on('text', (words) => { open.at(-1)!.text += words; });
  parser.on('cdata', (words) => { open.at(-1)!.text += words; });
  parser.on('closetag', () => {
    const done = open.length > 1 ? open.pop() : undefined;
    if (done) open.at(-1)!.children.push(done);
  });
  try {
    parser.write(text).close();
  } catch {
    return null;
  }
  return broken ? null : (open[0]!.children[0] ?? null);
};

/** A partner's end, as a client speaks to it: XML, which every GeoReport v2 end has. */
export interface Peer {
  /** @throws PeerFault where nothing, an error of its own (5xx, 429), or no document comes; any other status is the answer. */
  get(path: string, query: Readonly<Record<string, string>>): Promise<Answer>;
  /** @throws PeerFault `unclear` where it is not known whether it was done. */
  post(path: string, form: readonly (readonly [string, string])[], headers?: Readonly<Record<string, string>>): Promise<Answer>;
}

const bodyOf = async (response: Response): Promise<string> => {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += (part as Uint8Array).length;
    if (bytes > mostBytes) throw new PeerFault('large');
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts).toString('utf8');
};

export const createPeer = ({ url, jurisdiction, key, answerWithin = usualAnswerWithin }: { readonly url: string; readonly jurisdiction: string | null; readonly key: string | null; readonly answerWithin?: number }): Peer => {
  const call = async (address: string, init: RequestInit): Promise<{ readonly status: number; readonly text: string }> => {
    try {
      const response = await fetch(address, { ...init, redirect: 'error', signal: AbortSignal.timeout(answerWithin) });
      return { status: response.status, text: await bodyOf(response) };
    } catch (error) {
      if (error instanceof PeerFault) throw error;
      throw new PeerFault(failureOf(error));
    }
  };
  const common = { accept: 'text/xml', 'user-agent': 'lamplight' };
  return {
    async get(path, query) {
      const search = new URLSearchParams({ ...(jurisdiction !== null && { jurisdiction_id: jurisdiction }), ...query });
      const { status, text } = await call(`${url}/${path}.xml?${search}`, { headers: { ...common, ...(key !== null && { authorization: `Bearer ${key}` }) } });
      if (status >= 500 || status === 429) throw new PeerFault(`http_${status}`);
      const root = readXml(text);
      if (status < 300 && root === null) throw new PeerFault('not_xml');
      return { status, root };
    },
    async post(path, form, headers = {}) {
      const body = new URLSearchParams([...(jurisdiction === null ? [] : [['jurisdiction_id', jurisdiction]]), ...(key === null ? [] : [['api_key', key]]), ...form.map(([name, value]) => [name, value])]);
      const { status, text } = await call(`${url}/${path}.xml`, { method: 'POST', body, headers: { ...common, ...headers } }).catch((error: unknown) => {
        throw error instanceof PeerFault && !nothingSent(error.code) ? new PeerFault('unclear') : error;
      });
      if (status === 429) throw new PeerFault('http_429');
      if (status >= 500) throw new PeerFault('unclear');
      const root = readXml(text);
      if (status < 300 && root === null) throw new PeerFault('unclear');
      return { status, root };
    },
  };
};
