-- Deliveries that a person brings to an end (a call, a letter), and those that somebody did not want.
alter table delivery drop constraint delivery_state_check;
alter table delivery add constraint delivery_state_check
  check (state in ('queued', 'claimed', 'sent', 'logged', 'unknown', 'failed', 'given_up', 'skipped', 'to_call', 'to_print'));

create index delivery_desk on delivery (county, state, id) where state in ('to_call', 'to_print');

-- Parts of a message that a peer took and reports on: each under the peer's own id.
create table delivery_part (
  county text not null,
  delivery uuid not null,
  part integer not null,
  adapter text not null,
  peer text not null,
  receipt text check (receipt in ('delivered', 'failed', 'expired', 'under_way')),
  code text,
  receipt_at timestamptz,
  primary key (county, delivery, part)
);

create index delivery_part_peer on delivery_part (county, peer);

-- What phones sent to us. Phone and words are sealed and go when their owner asks for it.
create table inbound_message (
  county text not null,
  id uuid not null,
  adapter text not null,
  -- The peer's id of it, or a mark over who, what and when: it is taken once.
  once text not null,
  phone bytea,
  words bytea,
  contact uuid,
  -- The message of ours that it answers.
  delivery uuid,
  matter uuid,
  meaning text not null check (meaning in ('solved', 'unsolved', 'stop', 'start', 'words')),
  state text not null check (state in ('waiting', 'done', 'open')),
  -- Why nothing came of it by itself: a reason code.
  reason text,
  received_at timestamptz not null,
  settled_at timestamptz,
  settled_by text,
  primary key (county, id),
  unique (county, adapter, once)
);

create index inbound_message_waiting on inbound_message (county, id) where state = 'waiting';
create index inbound_message_open on inbound_message (county, id) where state = 'open';
create index inbound_message_contact on inbound_message (county, contact);

-- How somebody wants to be reached. Opting out of what is not urgent is kept with its time.
alter table contact drop constraint contact_channel_check;
alter table contact add constraint contact_channel_check check (channel in ('sms', 'email', 'push', 'wechat', 'voice', 'letter', 'none'));
alter table contact add column stopped_at timestamptz;
alter table contact add column plain boolean not null default false;
alter table contact add column quiet_from smallint check (quiet_from between 0 and 1439);
alter table contact add column quiet_until smallint check (quiet_until between 0 and 1439);
alter table contact add column postal bytea;
