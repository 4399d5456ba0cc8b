-- Components (部件): what stands in the streets and has an owner. `point` is (longitude, latitude), WGS-84 degrees.
-- `state` is what the last survey or import says; while `open_cases` is above zero the component is faulty.
create table component (
  county text not null,
  code text collate "C" not null,
  class text not null,
  name text not null,
  road text,
  ordinal integer,
  point point not null,
  accuracy text not null check (accuracy in ('A', 'B', 'C')),
  place text collate "C",
  path text collate "C",
  owner text,
  manager text,
  state text not null,
  installed date,
  open_cases integer not null default 0,
  import uuid not null,
  updated_at timestamptz not null,
  primary key (county, code)
);
-- A GiST index on a point takes no county without an extension; neighbours are of one county but at its border.
create index component_point on component using gist (point);
create index component_class on component (county, class, code);
create index component_path on component (county, path, code);
create index component_manager on component (county, manager, code);
create index component_road on component (county, road, ordinal) where road is not null;
create index component_faulty on component (county, code) where open_cases > 0;

-- Which matter is about which component, as the ledger tells it; `mv` is the version of the matter that said so.
create table component_matter (
  county text not null,
  matter uuid not null,
  component text collate "C" not null,
  mv integer not null,
  open boolean not null,
  primary key (county, matter)
);
create index component_matter_open on component_matter (county, component) where open;

-- The same, while it is made anew from the first entry.
create table component_matter_beside (
  county text not null,
  matter uuid not null,
  component text collate "C" not null,
  mv integer not null,
  open boolean not null,
  primary key (county, matter)
);

-- One row an import.
create table component_import (
  county text not null,
  import uuid not null,
  at timestamptz not null,
  actor uuid not null,
  source text not null,
  digest text not null,
  rows integer not null,
  added integer not null,
  changed integer not null,
  primary key (county, import)
);

-- Where an import stands until it is known to be whole. Emptied in the same transaction, so nothing of it needs the log.
create unlogged table component_staging (
  county text not null,
  import uuid not null,
  line integer not null,
  code text collate "C" not null,
  class text not null,
  name text not null,
  road text,
  ordinal integer,
  point point not null,
  accuracy text not null,
  place text collate "C",
  path text collate "C",
  owner text,
  manager text,
  state text not null,
  installed date,
  plate text collate "C",
  primary key (county, import, line)
);

-- QR plates: what a code that was printed once stands for, for ever. `kind` is component, gate, counter, poster.
create table plate (
  county text not null,
  plate text collate "C" not null,
  kind text not null,
  target text collate "C" not null,
  issued_at timestamptz not null,
  withdrawn_at timestamptz,
  primary key (county, plate)
);
create unique index plate_target on plate (county, kind, target) where withdrawn_at is null;
-- A plate is read before anybody knows the county.
create index plate_plate on plate (plate);
