-- 巡查走访: planned routes, patrols and their checks, visits to households, shifts that are handed over.
create table patrol_route (
  county text not null,
  id uuid not null,
  place text not null,
  path text collate "C" not null,
  name text not null,
  every_days integer not null check (every_days > 0),
  stops jsonb not null,
  made_at timestamptz not null,
  ended_at timestamptz,
  primary key (county, id)
);
create index patrol_route_path on patrol_route (county, path);

create table patrol (
  county text not null,
  id uuid not null,
  route uuid not null,
  account uuid not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  primary key (county, id),
  foreign key (county, route) references patrol_route (county, id)
);
create index patrol_started on patrol (county, route, started_at);

-- One row for a stop of a patrol, however often a phone sends it.
create table patrol_check (
  county text not null,
  patrol uuid not null,
  stop text not null,
  route uuid not null,
  op uuid not null,
  account uuid not null,
  way text not null check (way in ('position', 'plate', 'typed')),
  done_at timestamptz not null,
  received_at timestamptz not null,
  metres real,
  good boolean not null,
  primary key (county, patrol, stop),
  foreign key (county, patrol) references patrol (county, id)
);
create index patrol_check_route on patrol_check (county, route, done_at);

-- What a resident has agreed to, for whom, until when.
create table consent (
  county text not null,
  id uuid not null,
  contact uuid not null,
  holder uuid not null,
  purpose text not null check (purpose in ('visit', 'proxy')),
  scope text[] not null,
  way text not null check (way in ('code', 'witness')),
  blob text,
  spoken bytea,
  given_at timestamptz not null,
  until timestamptz not null,
  revoked_at timestamptz,
  primary key (county, id),
  foreign key (county, contact) references contact (county, id)
);
create index consent_contact on consent (county, contact);
create index consent_holder on consent (county, holder);
create index consent_blob on consent (county, blob) where blob is not null;

create table household_visit (
  county text not null,
  id uuid not null,
  place text,
  path text collate "C" not null,
  account uuid not null,
  kind text not null,
  outcome text not null,
  consent uuid,
  -- Sealed: the household and what was noted; gone when the consent is.
  words bytea,
  done_at timestamptz not null,
  received_at timestamptz not null,
  primary key (county, id),
  foreign key (county, consent) references consent (county, id)
);
create index household_visit_path on household_visit (county, path);
create index household_visit_time on household_visit (county, received_at, id);
create index household_visit_consent on household_visit (county, consent) where consent is not null;

create table shift_handover (
  county text not null,
  id uuid not null,
  path text collate "C" not null,
  giver uuid not null,
  taker uuid not null,
  matters jsonb not null,
  -- Sealed: remarks may name people.
  remarks bytea,
  answer bytea,
  given_at timestamptz not null,
  received_at timestamptz not null,
  confirmed_at timestamptz,
  primary key (county, id)
);
create index shift_handover_giver on shift_handover (county, giver, given_at);
create index shift_handover_taker on shift_handover (county, taker, given_at);
create index shift_handover_open on shift_handover (county, given_at) where confirmed_at is null;
