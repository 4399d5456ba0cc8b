/** Bytes that stay free for actions: a thousand of them need less. */
const reserve = 2_000_000;
/** Below this much room pictures are made smaller than usual. */
const tight = 30_000_000;
/** Below this the owner is told. */
const low = 60_000_000;

export interface Space {
  /** Bytes that can still be kept; Infinity where the browser does not say. */
  readonly free: number;
  readonly tight: boolean;
  readonly low: boolean;
}

/** How much room the phone leaves to this app. */
export const readSpace = async (): Promise<Space> => {
  let free = Infinity;
  try {
    const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
    if (quota !== undefined && usage !== undefined) free = Math.max(0, quota - usage);
  } catch {
    // Not said is not full: writing tells.
  }
  return { free, tight: free < tight, low: free < low };
};

/** Whether a picture of that many bytes can be kept without taking the room that actions need. */
export const fits = ({ free }: Space, bytes: number): boolean => free - bytes > reserve;

/** True for what a browser throws where there is no room. */
export const isFull = (error: unknown): boolean => error instanceof DOMException && (error.name === 'QuotaExceededError' || error.code === 22);
