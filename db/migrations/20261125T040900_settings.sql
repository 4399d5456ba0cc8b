-- Versions of what a county sets for itself, area by area. What counts now stands in county.settings as well, where every
-- module reads its own part; a version without an author is what stood there before versions were kept.
create table setting_version (
  county text not null,
  area text not null,
  version integer not null check (version > 0),
  document jsonb not null,
  author text,
  at timestamptz not null,
  note text not null,
  back_to integer,
  primary key (county, area, version),
  foreign key (county) references county (county)
);
