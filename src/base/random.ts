/**
 * Where ids and salts come from. Injected, so that a demo database can be made twice with equal bytes;
 * everywhere else it is the operating system's generator.
 */
export interface RandomSource {
  /** UUIDv7 of the given time in milliseconds: sorts by time, unique per source. */
  uuid(nowMs: number): string;
  bytes(length: number): Uint8Array;
}

const hex = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += (byte < 16 ? '0' : '') + byte.toString(16);
  return text;
};

/** Lays 48 bits of time and 10 random bytes out as RFC 9562 section 5.7. */
export const uuidv7 = (nowMs: number, random: Uint8Array): string => {
  const time = nowMs.toString(16).padStart(12, '0');
  const rest = hex(random.subarray(0, 10));
  const variant = (8 | (Number.parseInt(rest[4]!, 16) & 3)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-${variant}${rest.slice(5, 8)}-${rest.slice(8, 20)}`;
};

/** A repeatable source (xoshiro128**), for demo towns and tests only: its output can be foretold. */
export class SeededRandom implements RandomSource {
  #state: Uint32Array;
  constructor(seed: number | string) {
    let h = 2166136261;
    for (const char of String(seed)) h = Math.imul(h ^ char.charCodeAt(0), 16777619);
    this.#state = new Uint32Array(4);
    for (let i = 0; i < 4; i++) {
      h = Math.imul(h ^ (h >>> 15), 2246822507) + 0x9e3779b9;
      this.#state[i] = h ^ (h >>> 13);
    }
    for (let i = 0; i < 16; i++) this.next();
  }
  /** A whole number in [0, 2^32). */
  next(): number {
    const s = this.#state;
    const product = Math.imul(s[1]!, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  }
  /** A number in [0, 1). */
  fraction(): number {
    return this.next() / 4294967296;
  }
  /** A whole number in [0, below). */
  below(below: number): number {
    return Math.floor(this.fraction() * below);
  }
  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = this.next() >>> 24;
    return bytes;
  }
  uuid(nowMs: number): string {
    return uuidv7(nowMs, this.bytes(10));
  }
}
