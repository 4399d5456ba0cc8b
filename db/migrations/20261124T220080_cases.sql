-- Dispatch rules of a county: the whole ordered list as one version, so that a change is whole or not at all.
create table dispatch_rules (
  county text not null,
  version integer not null,
  rules jsonb not null,
  author text not null,
  at timestamptz not null,
  primary key (county, version)
);
