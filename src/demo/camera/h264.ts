/** A picture in planes: one byte a sample, chroma halved in both directions (4:2:0). Sides are multiples of 16. */
export interface Planes {
  readonly width: number;
  readonly height: number;
  readonly y: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
}

/** Writes bits, most significant first. */
class Bits {
  #bytes: Uint8Array;
  #at = 0;
  #bit = 0;

  constructor(room: number) {
    this.#bytes = new Uint8Array(room);
  }

  put(value: number, count: number): void {
    for (let i = count - 1; i >= 0; i--) {
      this.#bytes[this.#at]! |= ((value >>> i) & 1) << (7 - this.#bit);
      if (++this.#bit === 8) [this.#bit, this.#at] = [0, this.#at + 1];
    }
  }

  /** Exp-Golomb, unsigned. */
  ue(value: number): void {
    const length = 31 - Math.clz32(value + 1);
    this.put(0, length);
    this.put(value + 1, length + 1);
  }

  align(): void {
    if (this.#bit > 0) [this.#bit, this.#at] = [0, this.#at + 1];
  }

  /** Whole bytes; only where aligned. */
  bytes(from: Uint8Array, start: number, count: number): void {
    this.#bytes.set(from.subarray(start, start + count), this.#at);
    this.#at += count;
  }

  /** Ends with the stop bit. */
  end(): Uint8Array {
    this.put(1, 1);
    this.align();
    return this.#bytes.subarray(0, this.#at);
  }
}

/** A NAL unit with its header byte and with the bytes put in that keep start codes out of it. */
const nal = (header: number, payload: Uint8Array): Uint8Array => {
  const out = new Uint8Array(1 + Math.ceil(payload.length * 1.5) + 3);
  let at = 0;
  let zeros = 0;
  out[at++] = header;
  for (const byte of payload) {
    if (zeros >= 2 && byte <= 3) {
      out[at++] = 3;
      zeros = 0;
    }
    out[at++] = byte;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return out.slice(0, at);
};

/** Modes of Intra_16x16 by the standard's figures. */
const lumaMode = { vertical: 0, horizontal: 1 } as const;

/** Whether a block repeats the line above it (`vertical`) or the column left of it; undefined where neither. */
const repeats = (plane: Uint8Array, stride: number, x: number, y: number, size: number): keyof typeof lumaMode | undefined => {
  const top = y > 0;
  const left = x > 0;
  const at = y * stride + x;
  let [vertical, horizontal] = [top, left];
  for (let j = 0; j < size && (vertical || horizontal); j++) {
    const row = at + j * stride;
    const before = left ? plane[row - 1]! : 0;
    for (let i = 0; i < size; i++) {
      const value = plane[row + i]!;
      if (vertical && value !== plane[at - stride + i]) vertical = false;
      if (horizontal && value !== before) horizontal = false;
      if (!vertical && !horizontal) break;
    }
  }
  return vertical ? 'vertical' : horizontal ? 'horizontal' : undefined;
};

/** The same of chroma, where the standard counts otherwise. */
const chromaMode = { horizontal: 1, vertical: 2 } as const;

/** The parameter sets of a stream, as they stand in `avcC`. */
export interface ParameterSets {
  readonly sps: Uint8Array;
  readonly pps: Uint8Array;
}

/** Profile, constraints and level of the streams here: baseline, constrained, 3.1. */
export const profile = [66, 0xc0, 31] as const;

export const parameterSets = (width: number, height: number): ParameterSets => {
  const sps = new Bits(64);
  for (const byte of profile) sps.put(byte, 8);
  sps.ue(0);
  sps.ue(4); // frame_num has 8 bits
  sps.ue(2); // pictures come out in the order in which they are decoded
  sps.ue(1); // one picture to refer to
  sps.put(0, 1);
  sps.ue(width / 16 - 1);
  sps.ue(height / 16 - 1);
  sps.put(1, 1); // frames only
  sps.put(1, 1);
  sps.put(0, 1); // no cropping
  sps.put(0, 1); // no VUI
  const pps = new Bits(64);
  pps.ue(0);
  pps.ue(0);
  pps.put(0, 1); // CAVLC
  pps.put(0, 1);
  pps.ue(0);
  pps.ue(0);
  pps.ue(0);
  pps.put(0, 3);
  pps.ue(0);
  pps.ue(0);
  pps.ue(0);
  pps.put(1, 1); // the deblocking filter is told to stay away
  pps.put(0, 2);
  return { sps: nal(0x67, sps.end()), pps: nal(0x68, pps.end()) };
};

/**
 * Encodes drawn pictures as H.264 (ITU-T H.264, baseline), exactly: each block of 16 by 16 is left as it was in the picture
 * before (P_Skip), repeats what stands above or left of it (Intra_16x16 without residual), or is sent as samples (I_PCM).
 * There is no transform, so what is flat or still costs a few bits and what is not costs 384 bytes.
 */
export const createEncoder = (width: number, height: number): { frame(picture: Planes, whole: boolean): Uint8Array } => {
  const [across, down] = [width / 16, height / 16];
  let before: Planes | undefined;
  let number = 0;
  let idr = 0;
  const same = (a: Planes, b: Planes, mx: number, my: number): boolean => {
    for (let j = 0; j < 16; j++) {
      const at = (my * 16 + j) * width + mx * 16;
      for (let i = 0; i < 16; i++) if (a.y[at + i] !== b.y[at + i]) return false;
    }
    const half = width / 2;
    for (let j = 0; j < 8; j++) {
      const at = (my * 8 + j) * half + mx * 8;
      for (let i = 0; i < 8; i++) if (a.u[at + i] !== b.u[at + i] || a.v[at + i] !== b.v[at + i]) return false;
    }
    return true;
  };
  return {
    /** @param whole begins anew: a player can start here */
    frame(picture, whole) {
      const key = whole || before === undefined;
      if (key) number = 0;
      const bits = new Bits(across * down * 400 + 64);
      bits.ue(0);
      bits.ue(key ? 7 : 5);
      bits.ue(0);
      bits.put(number & 255, 8);
      if (key) {
        bits.ue(idr++ & 1);
        bits.put(0, 2);
      } else bits.put(0, 3);
      bits.ue(0);
      bits.ue(1); // no deblocking
      /** Coefficients that a block counts for its neighbours: 16 for one sent as samples, none for the others. */
      const counts = new Uint8Array(across * down);
      let skipped = 0;
      for (let my = 0; my < down; my++)
        for (let mx = 0; mx < across; mx++) {
          const at = my * across + mx;
          if (!key && same(picture, before!, mx, my)) {
            skipped++;
            continue;
          }
          if (!key) {
            bits.ue(skipped);
            skipped = 0;
          }
          const more = key ? 0 : 5;
          const luma = repeats(picture.y, width, mx * 16, my * 16, 16);
          const [u, v] = [repeats(picture.u, width / 2, mx * 8, my * 8, 8), repeats(picture.v, width / 2, mx * 8, my * 8, 8)];
          if (luma !== undefined && u !== undefined && u === v) {
            bits.ue(1 + lumaMode[luma] + more);
            bits.ue(chromaMode[u]);
            bits.ue(0);
            const [a, b] = [mx > 0 ? counts[at - 1]! : -1, my > 0 ? counts[at - across]! : -1];
            const context = a >= 0 && b >= 0 ? (a + b + 1) >> 1 : Math.max(a, b, 0);
            if (context >= 8) bits.put(3, 6);
            else bits.put(1, 1);
            continue;
          }
          bits.ue(25 + more);
          bits.align();
          for (let j = 0; j < 16; j++) bits.bytes(picture.y, (my * 16 + j) * width + mx * 16, 16);
          for (const plane of [picture.u, picture.v]) for (let j = 0; j < 8; j++) bits.bytes(plane, (my * 8 + j) * (width / 2) + mx * 8, 8);
          counts[at] = 16;
        }
      if (!key && skipped > 0) bits.ue(skipped);
      before = { ...picture, y: picture.y.slice(), u: picture.u.slice(), v: picture.v.slice() };
      number++;
      return nal(key ? 0x65 : 0x41, bits.end());
    },
  };
};
