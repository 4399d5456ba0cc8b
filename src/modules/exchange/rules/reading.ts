/** An element of an XML document: its text and its children, without attributes. */
export interface Element {
  readonly name: string;
  readonly text: string;
  readonly children: readonly Element[];
}

/** A request as a partner has it, as far as it could be read. */
export interface TheirRequest {
  readonly id: string;
  readonly open: boolean;
  readonly service: string;
  readonly description: string;
  readonly notes: string;
  readonly address: string;
  /** WGS-84 degrees; null where it has none or what stands there is no position. */
  readonly point: { readonly lng: number; readonly lat: number } | null;
  /** Milliseconds since 1970; null for what is no time. */
  readonly requestedAt: number | null;
  readonly updatedAt: number | null;
  readonly mediaUrl: string;
  /** Where it was made first, as a Lamplight says in its extended attributes. */
  readonly origin: string;
}

/** An update of a request, as far as it could be read. */
export interface TheirUpdate {
  readonly id: string;
  readonly request: string;
  /** Null where the partner has more than open and closed and this says neither. */
  readonly status: 'open' | 'closed' | null;
  readonly at: number | null;
  readonly description: string;
}

const child = (element: Element, name: string): Element | undefined => element.children.find((one) => one.name === name);
const text = (element: Element, name: string): string => child(element, name)?.text.trim() ?? '';

const time = (words: string): number | null => {
  const at = Date.parse(words);
  return Number.isNaN(at) || !/\d{4}-\d\d-\d\d/.test(words) ? null : at;
};

/** Signs that a reader cannot see, and tags: what comes from another system is shown as plain words. */
const plain = (words: string, most: number): string =>
  words.normalize('NFC').replace(/<[^<>]{0,400}>/g, ' ').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g, '').toWellFormed().trim().slice(0, most);

/** States that systems which say more than open and closed use for what has come to an end. */
const ended = /^(closed|fixed|resolved|completed?|duplicate|invalid|no_further_action|not_councils_responsibility|unable_to_fix|internal_referral)\b/i;
const under = /^(open|new|received|accepted|assigned|confirmed|investigating|in_?progress|planned|action_scheduled|reopened)\b/i;

export const statusIn = (words: string): 'open' | 'closed' | null => {
  const word = words.trim().replace(/[\s-]+/g, '_');
  return ended.test(word) ? 'closed' : under.test(word) ? 'open' : null;
};

const position = (element: Element): TheirRequest['point'] => {
  const [lat, lng] = [text(element, 'lat'), text(element, 'long')];
  const [south, east] = [Number(lat), Number(lng)];
  return lat !== '' && lng !== '' && Math.abs(south) <= 90 && Math.abs(east) <= 180 && !(south === 0 && east === 0) ? { lng: east, lat: south } : null;
};

/** The requests of a list, one of each id, with how many could not be read. Whatever the root is called. */
export const requestsIn = (root: Element): { readonly requests: readonly TheirRequest[]; readonly unread: number } => {
  const found = new Map<string, TheirRequest>();
  const all = root.children.filter(({ name }) => name === 'request');
  let unread = 0;
  for (const one of all) {
    const id = text(one, 'service_request_id');
    const status = statusIn(text(one, 'status'));
    const service = text(one, 'service_code');
    if (id === '' || id.length > 120 || status === null || service === '') {
      unread++;
      continue;
    }
    const extended = child(one, 'extended_attributes');
    found.set(id, {
      id, open: status === 'open', service, description: plain(text(one, 'description'), 3_500), notes: plain(text(one, 'status_notes'), 500), address: plain(text(one, 'address'), 200), point: position(one),
      requestedAt: time(text(one, 'requested_datetime')), updatedAt: time(text(one, 'updated_datetime')), mediaUrl: text(one, 'media_url').slice(0, 1_000), origin: extended ? text(extended, 'origin') : '',
    });
  }
  return { requests: [...found.values()], unread };
};

/** The updates of a list, one of each id, in the order of their time. */
export const updatesIn = (root: Element): readonly TheirUpdate[] => {
  const found = new Map<string, TheirUpdate>();
  for (const one of root.children) {
    const [id, request] = [text(one, 'update_id'), text(one, 'service_request_id')];
    if (one.name === 'request_update' && id !== '' && request !== '')
      found.set(id, { id: id.slice(0, 120), request, status: statusIn(text(one, 'status')), at: time(text(one, 'updated_datetime')), description: plain(text(one, 'description'), 1_500) });
  }
  return [...found.values()].sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
};

/** The number or the token that a partner gave a report; undefined where its answer holds neither. */
export const createdIn = (root: Element): { readonly id: string } | { readonly token: string } | undefined => {
  const one = root.children.find(({ name }) => name === 'request');
  const [id, token] = one ? [text(one, 'service_request_id'), text(one, 'token')] : ['', ''];
  return id !== '' ? { id: id.slice(0, 120) } : token !== '' ? { token: token.slice(0, 200) } : undefined;
};

/** What a partner says is wrong. */
export const errorsIn = (root: Element | null): string =>
  plain((root?.children ?? []).filter(({ name }) => name === 'error').map((one) => text(one, 'description')).join(' '), 300);
