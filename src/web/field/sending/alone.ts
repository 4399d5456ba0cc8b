import { newOp } from '../../shared/client.ts';
import { takeLease } from '../phone/kept.ts';

/** How long a page may be silent before another takes over, in milliseconds. */
const leaseFor = 20_000;
const lookEvery = 400;
/** Longer than this nobody waits for another page: what waits is tried again by itself. */
const patience = 12_000;

/** Names this page among the others of this phone. */
const me = newOp();

/** Renews this page's turn while it works; called between two sendings. */
export type Renew = () => Promise<void>;

const byLease = async (name: string, work: (renew: Renew) => Promise<void>): Promise<void> => {
  const take = (): Promise<boolean> => takeLease(name, me, Date.now(), Date.now() + leaseFor);
  for (let waited = 0; !(await take()); waited += lookEvery) {
    if (waited >= patience) return;
    await new Promise((resolve) => setTimeout(resolve, lookEvery));
  }
  try {
    await work(async () => void (await take()));
  } finally {
    await takeLease(name, me, Date.now(), 0);
  }
};

/**
 * Runs work in one page of this browser at a time. Through the browser's locks, which end with the page; where there are
 * none (old web views), through a lease in the phone. Two at once would do no harm, every sending has its `op`, but would
 * send pictures twice and could change the order.
 */
export const alone = (name: string, work: (renew: Renew) => Promise<void>): Promise<void> =>
  'locks' in navigator ? navigator.locks.request(name, () => work(() => Promise.resolve())) : byLease(name, work);
