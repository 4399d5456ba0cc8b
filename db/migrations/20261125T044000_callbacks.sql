-- 回访: whom to call about what, what was tried, and what people said. One row a complaint, however many cases it was split into.
create table callback (
  county text not null,
  id uuid not null,
  root uuid not null,
  matters uuid[] not null,
  contact uuid not null,
  path text not null,
  reasons text[] not null,
  rank integer not null,
  state text not null check (state in ('waiting', 'done', 'unreached', 'withdrawn')),
  tries integer not null default 0,
  next_at timestamptz not null,
  taken_by text,
  taken_until timestamptz,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (county, id)
);
create unique index callback_root on callback (county, root) where state = 'waiting';
create index callback_queue on callback (county, rank, next_at, id) where state = 'waiting';
create index callback_ended on callback (county, created_at, id);
create table callback_answer (
  county text not null,
  matter uuid not null,
  version integer not null,
  at timestamptz not null,
  account text not null,
  path text not null,
  unit text,
  code text,
  outcome text not null,
  reached boolean,
  solved boolean,
  satisfaction integer,
  stars integer,
  primary key (county, matter, version)
);
create index callback_answer_at on callback_answer (county, at);
