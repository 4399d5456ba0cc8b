import { theSystem } from '../../../base/actor.ts';
import { isRefusal } from '../../../base/result.ts';
import { say } from '../../../base/text/language.ts';
import { fetchOutside, type FetchFault } from '../../../platform/outside/fetching.ts';
import { textsOf } from '../../../platform/texts.ts';
import { opOf } from '../rules/form.ts';
import { claimMedia, settleMedia, type MediaRow } from '../store.ts';
import type { Needs } from './needs.ts';
import type { Offer } from './offer.ts';

/** Bytes of a picture: as many as one that is sent as a file may have. */
const mostBytes = 20 * 1024 * 1024;
const withinMs = 15_000;
const atOnce = 4;
/** Longer than one fetch and what follows takes. */
const claimMs = 60_000;
const triesAtMost = 5;
/** Milliseconds until the next try, by how many there were. */
const pause = (tries: number): number => 30_000 * 4 ** (tries - 1);
const passing: ReadonlySet<FetchFault> = new Set(['away', 'slow']);
/** What the desk reads, it reads in the language of the code table. */
const deskLanguage = 'zh-Hans';

/** Fetches the pictures that reports named by their address, and adds them to the case as a note, or why there is none. The report stands whatever happens. */
export const createMedia = ({ world, matters, pictures }: Pick<Needs, 'world' | 'matters' | 'pictures'>, offer: Offer) => {
  const noted = async ({ county, matter, url }: MediaRow, key: string, params: Record<string, string | number>, blobs: readonly string[]): Promise<void> => {
    const done = await matters.act({
      actor: theSystem, behalf: null, county, kind: 'case', matter, action: 'note', op: opOf('media', `${matter} ${url ?? ''}`),
      input: { text: say(textsOf('open311'), deskLanguage, key, params), ...(blobs.length > 0 && { blobs }) },
    });
    // A case that has come to its end meanwhile takes no more notes, and needs no picture any more.
    if (isRefusal(done) && done.status >= 500) throw new Error(done.reason);
  };

  const one = async (row: MediaRow): Promise<void> => {
    const jurisdiction = await offer(row.county);
    const hosts = isRefusal(jurisdiction) ? [] : (jurisdiction.settings.mediaHosts ?? []).map((host) => host.toLowerCase());
    const got = await fetchOutside(row.url!, { mostBytes, withinMs, hosts });
    const tries = row.tries + 1;
    const given = async (state: string): Promise<void> => {
      await noted(row, 'media.failed', { why: say(textsOf('open311'), deskLanguage, `media.why.${state}`) }, []);
      await settleMedia(world.db, row, { state, tries, url: null, next: null });
    };
    if ('fault' in got) {
      const { fault, status = 0 } = got;
      const again = (passing.has(fault) || (fault === 'status' && (status >= 500 || status === 429))) && tries < triesAtMost;
      if (again) await settleMedia(world.db, row, { state: fault, tries, url: row.url, next: new Date(world.now() + pause(tries)) });
      else await given(fault);
      return;
    }
    const kept = await pictures.put(theSystem, row.county, got.bytes);
    if (isRefusal(kept) && kept.status === 503 && tries < triesAtMost) await settleMedia(world.db, row, { state: 'busy', tries, url: row.url, next: new Date(world.now() + pause(tries)) });
    else if (isRefusal(kept)) await given('picture');
    else {
      await noted(row, 'media.fetched', {}, [kept.served]);
      await settleMedia(world.db, row, { state: 'fetched', tries, url: null, next: null });
    }
  };

  /** One round over those that are due. @returns how many were done: more may be waiting. */
  return async (): Promise<number> => {
    const now = world.now();
    const due = await claimMedia(world.db, new Date(now), new Date(now + claimMs), atOnce);
    const results = await Promise.allSettled(due.map(one));
    for (const result of results) if (result.status === 'rejected') world.log.warn({ err: result.reason as Error }, 'a picture of a report could not be fetched for now');
    return due.length;
  };
};
