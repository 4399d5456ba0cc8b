-- Reports that came over Open311: under which service, from which program, and the op by which a lost answer is found again.
create table open311_report (
  county text not null,
  matter uuid not null,
  service text not null,
  account uuid,
  token uuid not null,
  at timestamptz not null,
  primary key (county, matter),
  unique (county, token)
);
-- What is open and what is of a kind, newest first: the public lists. What has ended has matter_ended.
create index matter_open_created on matter (county, created_at, id) where ended_at is null;
create index matter_code on matter (county, code, created_at, id) where code is not null;
