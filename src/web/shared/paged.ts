import { useState } from 'react';
import type { News } from './live/stream.ts';
import { useResource, type Resource } from './resource.ts';

/** A page of a list; `next` is the cursor of the one after it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** Reads as many pages as are shown, one after the other, so that a refresh keeps the place in the list. */
export const readPages = async <P extends Page<unknown>>(load: (after: string | null) => Promise<P>, pages: number): Promise<P> => {
  let whole = await load(null);
  for (let page = 1; page < pages && whole.next; page++) {
    const more = await load(whole.next);
    whole = { ...whole, items: [...whole.items, ...more.items], next: more.next };
  }
  return whole;
};

/** A list that grows by a page at a time and is read anew like any resource. */
export const usePaged = <P extends Page<unknown>>(key: string, load: (after: string | null, signal: AbortSignal) => Promise<P>, concerns?: (news: News) => boolean): Resource<P> & { readonly more: () => void } => {
  const [grown, setGrown] = useState({ key, pages: 1 });
  const pages = grown.key === key ? grown.pages : 1;
  const [last, setLast] = useState<{ readonly key: string; readonly data: P } | null>(null);
  const resource = useResource(`${key} ${pages}`, async (signal) => {
    const data = await readPages((after) => load(after, signal), pages);
    setLast({ key, data });
    return data;
  }, concerns);
  return { ...resource, data: resource.data ?? (last?.key === key ? last.data : null), loading: resource.loading && last?.key !== key, more: () => setGrown({ key, pages: pages + 1 }) };
};
