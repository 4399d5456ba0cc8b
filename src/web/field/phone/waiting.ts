import { Problem } from '../../shared/client.ts';
import { allRows, dropRow, findRow, keepLast, keepRow, replaceAction, type Waiting } from './kept.ts';
import { isFull } from './space.ts';

/**
 * Actions that wait. They stand in IndexedDB; where it is full, in local storage, which browsers count apart from it, so that
 * photos and maps never take the room of a step. A row there counts before one of the same op in IndexedDB.
 */
const prefix = 'lamplight-waiting ';

const full = (): Problem => new Problem(507, 'field.full_step', '', '');

const aside = (): Waiting[] => {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix)).flatMap((key) => { const text = localStorage.getItem(key); return text === null ? [] : [JSON.parse(text) as Waiting]; });
  } catch {
    return [];
  }
};

/** Puts a row aside, whole or not at all. @throws Problem of reason `field.full_step`. */
const putAside = (row: Waiting): void => {
  try {
    localStorage.setItem(prefix + row.op, JSON.stringify(row));
  } catch {
    throw full();
  }
};

/** All that waits, in the order in which it was done. */
export const allWaiting = async (): Promise<readonly Waiting[]> => {
  const beside = new Map(aside().map((row) => [row.op, row]));
  return [...(await allRows('waiting')).filter(({ op }) => !beside.has(op)), ...beside.values()].sort((a, b) => a.order - b.order);
};

export const findWaiting = async (op: string): Promise<Waiting | undefined> => aside().find((row) => row.op === op) ?? findRow('waiting', op);

export const dropWaiting = async (op: string): Promise<void> => {
  await dropRow('waiting', op);
  try {
    localStorage.removeItem(prefix + op);
  } catch {
    // A browser that has none has nothing in it.
  }
};

/** Keeps an action behind all that were kept before. @throws Problem of reason `field.full_step` where there is no room at all: then nothing of it is kept, and what was kept before still is. */
export const keepBehind = async (row: Omit<Waiting, 'order'>): Promise<Waiting> => {
  const beside = aside().reduce((most, { order }) => Math.max(most, order), 0);
  try {
    return await keepLast(row, beside);
  } catch (error) {
    if (!isFull(error)) throw error;
  }
  const last: Waiting = { ...row, order: (await allWaiting()).reduce((most, { order }) => Math.max(most, order), 0) + 1 };
  putAside(last);
  return last;
};

/** Writes an action anew, as after the server has not accepted it. @throws Problem as `keepBehind`; then it stands as it was. */
export const keepAgain = async (row: Waiting): Promise<void> => {
  if (aside().some(({ op }) => op === row.op)) return putAside(row);
  await keepRow('waiting', row).catch((error: unknown) => { if (!isFull(error)) throw error; putAside(row); });
};

/** Puts an action in the place of another. @throws Problem as `keepBehind`; then the other stands as it was. */
export const putInPlace = async (op: string, row: Waiting): Promise<void> => {
  if (!aside().some((one) => one.op === op)) {
    try {
      return await replaceAction(op, row);
    } catch (error) {
      if (!isFull(error)) throw error;
    }
  }
  putAside(row);
  await dropWaiting(op);
};
