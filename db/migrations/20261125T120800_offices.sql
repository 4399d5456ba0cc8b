-- What is configured is read on by itself, newest first; entries of matters are not passed through.
create index ledger_entry_config on ledger_entry (county, seq) where subject = 'config';

-- Places that a unit serves; none: the whole county.
alter table unit add column places text[] not null default '{}';

-- A unit that is dissolved, with its successors, and what went to whom: the way back goes along the same rows.
create table unit_dissolution (
  county text not null,
  id uuid not null,
  unit text not null,
  successors jsonb not null,
  reason text not null,
  account text not null,
  at timestamptz not null,
  ended_at timestamptz,
  back_of uuid,
  primary key (county, id),
  foreign key (county, unit) references unit (county, id)
);
create index unit_dissolution_unit on unit_dissolution (county, unit, at);
create index unit_dissolution_open on unit_dissolution (county) where ended_at is null;
create table unit_handover (
  county text not null,
  dissolution uuid not null,
  what text not null,
  target text not null,
  from_unit text not null,
  to_unit text,
  was jsonb,
  at timestamptz not null,
  primary key (county, dissolution, what, target),
  foreign key (county, dissolution) references unit_dissolution (county, id)
);
