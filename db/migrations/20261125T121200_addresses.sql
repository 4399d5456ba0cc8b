-- Addresses of people that no form asks for: browsers that asked to be told, followers of a WeChat account, and a mail address that waits to be confirmed.
create table reach_address (
  county text not null references county,
  id uuid not null,
  channel text not null check (channel in ('push', 'wechat', 'email')),
  -- `contact:{uuid}` or `account:{uuid}`.
  recipient text not null,
  -- Blind index of the address: one address belongs to one person.
  mark bytea not null,
  address bytea not null,
  created_at timestamptz not null,
  primary key (county, id),
  unique (county, channel, mark)
);
create index reach_address_recipient on reach_address (county, recipient);

-- The key pair by which push services know a county (RFC 8292).
create table push_key (
  county text not null references county,
  id uuid not null,
  public_key text not null,
  private_key bytea not null,
  created_at timestamptz not null,
  primary key (county)
);
