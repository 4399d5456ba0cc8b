-- The address at which a report stands in the system that it was made in first: by it a report that comes back is known.
alter table open311_report add column origin text;
create unique index open311_report_origin on open311_report (county, origin) where origin is not null;
-- Other Open311 systems that reports and updates are exchanged with, and how far each exchange has got.
create table partner (
  county text not null,
  id uuid not null,
  name text not null,
  url text not null,
  jurisdiction text,
  key bytea,
  account uuid not null,
  direction text not null,
  services jsonb not null,
  push_at text not null,
  words boolean not null,
  active boolean not null,
  pulled_until timestamptz not null,
  heard_until timestamptz not null,
  failures integer not null,
  error text,
  contacted_at timestamptz,
  next_at timestamptz not null,
  created_at timestamptz not null,
  primary key (county, id),
  foreign key (account) references account (id)
);
create index partner_due on partner (next_at) where active;
-- A report that stands here and with a partner: where it was made, under which number it stands there, and what each side last said of it.
create table partner_report (
  county text not null,
  partner uuid not null,
  id uuid not null,
  matter uuid,
  theirs text,
  origin text not null,
  state text not null,
  tries integer not null,
  next_at timestamptz,
  error text,
  told text,
  news boolean not null,
  status text,
  heard_at timestamptz,
  conflict text,
  at timestamptz not null,
  primary key (county, partner, id)
);
create unique index partner_report_theirs on partner_report (county, partner, theirs) where theirs is not null;
create unique index partner_report_matter on partner_report (county, partner, matter) where matter is not null;
create index partner_report_of on partner_report (county, matter) where matter is not null;
create index partner_report_due on partner_report (county, partner, next_at) where next_at is not null;
create index partner_report_news on partner_report (county, partner, at) where news;
