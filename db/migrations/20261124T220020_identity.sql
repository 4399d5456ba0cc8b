-- Units: the offices and firms that have matters in hand. `id` is the county's own code for it.
create table unit (
  county text not null,
  id text not null,
  name jsonb not null,
  kind text not null,
  parent text,
  phone text,
  closed_at timestamptz,
  updated_at timestamptz not null,
  primary key (county, id)
);

-- Accounts are global reference data: one person, one login, rights in any number of counties.
-- `home` is the county whose administrators look after the account.
create table account (
  id uuid not null primary key,
  kind text not null check (kind in ('person', 'program')),
  login text not null unique,
  home text not null,
  name text not null,
  password text,
  phone bytea,
  email bytea,
  language text not null,
  channel text not null check (channel in ('sms', 'email')),
  disabled_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create index account_home on account (home, login);

-- A grant: role, unit, everything under a place, purpose, from, until. Never changed but for its end.
create table account_grant (
  county text not null,
  id uuid not null,
  account uuid not null references account (id),
  role text not null,
  unit text,
  place text collate "C" not null,
  purpose text,
  valid_from timestamptz not null,
  valid_until timestamptz,
  created_at timestamptz not null,
  primary key (county, id),
  foreign key (county, unit) references unit (county, id)
);

create index account_grant_account on account_grant (account);
create index account_grant_role on account_grant (county, role, unit);

-- Sessions of staff (account) and of residents (county and contact). Only the digest of the token is here.
create table session (
  token bytea not null primary key,
  account uuid references account (id),
  county text,
  contact uuid,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  check ((account is null) = (contact is not null and county is not null))
);

create index session_account on session (account);
create index session_contact on session (county, contact);
create index session_expires on session (expires_at);

-- Bearer tokens of programs: an account's rights, narrowed to some of its roles.
create table program_token (
  id uuid not null primary key,
  token bytea not null unique,
  account uuid not null references account (id),
  name text not null,
  roles text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);

create index program_token_account on program_token (account);

-- Links that set a password once.
create table one_time_link (
  token bytea not null primary key,
  account uuid not null references account (id),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

create index one_time_link_account on one_time_link (account);

-- Wrong passwords make the next try of that login wait; nobody is locked out for good.
create table sign_in_pause (
  login bytea not null primary key,
  failures integer not null,
  next_at timestamptz not null
);

-- Residents who left a phone or an e-mail address. An erased contact keeps its id, which the ledger names, and nothing else.
create table contact (
  county text not null,
  id uuid not null,
  phone bytea,
  phone_index bytea,
  email bytea,
  language text not null,
  channel text not null check (channel in ('sms', 'email', 'none')),
  verified_at timestamptz,
  created_at timestamptz not null,
  erased_at timestamptz,
  primary key (county, id),
  unique (county, phone_index)
);

-- Codes sent to check that a phone is in the hand of who says so.
create table code_check (
  county text not null,
  id uuid not null,
  phone_index bytea not null,
  code bytea not null,
  sent_at timestamptz not null,
  expires_at timestamptz not null,
  tries integer not null,
  used_at timestamptz,
  primary key (county, id)
);

create index code_check_phone on code_check (county, phone_index, sent_at);
create index code_check_day on code_check (county, sent_at);
