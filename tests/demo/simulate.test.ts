import { expect, test } from 'vitest';
import { simulate } from '../../src/demo/index.ts';
import { openModules } from '../../src/entry/town/modules.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { calendarOf, readPublished } from '../../src/modules/matters/service/clocks/calendars.ts';
import type { Entry } from '../../src/modules/ledger/index.ts';
import { caseWorkflow } from '../../src/modules/cases/rules/case.ts';
import { taskWorkflow } from '../../src/modules/cases/rules/task.ts';
import { brokenCourses } from '../faults/course.ts';
import { testWorld } from '../support/world.ts';

const until = Date.parse('2026-10-13T20:00:00+08:00');

const workflows = new Map([caseWorkflow, taskWorkflow].map((each) => [each.kind, each]));
const calendar = calendarOf(readPublished(new URL('../../data/calendars/cn.json', import.meta.url)));

/** Marks under the keys of an installation, of a point and of a name: each town here has keys of its own. */
const marks = /"A[\w-]{49}"/gu;

/** A town of three days; gives the canonical entries of its log, and what trace verify says. */
const townOf = async (seed: string) => {
  const world = await testWorld({ county: null, demo: true, now: until });
  try {
    const played = await simulate({ world, open: openModules, progress: () => {}, signal: new AbortController().signal }, { from: '2026-10-11', until, seed });
    const rows = await world.db.query<{ canonical: Buffer }>('select canonical from ledger_entry order by county, seq', []);
    const { ledger } = await openModules({ ...world, metrics: createMetrics() });
    const [report] = await ledger.verify();
    const refused = await world.db.query<{ reason: string }>(`select answer ->> 'reason' as reason from operation where status <> 200`, []);
    return { played, entries: rows.map(({ canonical }) => canonical.toString('utf8').replaceAll(marks, '"-"')), findings: report!.findings, refused };
  } finally {
    await world.close();
  }
};

test('equal seed and dates give equal canonical entries in equal order, and another seed gives others', async () => {
  const [one, two] = [await townOf('a'), await townOf('a')];
  expect(one.played.matters).toBeGreaterThan(90);
  expect(two.entries).toEqual(one.entries);
  expect(one.findings).toEqual([]);
  // People walk, visit and hand over as well.
  for (const [kind, action, least] of [['patrol_route', 'plan', 5], ['patrol', 'check', 8], ['patrol', 'end', 2], ['visit', 'log', 6], ['handover', 'give', 4], ['handover', 'confirm', 2]] as const)
    expect(one.entries.filter((line) => { const entry = JSON.parse(line) as Entry; return entry.kind === kind && entry.action === action; }).length, `${kind} ${action}`).toBeGreaterThanOrEqual(least);
  const given = one.entries.map((line) => JSON.parse(line) as Entry).filter(({ kind, action }) => kind === 'handover' && action === 'give');
  expect(given.some(({ set }) => String(set!['matters']).includes('-')), 'a hand-over names what is open').toBe(true);
  expect(brokenCourses(one.entries.map((line) => JSON.parse(line) as Entry), workflows, calendar)).toEqual([]);
  const other = await townOf('b');
  expect(other.entries).not.toEqual(one.entries);
}, 600_000);
