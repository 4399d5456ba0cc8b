import { XMLParser } from 'fast-xml-parser';
import type { Json } from '../../src/base/canonical.ts';
import { theSystem } from '../../src/base/actor.ts';
import { done, servedTown, type ServedTown } from '../pages/town.ts';

export const county = '330281';

/** What came back: the status, the type, and the body read by a JSON parser or by an XML parser that is none of ours. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly headers: Headers;
  /** Of JSON. */
  readonly json: unknown;
  /** Of XML: elements as members, lists where the name is one of `lists`. */
  readonly xml: Record<string, unknown>;
}

const lists = new Set(['service', 'request', 'attribute', 'value', 'endpoint', 'format', 'error', 'part', 'request_update']);
const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, isArray: (name) => lists.has(name), ignoreDeclaration: true });

/** A town with an Open311 end, programs with keys, and what a client does. */
export interface End {
  readonly town: ServedTown;
  readonly key: string;
  readonly otherKey: string;
  readonly account: string;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, form: Record<string, string | readonly string[]>, headers?: Record<string, string>): Promise<Answer>;
  /** Sets what the county says about its Open311 end, or of another member of its settings. */
  set(settings: object, member?: string): Promise<void>;
  close(): Promise<void>;
}

const read = async (response: Response): Promise<Answer> => {
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, text, headers: response.headers, json: type.startsWith('application/json') ? (JSON.parse(text) as unknown) : null, xml: type.startsWith('text/xml') ? (parser.parse(text, true) as Record<string, unknown>) : {} };
};

export const openEnd = async (): Promise<End> => {
  const town = await servedTown();
  const { accounts } = town.town.modules.identity;
  const program = async (login: string) => {
    const { account } = done(await accounts.create(theSystem, county, { kind: 'program', login, name: login }));
    done(await accounts.grant(theSystem, county, account.id, { role: 'proxy', place: '' }));
    return { id: account.id, token: done(await accounts.makeToken(theSystem, account.id, { name: login, roles: ['proxy'], days: 30 })).token };
  };
  const [mine, other] = [await program('city-app'), await program('other-app')];
  return {
    town, key: mine.token, account: mine.id, otherKey: other.token,
    get: async (path, headers = {}) => read(await fetch(`${town.url}${path}`, { headers: { 'accept-language': 'en', ...headers } })),
    async post(path, form, headers = {}) {
      const body = new URLSearchParams();
      for (const [name, value] of Object.entries(form)) for (const one of typeof value === 'string' ? [value] : value) body.append(name, one);
      return read(await fetch(`${town.url}${path}`, { method: 'POST', body, headers: { 'accept-language': 'en', ...headers } }));
    },
    async set(settings, member = 'open311') {
      done(await town.town.modules.settings.set(theSystem, county, [member], settings as Json));
      // What is remembered of counties is read again after a while.
      town.world.advance(20_000);
    },
    close: () => town.close(),
  };
};
