import type { Duplex } from 'node:stream';

/**
 * What is written to a socket in one turn leaves in one packet: a segment of its own for each of hundreds in a window costs a
 * call of the system each. Call it before a write; the turn's end lets all of it go.
 */
export const together = (socket: Duplex): (() => void) => {
  let held = false;
  return () => {
    if (held) return;
    held = true;
    socket.cork();
    // Behind the promises of this turn, whose continuations write too.
    setImmediate(() => { held = false; socket.uncork(); });
  };
};
