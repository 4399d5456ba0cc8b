-- Cases that came into another state, as the ledger has them: what other programs ask for. Kept by a follower; `seq` is the entry's.
create table open311_update (
  county text not null,
  seq bigint not null,
  matter uuid not null,
  state text not null,
  at timestamptz not null,
  primary key (county, seq)
);
create index open311_update_at on open311_update (county, at, seq);
