import { expect, test } from 'vitest';
import { caseWorkflow } from '../../src/modules/cases/rules/case.ts';
import type { Entry } from '../../src/modules/ledger/index.ts';
import { calendarOf, readPublished } from '../../src/modules/matters/service/clocks/calendars.ts';
import { brokenCourses } from './course.ts';

const calendar = calendarOf(readPublished(new URL('../../data/calendars/cn.json', import.meta.url)));
const workflows = new Map([['case', caseWorkflow]]);

/** Entries of one case, hourly from nine on a Tuesday: who, as what, did what, and what it set. */
const history = (...steps: readonly (readonly [id: string, role: string, action: string, from: string | undefined, to: string, set?: Entry['set'], unit?: string])[]): Entry[] =>
  steps.map(([id, role, action, from, to, set, unit], at) => ({
    v: 1, county: '330281', subject: 'matter', matter: 'm', mv: at + 1, kind: 'case', action, ...(from !== undefined && { from }), to,
    actor: { id, role, ...(unit !== undefined && { unit }) }, at: new Date(Date.UTC(2026, 8, 15, 1 + at)).toISOString(), op: `op ${at}`, ...(set && { set }),
  }) as unknown as Entry);

const lawful = (verifier = 'eye') => history(
  ['r', 'resident', 'report', undefined, 'reported', { 'clock.file': '2026-09-15T03:00:00.000Z' }],
  ['i', 'intake', 'file', 'reported', 'filed', { 'clock.file': 'stopped' }],
  ['d', 'dispatcher', 'dispatch', 'filed', 'dispatched', { leadUnit: 'lighting', 'clock.handle': '2026-09-16T03:00:00.000Z' }],
  ['k', 'unithandler', 'accept', 'dispatched', 'handling', { handler: 'k' }, 'lighting'],
  ['k', 'unithandler', 'finish', 'handling', 'verifying', { 'clock.handle': 'stopped' }, 'lighting'],
  [verifier, 'collector', 'verify', 'verifying', 'verified'],
  ['i', 'intake', 'close', 'verified', 'closed'],
);
const broken = (entries: readonly Entry[]): string => brokenCourses(entries, workflows, calendar).join('; ');

test('a lawful course has nothing broken, and each thing that is not is named', () => {
  expect(broken(lawful())).toBe('');
  expect(broken(lawful('k'))).toContain('is taken by who did accept');
  expect(broken(lawful().toSpliced(3, 1))).toContain('follows version 3');
  expect(broken(lawful().with(2, { ...lawful()[2]!, set: {} }))).toContain('no unit in the lead');
  expect(broken(lawful().with(3, { ...lawful()[3]!, actor: { id: 'k', role: 'unithandler', unit: 'parks' } }))).toContain('where lighting leads');
  expect(broken(lawful().with(4, { ...lawful()[4]!, set: {} }))).toContain('ends it with clock handle running');
  expect(broken(lawful().with(1, { ...lawful()[1]!, actor: { id: 'k', role: 'unithandler' } }))).toContain('is taken as unithandler');
  expect(broken(lawful().with(5, { ...lawful()[5]!, at: '2026-09-14T01:00:00.000Z' }))).toContain('is earlier');
  expect(broken(lawful().with(1, { ...lawful()[1]!, from: 'checking' }))).toContain('says that it came from checking');
});

test('a clock that was held goes on with the time that was left, and with no other', () => {
  const held = (due: string) => history(
    ['r', 'resident', 'report', undefined, 'reported'], ['i', 'intake', 'file', 'reported', 'filed'],
    ['d', 'dispatcher', 'dispatch', 'filed', 'dispatched', { leadUnit: 'lighting', 'clock.handle': '2026-09-16T03:00:00.000Z' }],
    ['k', 'unithandler', 'accept', 'dispatched', 'handling', { handler: 'k' }, 'lighting'],
    ['k', 'unithandler', 'requestHold', 'handling', 'handling', {}, 'lighting'],
    ['d', 'dispatcher', 'approveHold', 'handling', 'held', { 'clock.handle': 'paused', 'clock.hold': '2026-09-20T00:00:00.000Z' }],
    ['d', 'dispatcher', 'resume', 'held', 'handling', { 'clock.handle': due, 'clock.hold': 'stopped' }],
  );
  // Held at 14:00 with seven working hours left, three of them on the next morning; on again at 15:00, so that it is noon of that day.
  expect(broken(held('2026-09-16T08:00:00.000Z'))).toContain('another time than was left');
  expect(broken(held('2026-09-16T04:00:00.000Z'))).toBe('');
});
