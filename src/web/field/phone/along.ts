import { useEffect, useSyncExternalStore } from 'react';
import { listMatters, readMatter, type MatterItem, type MatterPage } from '../../../modules/matters/contract.ts';
import { listConsents } from '../../../modules/identity/contract.ts';
import { listHandovers } from '../../../modules/rounds/contract/handover.ts';
import { readPack, type Pack } from '../../../modules/rounds/contract/pack.ts';
import { readCoverage } from '../../../modules/rounds/contract/patrol.ts';
import { listVisits, readTheirs } from '../../../modules/rounds/contract/visits.ts';
import { call, Problem } from '../../shared/client.ts';
import { pictureAddress, whereAmI } from '../../shared/pictures/pictures.ts';
import { keepAnswer, keptAnswer } from './answers.ts';
import { rightNow } from './clock.ts';
import { lastHere } from './here.ts';
import { allRows, dropRow, keepRow } from './kept.ts';

/** What is in the phone of the pack, with the age of its oldest part. */
export interface Along extends Partial<Pack> {
  /** Milliseconds since 1970; null while nothing has been taken along. */
  readonly at: number | null;
  /** Matters that are in the phone with all that belongs to them. */
  readonly tasks: number;
  /** True while it is being brought up to date. */
  readonly busy: boolean;
}

let along: Along = { at: null, tasks: 0, busy: false };
const listeners = new Set<() => void>();
const set = (next: Along): void => {
  along = next;
  for (const listener of listeners) listener();
};

/** What was taken along. */
export const useAlong = (): Along => useSyncExternalStore((listener) => { listeners.add(listener); return () => listeners.delete(listener); }, () => along);

const readKept = async (account: string): Promise<void> => {
  const parts = (await allRows('pack')).filter((part) => part.account === account);
  const found: Record<string, unknown> = {};
  for (const { name, value } of parts) found[name] = value;
  const pages = (await allRows('answers')).filter(({ key }) => key.startsWith(`${account} `) && key.includes(' matter ')).length;
  set({ ...(found as Partial<Pack>), at: parts.length === 0 ? null : Math.min(...parts.map(({ at }) => at)), tasks: pages, busy: along.busy });
};

const packParts = async (account: string): Promise<void> => {
  const parts = (await allRows('pack')).filter((part) => part.account === account);
  // Whoever has many grids takes those along that they are in.
  const here = lastHere() ?? (await whereAmI(2_500));
  const answer = await call(readPack, { query: { ...(parts.length > 0 && { known: parts.map(({ name, digest }) => `${name}:${digest}`).join() }), ...(here && { lng: here.lng, lat: here.lat }) } });
  const at = rightNow();
  for (const { name, digest, value } of answer.parts) {
    const known = parts.find((part) => part.name === name);
    if (known?.digest === digest) await keepRow('pack', { ...known, at });
    else await keepRow('pack', { name, account, digest, at, value });
  }
};

/** Whole matters that a phone takes along, and pictures of them, the most urgent first. */
const tasksAtMost = 200;
const picturesAtMost = 60;
/** A page that is older than this is read again though its matter has not changed, in milliseconds. */
const stale = 12 * 3_600_000;
/** Pages read at once. */
const atOnce = 3;

const tasks = async (account: string, language: string): Promise<void> => {
  const items: MatterItem[] = [];
  for (const box of ['mine', 'todo'] as const) {
    const list = await call(listMatters, { query: { box, limit: 100 } });
    await keepAnswer(account, language, `list ${box}`, list);
    for (const item of list.items) if (!items.some(({ id }) => id === item.id)) items.push(item);
  }
  const wanted = items.slice(0, tasksAtMost);
  const queue = [...wanted];
  const pictures: string[] = [];
  const work = async (): Promise<void> => {
    for (let item = queue.shift(); item; item = queue.shift()) {
      const key = `matter ${item.id}`;
      const known = await keptAnswer<MatterPage>(account, language, key);
      let page = known?.value;
      if (!known || known.value.matter.version !== item.version || known.keptAt! < rightNow() - stale) {
        page = await call(readMatter, { params: { id: item.id } });
        await keepAnswer(account, language, key, page);
      }
      const first = page?.files[0];
      if (first) pictures.push(first.blob);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const kept = new Set(wanted.map(({ id }) => `${account} ${language} matter ${id}`));
  for (const { key, at } of await allRows('answers')) if (key.includes(' matter ') && !kept.has(key) && at < rightNow() - stale) await dropRow('answers', key);
  // The service worker keeps what passes through it.
  for (const blob of pictures.slice(0, picturesAtMost)) await fetch(pictureAddress(blob, 640), { credentials: 'same-origin' }).catch(() => undefined);
};

/** Residents whose cases are taken along: those that one may act for, the newest consents first. */
const residentsAtMost = 20;

/** Routes of the week, shifts, visits, consents and the cases of those who gave them, as far as the account has to do with them. */
const further = async (account: string, language: string): Promise<void> => {
  const keep = async <T>(key: string, read: () => Promise<T>): Promise<T | null> => {
    try {
      const answer = await read();
      await keepAnswer(account, language, key, answer);
      return answer;
    } catch (error) {
      if (!(error instanceof Problem && error.status === 403)) throw error;
      return null;
    }
  };
  await keep('coverage', () => call(readCoverage));
  await keep('handovers', () => call(listHandovers));
  await keep('visits', () => call(listVisits, { query: { limit: 30 } }));
  const consents = await keep('consents', () => call(listConsents));
  const held = (consents?.items ?? []).filter(({ purpose, revokedAt, until }) => purpose === 'proxy' && revokedAt === null && Date.parse(until) > rightNow());
  for (const { id } of held.slice(0, residentsAtMost)) await keep(`theirs ${id}`, () => call(readTheirs, { params: { consent: id } }));
};

/** Takes along again at the earliest after this, in milliseconds. */
const rest = 240_000;
let last = 0;
let running: Promise<void> | null = null;

/** Brings what the phone has up to date: only what changed travels. Quietly gives up where there is no network. */
export const takeAlong = (account: string, language: string, now = false): Promise<void> => {
  if (running) return running;
  if (!navigator.onLine || (!now && Date.now() - last < rest && last <= Date.now())) return Promise.resolve();
  last = Date.now();
  set({ ...along, busy: true });
  running = (async () => {
    try {
      await packParts(account).catch((error: unknown) => { if (!(error instanceof Problem && error.status === 403)) throw error; });
      await tasks(account, language);
      await further(account, language);
    } catch {
      // What was taken before is still there, with its age.
      last = 0;
    } finally {
      running = null;
      along = { ...along, busy: false };
      await readKept(account);
    }
  })();
  return running;
};

/** Takes along at the start, when the network comes back, when the page is looked at again, and from time to time. */
export const useTakingAlong = (account: string | null, language: string): void => {
  useEffect(() => {
    if (account === null) return;
    const go = (): void => { if (document.visibilityState === 'visible') void takeAlong(account, language); };
    void readKept(account).then(go);
    const timer = setInterval(go, rest);
    addEventListener('online', go);
    document.addEventListener('visibilitychange', go);
    return () => {
      clearInterval(timer);
      removeEventListener('online', go);
      document.removeEventListener('visibilitychange', go);
    };
  }, [account, language]);
};
