import { useSyncExternalStore } from 'react';

/** Where a page stands: `#/matters/{id}?box=todo` is path `['matters', id]` with its query. */
export interface Place {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

const read = (): string => location.hash.replace(/^#\/?/, '');
const subscribe = (listener: () => void): (() => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

/** Address of a page inside this end, for `href`. */
export const hrefOf = (path: readonly string[], query: Readonly<Record<string, string | undefined>> = {}): string => {
  const search = new URLSearchParams(Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '')).toString();
  return `#/${path.map(encodeURIComponent).join('/')}${search ? `?${search}` : ''}`;
};

/** Goes to a page; the browser's back leads to where one was, unless it is replaced. */
export const go = (path: readonly string[], query?: Readonly<Record<string, string | undefined>>, replace = false): void => {
  const href = hrefOf(path, query);
  if (replace) {
    history.replaceState(null, '', href);
    dispatchEvent(new HashChangeEvent('hashchange'));
  } else location.hash = href;
};

/** The page that the address names; it lives in the hash, so that a reload needs nothing of the server. */
export const usePlace = (): Place => {
  const text = useSyncExternalStore(subscribe, read);
  const [path = '', search = ''] = text.split('?');
  return { path: path.split('/').filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(search) };
};
