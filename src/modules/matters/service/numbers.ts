import type { Calendar } from '../../../base/time/calendar.ts';
import { dayText, localDay } from '../../../base/time/calendar.ts';
import type { Tx } from '../../../platform/database/database.ts';
import { matterNumber } from '../rules/number.ts';
import { leaseFigures } from '../store/read.ts';

/** Figures leased at a time: a process that ends loses at most so many of a county's day. */
const block = 200;

/** Gives out numbers of matters from blocks that this process has leased. */
export class Numbers {
  readonly #leases = new Map<string, { day: string; next: number; end: number } | Promise<void>>();
  readonly #tx: Tx;

  constructor(tx: Tx) {
    this.#tx = tx;
  }

  /** @param figure of the day, in a simulated history, which counts for itself */
  async take(county: string, calendar: Calendar, now: number, figure?: number): Promise<string> {
    const day = dayText(localDay(calendar, now)).slice(2).replaceAll('-', '');
    if (figure !== undefined) return matterNumber(county, day, figure);
    for (;;) {
      const lease = this.#leases.get(county);
      if (lease instanceof Promise) await lease;
      else if (lease && lease.day === day && lease.next < lease.end) return matterNumber(county, day, lease.next++);
      else {
        const fresh = leaseFigures(this.#tx, county, day, block).then(
          (first) => void this.#leases.set(county, { day, next: first, end: first + block }),
          (error: unknown) => { this.#leases.delete(county); throw error; });
        this.#leases.set(county, fresh);
        await fresh;
      }
    }
  }
}
