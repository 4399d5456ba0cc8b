-- Anything that someone must bring to an end. Facets are columns: lists filter by them and grants decide on them.
create table matter (
  county text not null,
  id uuid not null,
  kind text not null,
  state text not null,
  version integer not null,
  number text not null,
  title text not null,
  place text,
  path text collate "C",
  village text,
  at point,
  component text,
  code text,
  code_version integer,
  lead_unit text,
  handler text,
  reporter text,
  parent uuid,
  data jsonb not null,
  doers jsonb not null,
  due_at timestamptz,
  warn_at timestamptz,
  due_clock text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at timestamptz,
  primary key (county, id)
);

create unique index matter_number on matter (county, number);
-- Boxes of what is open. A county's open matters are few beside its ended ones, so these stay small.
create index matter_open_due on matter (county, (coalesce(due_at, 'infinity'::timestamptz)), id) where ended_at is null;
create index matter_open_unit on matter (county, lead_unit, (coalesce(due_at, 'infinity'::timestamptz)), id) where ended_at is null and lead_unit is not null;
create index matter_open_component on matter (county, component) where ended_at is null and component is not null;
-- History, newest first: of the county, of a village.
create index matter_ended on matter (county, created_at, id) where ended_at is not null;
create index matter_ended_village on matter (county, village, created_at, id) where ended_at is not null;
create index matter_reporter on matter (county, reporter, created_at) where reporter is not null;
create index matter_parent on matter (county, parent) where parent is not null;
-- Possible duplicates near a point.
create index matter_open_at on matter using gist (at) where ended_at is null and at is not null;

-- Words of people, apart from everything else, so that one can be erased and every proof stays whole.
create table matter_text (
  county text not null,
  id uuid not null,
  matter uuid not null,
  version integer not null,
  name text not null,
  body text,
  salt bytea,
  personal boolean not null,
  author text not null,
  at timestamptz not null,
  erased_at timestamptz,
  primary key (county, id),
  check ((body is null) = (erased_at is not null))
);

create index matter_text_matter on matter_text (county, matter, version);

create table matter_file (
  county text not null,
  matter uuid not null,
  version integer not null,
  role text not null,
  served text not null,
  original text not null,
  at timestamptz not null,
  primary key (county, matter, version, served, role)
);

create index matter_file_served on matter_file (county, served);

-- Limits. Workers take due rows by the partial indexes.
create table clock (
  county text not null,
  matter uuid not null,
  name text not null,
  kind text not null,
  unit text not null,
  amount double precision not null,
  started_at timestamptz not null,
  due_at timestamptz,
  warn_at timestamptz,
  provisional boolean not null,
  running_since timestamptz,
  paused_at timestamptz,
  stopped_at timestamptz,
  spent_ms bigint not null,
  fired_at timestamptz,
  warned_at timestamptz,
  primary key (county, matter, name)
);

create index clock_due on clock (due_at) where stopped_at is null and fired_at is null and due_at is not null;
create index clock_warn on clock (warn_at) where stopped_at is null and warned_at is null and warn_at is not null;

-- What was asked under an op and what was answered, so that asking again gets the same answer. Kept 400 days.
create table operation (
  county text not null,
  op uuid not null,
  digest bytea not null,
  status integer not null,
  answer jsonb not null,
  at timestamptz not null,
  primary key (county, op)
);

create index operation_at on operation (at);

-- Figures of a day that a process has leased for numbers; gaps are normal.
create table number_lease (
  county text not null,
  day text not null,
  next integer not null,
  primary key (county, day)
);
