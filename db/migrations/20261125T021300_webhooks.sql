-- Where programs are sent what happens, and how far each has got in its county's ledger.
create table webhook (
  county text not null,
  id uuid not null,
  account uuid not null,
  url text not null,
  secret bytea not null,
  seq bigint not null,
  active boolean not null,
  failures integer not null,
  error text,
  next_at timestamptz not null,
  created_at timestamptz not null,
  primary key (county, id),
  foreign key (account) references account (id)
);
create index webhook_due on webhook (next_at) where active;
