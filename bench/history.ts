import type { Database } from '../src/platform/database/database.ts';

const atOnce = 50_000;
const day = 86_400_000;

/** One grid of the county for every matter, in turn; 98 of 100 matters have ended, over two years, the others are open. */
const matters = `
with grid as (
  select id, path, (row_number() over (order by id) - 1)::int as at, count(*) over ()::int as of
  from place where county = $1 and level = 'grid' and until_version is null),
m as (
  select n, g.id as place, g.path, left(g.id, 12) as village, t.state, t.clock, t.state = 'closed' as ended,
    $4::timestamptz - case when t.state = 'closed' then interval '730 days' * (1 - n::float8 / $5) + interval '10 days' else interval '1 hour' * (n % 200) end as created_at,
    $4::timestamptz + interval '1 minute' * (1000 + (n * 7919) % 20000) as due_at,
    (array['lighting', 'works', 'sanitation', 'parks', 'water', 'enforcement'])[(1 + n % 6)::int] as unit,
    ('00000000-0000-4000-8000-' || lpad(to_hex(n % 500), 12, '0')) as person
  from generate_series($2::bigint, $3::bigint) n
  join grid g on g.at = (n * 7919) % g.of
  cross join lateral (select case when n % 1000 < 3 then 'reported' when n % 1000 < 5 then 'filed' when n % 1000 < 8 then 'dispatched'
      when n % 1000 < 14 then 'handling' when n % 1000 < 20 then 'verifying' else 'closed' end as state,
    case when n % 1000 < 3 then 'file' when n % 1000 < 5 then 'dispatch' when n % 1000 < 8 then 'accept'
      when n % 1000 < 14 then 'handle' when n % 1000 < 20 then 'verify' end as clock) t),
made as (
  insert into matter (county, id, kind, state, version, number, title, place, path, village, at, component, code, code_version,
    lead_unit, handler, reporter, parent, data, doers, due_at, warn_at, due_clock, created_at, updated_at, ended_at)
  select $1, uuidv7(m.created_at - clock_timestamp()), 'case', m.state, case when m.ended then 7 else 3 end, 'B' || n, '谢家路村 · 暴露垃圾', m.place, m.path, m.village,
    point(121.02 + (n % 977) * 0.00002, 30.16 + (n % 991) * 0.00002), null, ($6::text[])[(1 + m.n % cardinality($6::text[]))::int], 1,
    case when m.state in ('reported', 'filed') then null else m.unit end, case when m.state in ('handling', 'verifying', 'closed') then m.person end,
    'account:' || m.person, null, '{"channel": "field", "route": {"unit": "sanitation", "order": 6}, "assisting": []}',
    jsonb_build_object('report', jsonb_build_array(m.person)), case when not m.ended then m.due_at end, case when not m.ended then m.due_at - interval '8 hours' end, m.clock,
    m.created_at, m.created_at, case when m.ended then m.created_at + interval '2 days' end
  from m returning id, number, ended_at, due_at, due_clock, created_at),
said as (
  insert into matter_text (county, id, matter, version, name, body, salt, personal, author, at)
  select $1, uuidv7(made.created_at - clock_timestamp()), made.id, 1, 'description', '路口有一堆垃圾没有人清，味道很大，请来看看。', decode(md5(made.number), 'hex'), false, 'bench', made.created_at from made)`;

const around = `,
timed as (
  insert into clock (county, matter, name, kind, unit, amount, started_at, due_at, warn_at, provisional, running_since, paused_at, stopped_at, spent_ms, fired_at, warned_at)
  select $1, made.id, c.name, 'case', 'workingHour', 8, made.created_at, coalesce(made.due_at, made.created_at + interval '1 day'), coalesce(made.due_at, made.created_at + interval '1 day') - interval '8 hours', false,
    case when made.ended_at is null then made.created_at end, null, made.ended_at, 3600000, null, null
  from made cross join lateral (select made.due_clock as name where made.ended_at is null union all select x from unnest(array['handle', 'verify']) x where made.ended_at is not null) c)
insert into operation (county, op, digest, status, answer, at)
select $1, gen_random_uuid(), sha256(convert_to(made.number || k, 'UTF8')), 200, jsonb_build_object('id', made.id, 'number', made.number, 'state', 'closed', 'version', k, 'also', '[]'::jsonb), made.created_at
from made cross join generate_series(1, 2) k`;

/**
 * Gives a county as many matters as asked for, as its owner and in statements of its own: matters with two clocks, a text and two
 * remembered operations each, and no entries in the ledger. Continues where an earlier call ended.
 * @param row key of the row of the code table that they stand under, or several, in turn
 * @param bare without clocks and operations, for what reads neither
 */
export const loadHistory = async (owner: Database, county: string, row: string | readonly string[], from: number, to: number, progress: (line: string) => void, bare = false): Promise<void> => {
  let next = from + 1;
  const lane = async (): Promise<void> => {
    while (next <= to) {
      const first = next;
      const last = Math.min(to, first + atOnce - 1);
      next = last + 1;
      await owner.query(bare ? `${matters} select count(*) from made` : matters + around, [county, first, last, new Date(Math.floor(Date.now() / day) * day), to, typeof row === 'string' ? [row] : row]);
      progress(`bench: ${last.toLocaleString('en')} of ${to.toLocaleString('en')} matters`);
    }
  };
  await Promise.all([lane(), lane()]);
  for (const table of ['matter', 'clock', 'matter_text', 'operation']) await owner.query(`vacuum (analyze) ${table}`);
};
