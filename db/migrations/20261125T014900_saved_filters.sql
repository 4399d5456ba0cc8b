-- Filters of the inbox that a person has given a name: by county, since places and units are the county's own.
create table saved_filter (
  county text not null references county,
  account uuid not null,
  name text not null,
  box text not null,
  filter jsonb not null,
  changed_at timestamptz not null,
  primary key (county, account, name)
);
