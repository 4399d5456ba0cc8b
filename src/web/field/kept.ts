/** What the phone keeps until it has been sent: actions and pictures, in IndexedDB. */

/** An action that has not been answered yet, or that the server did not accept. */
export interface Waiting {
  /** The operation: the same at every try, so that it happens once. */
  readonly op: string;
  readonly account: string;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  /** What it is about and what is done, as shown. */
  readonly title: string;
  readonly label: string;
  /** The matter that is acted on; null makes a new one. */
  readonly matter: string | null;
  readonly action: string;
  /** Pictures stand in it by their id in the phone. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Why the server did not accept it, in words; null while it waits. */
  readonly refused: string | null;
}

/** A picture in the phone; `stored` is its address on the server once it is there. */
export interface KeptPicture {
  readonly id: string;
  readonly blob: Blob;
  readonly stored: string | null;
}

interface Stores {
  readonly waiting: Waiting;
  readonly pictures: KeptPicture;
}

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
  });

let opened: Promise<IDBDatabase> | null = null;
const database = (): Promise<IDBDatabase> => {
  opened ??= (() => {
    const request = indexedDB.open('lamplight-field', 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('waiting', { keyPath: 'op' });
      request.result.createObjectStore('pictures', { keyPath: 'id' });
    };
    return settled(request);
  })();
  return opened;
};

const store = async (name: keyof Stores, mode: IDBTransactionMode): Promise<IDBObjectStore> => (await database()).transaction(name, mode, { durability: 'strict' }).objectStore(name);

/** Writes a row; a row of the same key is replaced. Resolves when it is on the device. */
export const keepRow = async <N extends keyof Stores>(name: N, row: Stores[N]): Promise<void> => void (await settled((await store(name, 'readwrite')).put(row)));
export const dropRow = async (name: keyof Stores, key: string): Promise<void> => void (await settled((await store(name, 'readwrite')).delete(key)));
export const findRow = async <N extends keyof Stores>(name: N, key: string): Promise<Stores[N] | undefined> => settled((await store(name, 'readonly')).get(key) as IDBRequest<Stores[N] | undefined>);
export const allRows = async <N extends keyof Stores>(name: N): Promise<readonly Stores[N][]> => settled((await store(name, 'readonly')).getAll() as IDBRequest<Stores[N][]>);
