import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIdentityChecker } from '../../src/modules/identity/index.ts';
import { createLedger, type Finding } from '../../src/modules/ledger/index.ts';
import { verifyCounty } from '../../src/modules/ledger/service/verify/county.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { made, type Made } from '../identity/made.ts';
import { benchTown, county, person } from '../matters/kernel.ts';

/** A change by the owner of the database to what people see now, and the finding that must name it. */
interface Change {
  readonly what: string;
  readonly sql: string;
  readonly finding: Partial<Finding> & { readonly what: string };
}

describe('a matter that its database changed behind the log', () => {
  let town: Awaited<ReturnType<typeof benchTown>>;
  let id: string;
  beforeAll(async () => {
    town = await benchTown();
    const act = async (actor: ReturnType<typeof person>, matter: string | null, action: string, input: unknown) =>
      (await town.matters.act({ actor, behalf: null, county, kind: 'bench', matter, action, input, op: town.op() })) as { id: string };
    id = (await act(person(1, 'collector'), null, 'report', { text: 'broken', place: '33/3302/330281/' })).id;
    await act(person(2, 'unithandler', 'parks'), id, 'take', {});
    const other = (await act(person(1, 'collector'), null, 'report', { text: 'broken too' })).id;
    await act(person(2, 'unithandler', 'parks'), other, 'take', {});
    await act(person(2, 'unithandler', 'parks'), other, 'wait', {});
    await town.matters.drain();
    await town.ledger.sequencer.drain(county);
    town.ledger.registerChecker(town.matters.checker);
    for (const table of ['matter', 'clock', 'matter_text']) await town.world.ownerDb.query(`create table kept_${table} as table ${table}`);
  });
  afterAll(() => town.close());

  const verified = async (): Promise<readonly Finding[]> => (await town.ledger.verify({ county }))[0]!.findings;
  const differs = (column: string): Change['finding'] => ({ what: 'matter_differs', params: expect.objectContaining({ column }) as Record<string, string> });
  const here = () => `where county = '${county}' and`;
  const changes: Change[] = [
    { what: 'its title', sql: `update matter set title = 'Another bench' WHERE_ID`, finding: { what: 'beside_differs' } },
    { what: 'its data', sql: `update matter set data = '{"late": 7}' WHERE_ID`, finding: { what: 'beside_differs' } },
    { what: 'who did what', sql: `update matter set doers = '{}' WHERE_ID`, finding: { what: 'beside_differs' } },
    { what: 'its number', sql: `update matter set number = '1' || number WHERE_ID`, finding: { what: 'beside_differs' } },
    { what: 'its path', sql: `update matter set path = '33/3302/' WHERE_ID`, finding: differs('path') },
    { what: 'its handler', sql: `update matter set handler = null WHERE_ID`, finding: differs('handler') },
    { what: 'its due time in lists', sql: `update matter set due_at = due_at + interval '1 day' WHERE_ID`, finding: differs('due_at') },
    { what: 'its due time', sql: `update clock set due_at = due_at + interval '1 day' WHERE_MATTER`, finding: differs('clock.mend') },
    { what: 'the limit and the due time together', sql: `update clock set amount = 20, due_at = due_at + interval '18 days' WHERE_MATTER`, finding: { what: 'beside_differs' } },
    { what: 'its clock, stopped', sql: `update clock set stopped_at = started_at WHERE_MATTER`, finding: differs('clock.mend') },
    { what: 'its clock, taken out', sql: `delete from clock WHERE_MATTER`, finding: { what: 'beside_differs' } },
    { what: 'its text', sql: `update matter_text set body = 'whole' WHERE_MATTER`, finding: { what: 'text_changed' } },
    { what: 'its row, taken out', sql: `delete from matter WHERE_ID`, finding: { what: 'matter_missing' } },
    { what: 'a row of its own making', sql: `update matter set id = '00000000-0000-7000-8000-00000000000f' WHERE_ID`, finding: { what: 'matter_stranger' } },
  ];

  test('is as its entries say where nobody did', async () => {
    const [report] = await town.ledger.verify({ county });
    expect(report).toMatchObject({ findings: [], outside: { plain: 0 } });
  });

  test.each(changes)('is found and named: $what', async ({ sql, finding }) => {
    const owner = town.world.ownerDb;
    await owner.query(sql.replace('WHERE_ID', `${here()} id = '${id}'`).replace('WHERE_MATTER', `${here()} matter = '${id}'`));
    expect(await verified()).toContainEqual(expect.objectContaining(finding));
    for (const table of ['matter', 'clock', 'matter_text']) {
      await owner.query(`delete from ${table}`);
      await owner.query(`insert into ${table} table kept_${table}`);
    }
    expect(await verified()).toEqual([]);
  });

  test('is found alike by two threads, which give up to the careful way where bytes were changed', async () => {
    const quickly = async () => {
      const client = await town.world.db.connection();
      try {
        return await verifyCounty(town.world, town.world.keys.ledgerKeys, client, county, [], [town.matters.checker], () => {}, 1);
      } finally {
        client.release(true);
      }
    };
    const [careful] = await town.ledger.verify({ county });
    expect(await quickly()).toEqual(careful);
    const owner = town.world.ownerDb;
    await owner.query(`update matter_text set body = 'whole' ${here()} matter = '${id}'`);
    expect((await quickly()).findings).toMatchObject([{ what: 'text_changed' }]);
    await owner.query(`delete from matter_text`);
    await owner.query(`insert into matter_text table kept_matter_text`);
    await owner.query(`update ledger_entry set canonical = set_byte(canonical, 30, 0) where seq = 2`);
    expect((await quickly()).findings).toContainEqual(expect.objectContaining({ seq: 2, what: 'entry_changed' }));
  });
});

describe('rights and units that the database changed behind the log', () => {
  let at: Made;
  beforeAll(async () => {
    at = await made();
    await at.ledger.sequencer.drain(at.people.size > 0 ? '330281' : undefined);
    for (const table of ['account_grant', 'unit']) await at.world.ownerDb.query(`create table kept_${table} as table ${table}`);
  });
  afterAll(() => at.world.close());
  const verified = async (): Promise<readonly Finding[]> => {
    const ledger = createLedger({ ...at.world, metrics: createMetrics() });
    ledger.registerChecker(createIdentityChecker(at.world.keys));
    return (await ledger.verify({ county: '330281' }))[0]!.findings;
  };

  test('are as their entries say where nobody did', async () => { expect(await verified()).toEqual([]); });

  test.each([
    ['a role', `update account_grant set role = 'admin' where id = (select id from account_grant where role <> 'admin' order by id limit 1)`, 'config_differs', 'role'],
    ['a place', `update account_grant set place = '' where id = (select id from account_grant where place <> '' order by id limit 1)`, 'config_differs', 'place'],
    ['an end put off', `update account_grant set valid_until = valid_from + interval '1 day' where id = (select id from account_grant order by id limit 1)`, 'config_differs', 'until'],
    ['a grant put in', `insert into account_grant select county, '00000000-0000-7000-8000-0000000000aa', account, 'admin', null, '', null, valid_from, null, created_at from account_grant limit 1`, 'config_stranger', undefined],
    ['a grant taken out', `delete from account_grant where id = (select id from account_grant order by id limit 1)`, 'config_missing', undefined],
    ['the name of a unit', `update unit set name = '{"en": "Another"}' where id = (select id from unit order by id limit 1)`, 'config_differs', 'name'],
  ])('are found and named: %s', async (_, sql, what, column) => {
    const owner = at.world.ownerDb;
    await owner.query(sql);
    expect(await verified()).toMatchObject([{ what, params: column === undefined ? {} : { column } }]);
    await owner.query('delete from account_grant');
    await owner.query(`update unit u set name = k.name from kept_unit k where k.county = u.county and k.id = u.id`);
    await owner.query('insert into account_grant table kept_account_grant');
    expect(await verified()).toEqual([]);
  });
});
