-- The ledger: what happened in a county, in one order, under one Merkle tree (RFC 6962).
-- The application may only SELECT and INSERT on ledger_entry, ledger_tile, ledger_checkpoint and ledger_witnessed.

-- What actions wrote and the sequencer has not ordered yet.
create table ledger_inbox (
  county text not null,
  id bigint generated always as identity,
  entry bytea not null,
  primary key (county, id)
);

-- seq is the leaf's index in the tree plus one: gapless from 1. `canonical` is the truth (RFC 8785 JSON);
-- the other columns are read from it and checked against it by `trace verify`.
create table ledger_entry (
  county text not null,
  seq bigint not null,
  matter uuid,
  mv integer,
  subject text not null,
  kind text not null,
  action text not null,
  at timestamptz,
  actor text,
  canonical bytea not null,
  primary key (county, seq)
);

create index ledger_entry_matter on ledger_entry (county, matter, seq) where matter is not null;

-- Full tiles of C2SP tlog-tiles: 256 hashes of 32 bytes. Partial ones stand in ledger_head.edge.
create table ledger_tile (
  county text not null,
  level smallint not null,
  index bigint not null,
  hashes bytea not null,
  primary key (county, level, index)
);

alter table ledger_tile alter column hashes set storage external;

-- One row a county; whoever holds its lock is the county's sequencer. `edge` is the partial tile of each level,
-- lowest first, one after the other; how many hashes each has follows from `size`.
create table ledger_head (
  county text not null,
  size bigint not null,
  edge bytea not null,
  root bytea not null,
  signed_size bigint not null default 0,
  primary key (county)
);

alter table ledger_head alter column edge set storage external;

-- Signed tree heads (C2SP tlog-checkpoint), as the whole signed note. Time and size of the checkpoint before are in the
-- note too, so that a row that is missing or changed shows.
create table ledger_checkpoint (
  county text not null,
  size bigint not null,
  root bytea not null,
  note text not null,
  at timestamptz not null,
  primary key (county, size)
);

-- Who outside is shown the checkpoints of a county. `target` is a file's path or an address;
-- `verifier` is the witness's own key (C2SP vkey), where it cosigns.
create table ledger_witness (
  county text not null,
  name text not null,
  kind text not null check (kind in ('file', 'webhook')),
  target text not null,
  verifier text,
  every_seconds integer not null default 60,
  active boolean not null default true,
  primary key (county, name)
);

-- What a witness has seen, with its cosignature where it gave one.
create table ledger_witnessed (
  county text not null,
  witness text not null,
  size bigint not null,
  note text not null,
  at timestamptz not null,
  primary key (county, witness, size)
);

-- How far each follower has come; moved in the transaction of what it wrote.
create table follower_cursor (
  county text not null,
  name text not null,
  seq bigint not null,
  primary key (county, name)
);

-- Which process runs a county's followers. It saves work; what keeps them right is the cursor.
create table follower_lease (
  county text not null,
  holder uuid not null,
  until timestamptz not null,
  primary key (county)
);
