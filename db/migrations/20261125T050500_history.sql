-- Imports of another system's history, and which row of it is which matter: each is taken in once.
create table history_import (
  county text not null,
  id uuid not null,
  source text not null,
  file text not null,
  digest text not null,
  mapping text not null,
  actor uuid not null,
  rows integer not null,
  added integer not null,
  refused integer not null,
  state text not null,
  at timestamptz not null,
  ended_at timestamptz,
  primary key (county, id)
);
create table history_row (
  county text not null,
  source text not null,
  id text not null,
  import uuid not null,
  line integer not null,
  matter uuid not null,
  primary key (county, source, id)
);
