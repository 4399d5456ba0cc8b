-- Imports that are begun on a page: file, mapping and state stand in their row, so that a worker goes on wherever it was cut off.
alter table history_import
  add column mapping_name text,
  add column mapping_version integer,
  add column definition jsonb,
  add column role text,
  add column bytes bigint,
  add column received bigint not null default 0,
  add column pieces jsonb not null default '[]',
  add column leave_out boolean not null default false,
  add column known integer not null default 0,
  add column share real not null default 0,
  add column report jsonb,
  add column faults text,
  add column error jsonb,
  add column tries integer not null default 0,
  add column held_by uuid,
  add column held_until timestamptz;
-- What waits for a worker: of all imports only the few that are under way.
create index history_import_waiting on history_import (at) where state in ('checking', 'running') and bytes is not null;
create index history_import_at on history_import (county, at, id);
-- A county's own mappings, every version of them.
create table history_mapping (
  county text not null,
  name text not null,
  version integer not null,
  definition jsonb not null,
  author uuid not null,
  at timestamptz not null,
  primary key (county, name, version)
);
