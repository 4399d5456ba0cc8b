/** What answers are made of: the same value is said as JSON and as XML. */
export type Said = string | number | boolean | null | readonly Said[] | { readonly [name: string]: Said | undefined };

/** Names of the items of lists, by the name of the list. */
const items: Readonly<Record<string, string>> = {
  services: 'service', service_requests: 'request', service_request_updates: 'request_update', attributes: 'attribute', values: 'value', endpoints: 'endpoint', formats: 'format', errors: 'error', place: 'part',
};

const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Text as XML 1.0 may hold it: what it cannot hold at all is left out. */
const escaped = (text: string): string =>
  // Most texts hold nothing of the kind, and of them there are ten thousand in a long list.
  (/^[\t\n\u0020\u0021\u0023-\u0025\u0028-\u003b\u003d\u003f-\ud7ff\ue000-\ufffd]*$/.test(text) ? text : rewritten(text));

const rewritten = (text: string): string =>
  text.toWellFormed().replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '').replace(/[&<>"']/g, (sign) => marks[sign]!).replaceAll('\r', '&#13;');

const element = (name: string, value: Said | undefined): string => {
  if (value === undefined) return '';
  let inside = '';
  if (typeof value === 'string') inside = escaped(value);
  else if (typeof value === 'number' || typeof value === 'boolean') inside = String(value);
  else if (Array.isArray(value)) {
    const item = items[name] ?? 'item';
    for (const one of value as readonly Said[]) inside += element(item, one);
  } else if (value !== null) for (const [member, one] of Object.entries(value)) inside += element(member, one);
  return inside === '' ? `<${name}/>` : `<${name}>${inside}</${name}>`;
};

/** A whole document, the declaration first. A list's items are named by the list, members by themselves; null is an empty element. */
export const xmlOf = (root: string, value: Said): string => `<?xml version="1.0" encoding="utf-8"?>\n${element(root, value)}\n`;
