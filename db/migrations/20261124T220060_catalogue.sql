-- Filing-and-closing tables (立案结案标准), a version an import. Versions and rows are written once and never changed:
-- matters keep the version that they were decided under.
create table standards_version (
  county text not null,
  version integer not null,
  name text not null,
  effective_at timestamptz not null,
  imported_at timestamptz not null,
  imported_by uuid not null,
  digest text not null,
  default_hour text not null check (default_hour in ('workingHour', 'urgentHour')),
  rows integer not null,
  not_understood integer not null,
  primary key (county, version)
);

-- A row's key is code and condition. `amount` and `unit` are null together where the limit was not understood.
create table standards_row (
  county text not null,
  version integer not null,
  key text not null,
  line integer not null,
  kind text not null check (kind in ('component', 'event')),
  code text not null,
  major text not null,
  major_name text not null,
  minor text not null,
  minor_name text not null,
  handler text not null,
  authority text not null,
  open_condition text not null,
  close_condition text not null,
  limit_text text not null,
  amount double precision,
  unit text check (unit in ('workingHour', 'workingDay', 'urgentHour', 'urgentDay')),
  note text,
  primary key (county, version, key),
  foreign key (county, version) references standards_version (county, version)
);
