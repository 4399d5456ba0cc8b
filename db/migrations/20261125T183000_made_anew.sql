-- Tables beside, in which these two are made anew while the others are read.
create table case_dispatch_beside (
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
create table open311_update_beside (
  county text not null,
  seq bigint not null,
  matter uuid not null,
  state text not null,
  at timestamptz not null,
  primary key (county, seq)
);
