/**
 * Which ids have been seen, of as many as a file holds: eight bytes of each are kept, in a table that is at most half full. Two ids
 * out of two million are taken for one in less than one file of a million.
 */
export class SeenIds {
  #slots = new Uint32Array(1 << 13);
  #count = 0;

  /** @returns false where it was there before */
  add(id: string): boolean {
    let [high, low] = [0xdeadbeef, 0x41c6ce57];
    for (let at = 0; at < id.length; at++) {
      const unit = id.charCodeAt(at);
      high = Math.imul(high ^ unit, 2_654_435_761);
      low = Math.imul(low ^ unit, 1_597_334_677);
    }
    high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
    low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
    // An empty slot is two zeros.
    if (!this.#put(this.#slots, high >>> 0, (low >>> 0) || 1)) return false;
    if (++this.#count * 4 > this.#slots.length) this.#grow();
    return true;
  }

  #put(slots: Uint32Array, high: number, low: number): boolean {
    const mask = slots.length / 2 - 1;
    for (let at = low & mask; ; at = (at + 1) & mask) {
      const there = slots[2 * at + 1];
      if (there === 0) {
        slots[2 * at] = high;
        slots[2 * at + 1] = low;
        return true;
      }
      if (there === low && slots[2 * at] === high) return false;
    }
  }

  #grow(): void {
    const wider = new Uint32Array(this.#slots.length * 2);
    for (let at = 0; at < this.#slots.length; at += 2) if (this.#slots[at + 1] !== 0) this.#put(wider, this.#slots[at]!, this.#slots[at + 1]!);
    this.#slots = wider;
  }
}
