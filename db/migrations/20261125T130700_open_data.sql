-- Open data: what was published on which day, and counts of months that are over, which are settled once and never counted again.
create table open_data_file (
  county text not null references county,
  day date not null,
  name text not null check (name in ('reports.csv', 'reports.geojson', 'counts.csv')),
  digest text not null,
  bytes integer not null,
  rows integer not null,
  made_at timestamptz not null,
  primary key (county, day, name)
);
create index open_data_file_digest on open_data_file (county, digest);
create table open_data_month (
  county text not null references county,
  month text not null,
  settled_at timestamptz not null,
  primary key (county, month)
);
-- A cell (village and category) of a settled month; the village is '' for the whole county. No count: it is suppressed.
create table open_data_cell (
  county text not null,
  month text not null,
  category text not null,
  village text not null,
  count integer,
  primary key (county, month, category, village),
  foreign key (county, month) references open_data_month
);
