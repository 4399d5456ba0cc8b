/** What the phone keeps, in IndexedDB: actions and pictures until they are sent, and what was taken along to work without a network. */

/** Where a kept action goes: a matter, a new matter, or one of the addresses of rounds. */
export type Target = 'matter' | 'new' | 'step' | 'visit' | 'consent' | 'proxy' | 'handover' | 'confirm' | 'plate';

/** Why the server did not accept an action, in its words. */
export interface RefusedBecause {
  readonly status: number;
  readonly reason: string;
  readonly words: string;
}

/** An action that has not been answered yet, or that the server did not accept. */
export interface Waiting {
  /** The operation: the same at every try, so that it happens once. */
  readonly op: string;
  readonly account: string;
  /** One more than that of the action kept before: a phone's clock may jump, the order may not. */
  readonly order: number;
  /** Milliseconds since 1970, the phone's time put right by the server's. */
  readonly madeAt: number;
  /** Seconds by which the phone's own time was put right. */
  readonly corrected: number;
  /** What it is about and what is done, as shown. */
  readonly title: string;
  readonly label: string;
  readonly target: Target;
  /** What must stay in order among itself: a matter's id, a patrol's; null where nothing hangs on it. */
  readonly thread: string | null;
  /** The matter that is acted on; null for anything else. */
  readonly matter: string | null;
  /** Version of the matter as it was seen when the action was taken. */
  readonly basis: number | null;
  readonly action: string;
  /** Pictures stand in it by their id in the phone. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Null while it waits. */
  readonly refused: RefusedBecause | null;
}

/** A picture in the phone; `stored` is its address on the server once it is there. */
export interface KeptPicture {
  readonly id: string;
  readonly blob: Blob;
  readonly stored: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Something that was read from the server, and when (milliseconds since 1970, put right). */
export interface KeptAnswer {
  readonly key: string;
  readonly at: number;
  readonly value: unknown;
}

/** A part of the pack under its name, with the digest that the server knows it by. */
export interface KeptPart {
  readonly name: string;
  readonly account: string;
  readonly digest: string;
  readonly at: number;
  readonly value: unknown;
}

/** One thing that the phone remembers of itself: whose it is, who is sending, a report that was begun. */
export interface KeptFact {
  readonly key: string;
  readonly value: unknown;
}

interface Stores {
  readonly waiting: Waiting;
  readonly pictures: KeptPicture;
  readonly answers: KeptAnswer;
  readonly pack: KeptPart;
  readonly facts: KeptFact;
}

const keyOf = { waiting: 'op', pictures: 'id', answers: 'key', pack: 'name', facts: 'key' } as const satisfies Record<keyof Stores, string>;

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
  });

let opened: Promise<IDBDatabase> | null = null;
const database = (): Promise<IDBDatabase> => {
  opened ??= (async () => {
    const request = indexedDB.open('lamplight-field', 2);
    request.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(keyOf)) if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name, { keyPath });
    };
    const made = await settled(request);
    // A newer page wants a newer shape: let it, and open again when something is next asked for.
    made.onversionchange = () => { made.close(); opened = null; };
    made.onclose = () => { opened = null; };
    return made;
  })();
  opened.catch(() => { opened = null; });
  return opened;
};

/** A transaction whose writes are on the device when it ends. Browsers that do not know `durability` leave it out. */
const begin = async (names: (keyof Stores)[], mode: IDBTransactionMode): Promise<IDBTransaction> => (await database()).transaction(names, mode, { durability: 'strict' });

const ended = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB'));
    transaction.onerror = () => reject(transaction.error ?? new Error('IndexedDB'));
  });

/** Writes a row; a row of the same key is replaced. Resolves when it is on the device. @throws DOMException `QuotaExceededError` where there is no room. */
export const keepRow = async <N extends keyof Stores>(name: N, row: Stores[N]): Promise<void> => {
  const transaction = await begin([name], 'readwrite');
  transaction.objectStore(name).put(row);
  await ended(transaction);
};

/** Keeps an action behind all that were kept before. @param after an order that it comes behind too */
export const keepLast = async (row: Omit<Waiting, 'order'>, after: number): Promise<Waiting> => {
  const transaction = await begin(['waiting'], 'readwrite');
  const done = ended(transaction);
  const store = transaction.objectStore('waiting');
  const before = await settled(store.getAll() as IDBRequest<Waiting[]>);
  const kept: Waiting = { ...row, order: before.reduce((most, each) => Math.max(most, each.order ?? 0), after) + 1 };
  store.put(kept);
  await done;
  return kept;
};

/** Puts an action in the place of another, at once. */
export const replaceAction = async (op: string, row: Waiting): Promise<void> => {
  const transaction = await begin(['waiting'], 'readwrite');
  transaction.objectStore('waiting').delete(op);
  transaction.objectStore('waiting').put(row);
  await ended(transaction);
};

export const dropRow = async (name: keyof Stores, key: string): Promise<void> => {
  const transaction = await begin([name], 'readwrite');
  transaction.objectStore(name).delete(key);
  await ended(transaction);
};

export const findRow = async <N extends keyof Stores>(name: N, key: string): Promise<Stores[N] | undefined> =>
  settled((await begin([name], 'readonly')).objectStore(name).get(key) as IDBRequest<Stores[N] | undefined>);
export const allRows = async <N extends keyof Stores>(name: N): Promise<readonly Stores[N][]> =>
  settled((await begin([name], 'readonly')).objectStore(name).getAll() as IDBRequest<Stores[N][]>);

/** Forgets everything that was read from the server. What waits to be sent stays, with its pictures. */
export const forgetAnswers = async (): Promise<void> => {
  const transaction = await begin(['answers', 'pack'], 'readwrite');
  transaction.objectStore('answers').clear();
  transaction.objectStore('pack').clear();
  await ended(transaction);
};

/**
 * Takes or renews a lease by name, in one transaction, for where the browser has no locks.
 * @param now milliseconds since 1970 by this device: all its pages have the same
 * @returns false while somebody else has it
 */
export const takeLease = async (name: string, holder: string, now: number, until: number): Promise<boolean> => {
  const transaction = await begin(['facts'], 'readwrite');
  const done = ended(transaction);
  const store = transaction.objectStore('facts');
  const lease = (await settled(store.get(`lease ${name}`) as IDBRequest<KeptFact | undefined>))?.value as { holder: string; until: number } | undefined;
  // A lease that ends too far ahead was taken before the clock was set back.
  const free = !lease || lease.holder === holder || lease.until <= now || lease.until > now + 120_000;
  if (free) store.put({ key: `lease ${name}`, value: { holder, until } });
  await done;
  return free;
};
