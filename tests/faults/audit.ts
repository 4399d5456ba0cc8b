import type { Entry } from '../../src/modules/ledger/index.ts';
import { until } from '../../src/platform/database/postmaster.ts';
import { askAgain, type Diary, isKept } from './clients.ts';
import { county, type House } from './house.ts';

interface Counted { readonly count: number }

const count = async ({ owner }: House, sql: string): Promise<number> => (await owner.query<Counted>(`select count(*) as count from ${sql}`, [county]))[0]!.count;

/** Every entry of the town's clients, by op. */
const entriesByOp = async ({ owner, accounts }: House): Promise<Map<string, { readonly seq: number; readonly entry: Entry }[]>> => {
  const rows = await owner.query<{ seq: number; canonical: Buffer }>(
    `select seq, canonical from ledger_entry where county = $1 and subject = 'matter' order by seq`, [county]);
  const read = rows.map(({ seq, canonical }) => ({ seq, entry: JSON.parse(canonical.toString('utf8')) as Entry }));
  // What the system did next, within the same request, has its op too.
  const ours = new Set(read.filter(({ entry }) => accounts.has(entry.actor.id)).map(({ entry }) => entry.op!));
  return Map.groupBy(read.filter(({ entry }) => ours.has(entry.op!)), ({ entry }) => entry.op!);
};

/**
 * Holds what the clients were told against what is there: each acknowledged action once, none that nobody was told of, a
 * gapless log that verifies, messages neither lost nor doubled. The server may run meanwhile, the clients may not.
 * @returns what is wrong, in words
 */
export const audit = async (house: House, diary: Diary): Promise<string[]> => {
  const wrong: string[] = [];
  if (!(await until(async () => (await count(house, 'ledger_inbox where county = $1')) === 0, 30_000, 50))) wrong.push('the inbox does not become empty');

  const byOp = await entriesByOp(house);
  for (const { op, action, status, answer } of diary.asked) {
    const found = (byOp.get(op) ?? []).filter(({ entry }) => entry.action === action);
    if (status >= 300) {
      if (found.length > 0) wrong.push(`${action} ${op} was refused with ${status} ${answer.reason} and happened`);
      continue;
    }
    if (found.length !== 1) wrong.push(`${action} ${op} was acknowledged and is there ${found.length} times`);
    for (const { entry } of found) if (entry.matter !== answer.id || entry.mv! > answer.version!) wrong.push(`${action} ${op}: entry ${entry.matter} ${entry.mv}, answer ${answer.id} ${answer.version}`);
  }
  const known = new Set(diary.asked.map(({ op }) => op));
  for (const op of byOp.keys()) if (!known.has(op)) wrong.push(`op ${op} is in the log and was never acknowledged`);

  for (const { findings } of await house.modules.ledger.verify({ county }))
    for (const { seq, what, params } of findings) wrong.push(`trace verify: entry ${seq}: ${what} ${JSON.stringify(params)}`);

  const [log] = await house.owner.query<{ entries: number; last: number }>('select count(*) as entries, coalesce(max(seq), 0) as last from ledger_entry where county = $1', [county]);
  if (log!.entries !== log!.last) wrong.push(`the log has ${log!.entries} entries and its last is ${log!.last}`);
  const versions = await house.owner.query<{ matter: string }>(
    `select m.id as matter from matter m left join ledger_entry e on e.county = m.county and e.matter = m.id and e.subject = 'matter'
     where m.county = $1 group by m.id, m.version having count(e.seq) <> m.version or count(distinct e.mv) <> m.version`, [county]);
  for (const { matter } of versions) wrong.push(`matter ${matter} does not have one entry for each of its versions`);

  // Whoever reported is told once of the filing and once of the sending, by the action that did it.
  for (const [action, template] of [['file', 'filed'], ['dispatch', 'dispatched']] as const) {
    const untold = await house.owner.query<{ matter: string; mv: number; told: number }>(
      `select e.matter, e.mv, count(d.id) as told from ledger_entry e
         left join delivery d on d.county = e.county and d.matter = e.matter and d.version = e.mv and d.template = $3
       where e.county = $1 and e.kind = 'case' and e.action = $2 group by e.matter, e.mv having count(d.id) <> 1`, [county, action, template]);
    for (const { matter, mv, told } of untold) wrong.push(`${template} of ${matter} version ${mv} is there ${told} times`);
  }
  const strays = await count(house, `delivery d where county = $1 and matter is not null
    and not exists (select from ledger_entry e where e.county = d.county and e.matter = d.matter and e.mv = d.version)`);
  if (strays > 0) wrong.push(`${strays} messages belong to no entry`);
  const unlike = await count(house, `delivery d full join delivery_log l on l.county = d.county and l.delivery = d.id
    where coalesce(d.county, l.county) = $1 and (coalesce(d.state, '') = 'logged') is distinct from (l.delivery is not null)`);
  if (unlike > 0) wrong.push(`${unlike} messages stand in the logbook and are not marked so, or the other way round`);
  return wrong;
};

/** Asks for everything once more that was answered from `from` on. What was done stays done once: `audit` again afterwards says so. */
export const replayAll = async (house: House, url: string, diary: Diary, from = 0): Promise<void> => {
  const kept = diary.asked.slice(from).filter(isKept);
  const lanes = Array.from({ length: 16 }, async () => {
    for (let one = kept.pop(); one; one = kept.pop()) await askAgain(house, url, diary, one);
  });
  await Promise.all(lanes);
};

/** Lets the claims of workers that were killed run out, and brings what waits to its end. @returns how many are in nobody's hands */
export const settleMessages = async (house: House): Promise<number> => {
  // As if the minute that a claim holds had passed: whoever made it is dead.
  await house.owner.query(`update delivery set claimed_until = claimed_until - interval '10 minutes' where county = $1 and state = 'claimed'`, [county]);
  await house.modules.outreach.worker.drain();
  return count(house, `delivery where county = $1 and state = 'claimed'`);
};
