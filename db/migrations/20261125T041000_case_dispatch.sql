-- What became of each dispatch: kept by a follower, so that wrong ones are counted by rule, by person and by unit.
create table case_dispatch (
  county text not null,
  matter uuid not null,
  version integer not null,
  at timestamptz not null,
  unit text not null,
  rule integer,
  by_account text,
  outcome text,
  primary key (county, matter, version)
);
create index case_dispatch_at on case_dispatch (county, at);
