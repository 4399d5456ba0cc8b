/** Takes items one by one and writes together whatever came while the last write ran; nothing waits for a batch to fill. */
export const gathered = <T, R>(most: number, write: (items: readonly T[]) => Promise<R>): ((item: T) => Promise<R>) => {
  let waiting: { readonly item: T; readonly done: (result: R) => void; readonly failed: (error: unknown) => void }[] = [];
  let writing = false;
  const run = async (): Promise<void> => {
    writing = true;
    // A turn of the loop: answers that arrive in one packet travel together.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      try {
        const result = await write(batch.map(({ item }) => item));
        for (const { done } of batch) done(result);
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    writing = false;
  };
  return (item) => new Promise((done, failed) => {
    waiting.push({ item, done, failed });
    if (!writing) void run();
  });
};
