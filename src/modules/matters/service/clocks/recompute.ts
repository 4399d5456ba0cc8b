import type { World } from '../../../../platform/world.ts';
import { recomputeClock } from '../../rules/clocks.ts';
import { warnShareOf } from '../../rules/workflow.ts';
import { readRunning, setSchedule } from '../../store/running.ts';
import type { Calendars } from './calendars.ts';
import type { Kinds } from '../kinds.ts';

/** Clocks of one round: a county of 200,000 matters a day has some hundred thousand running. */
const round = 500;

/** Computes all running clocks anew, round by round, after a calendar changed. @returns how many got another due time */
export const recomputeClocks = async (world: World, calendars: Calendars, kinds: Kinds): Promise<number> => {
  let changed = 0;
  let after: { county: string; matter: string; name: string } | null = null;
  for (;;) {
    const rows = await readRunning(world.db, after, round);
    for (const row of rows) {
      const kind = kinds.find(row.kind);
      const share = kind && warnShareOf(kind.workflow, row.clock.name);
      const next = recomputeClock(calendars.of(row.county), row.clock, share);
      if (next.dueAt === row.clock.dueAt && next.provisional === row.clock.provisional) continue;
      await world.db.transaction((tx) => setSchedule(tx, row, next));
      changed++;
    }
    const last = rows.at(-1);
    if (rows.length < round || !last) return changed;
    after = { county: last.county, matter: last.matter, name: last.clock.name };
  }
};
