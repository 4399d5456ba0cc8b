-- What must reach a person outside. A row is written with the action that causes it; unique by matter, version,
-- template and recipient, so that an action which is asked for twice tells once. Messages without a matter
-- (a code, an invitation) have none of the three.
create table delivery (
  county text not null,
  id uuid not null,
  matter uuid,
  version integer,
  template text not null,
  recipient text not null,
  -- Known from the moment before it is sent: a claim that ran out without them was certainly not sent.
  channel text,
  adapter text,
  params jsonb not null,
  urgent boolean not null,
  state text not null check (state in ('queued', 'claimed', 'sent', 'logged', 'unknown', 'failed', 'given_up')),
  attempts integer not null,
  next_at timestamptz not null,
  claimed_until timestamptz,
  claimed_by uuid,
  error text,
  peer_id text,
  created_at timestamptz not null,
  sent_at timestamptz,
  primary key (county, id),
  unique (county, matter, version, template, recipient)
);

-- What a worker looks through: rows that wait, and rows whose claim may have run out.
create index delivery_waiting on delivery (next_at) where state = 'queued';
create index delivery_claimed on delivery (claimed_until) where state = 'claimed';
-- What a person must look at.
create index delivery_stuck on delivery (county, id) where state in ('unknown', 'failed', 'given_up');
-- The daily cap of a recipient.
create index delivery_recipient on delivery (county, recipient, sent_at) where sent_at is not null and not urgent;

-- The logbook: what would have been sent where nothing is connected, and everything that a demo says.
-- One line a delivery, whatever happens to the worker: the key is the delivery's own. What it said follows from the
-- delivery's template and parameters and is put together when somebody reads it.
create table delivery_log (
  county text not null,
  delivery uuid not null,
  channel text not null,
  address_masked text not null,
  language text not null,
  at timestamptz not null,
  primary key (county, delivery)
);
