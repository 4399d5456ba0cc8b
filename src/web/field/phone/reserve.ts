import { dropRow, findRow, keepRow } from './kept.ts';
import { isFull } from './space.ts';

/** Bytes held free for actions: a thousand of them need less. */
const bytes = 2_000_000;
const key = 'reserve';
/** How long to wait before each try after the reserve was let go, in milliseconds: a browser frees what was deleted when it gets to it. */
const waits = [0, 300, 1000, 3000];

/** Chance, so that no browser can press it into less. */
const filling = (): Blob => {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let left = bytes; left > 0; left -= 65_536) parts.push(crypto.getRandomValues(new Uint8Array(Math.min(left, 65_536))));
  return new Blob(parts);
};

/**
 * Holds room for actions by filling it, since what a browser says of its room is not to be relied on. Room that is held
 * already stays as it is.
 * @returns false where the phone is too full for it
 */
export const holdReserve = async (): Promise<boolean> => {
  try {
    if (!(await findRow('facts', key))) await keepRow('facts', { key, value: filling() });
    return true;
  } catch (error) {
    if (!isFull(error)) throw error;
    return false;
  }
};

/** Writes what must not be lost; where the phone is full, the reserve makes room for it. @throws DOMException `QuotaExceededError` where even that is used up. */
export const writeWithReserve = async <T>(write: () => Promise<T>): Promise<T> => {
  let met: unknown;
  try {
    return await write();
  } catch (error) {
    if (!isFull(error)) throw error;
    met = error;
  }
  await dropRow('facts', key);
  for (const wait of waits) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    try {
      return await write();
    } catch (error) {
      if (!isFull(error)) throw error;
      met = error;
    }
  }
  throw met;
};
