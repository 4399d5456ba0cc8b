-- Who is told by e-mail of what is shown. The address is a contact's, sealed; the index finds asks of one address again.
create table bulletin_mail (
  county text not null,
  id uuid not null,
  contact uuid not null,
  address_index bytea not null,
  category text,
  village text,
  street text,
  every text not null check (every in ('once', 'daily')),
  asked_at timestamptz not null,
  confirmed_at timestamptz,
  sent_at timestamptz,
  primary key (county, id)
);
create index bulletin_mail_address on bulletin_mail (county, address_index, asked_at);
create index bulletin_mail_asked on bulletin_mail (county, asked_at) where confirmed_at is null;
-- What is to be told, and what was: nobody is told the same twice.
create table bulletin_mail_news (
  county text not null,
  mail uuid not null,
  matter uuid not null,
  what text not null check (what in ('new', 'ended')),
  at timestamptz not null,
  sent_at timestamptz,
  primary key (county, mail, matter, what),
  foreign key (county, mail) references bulletin_mail (county, id) on delete cascade
);
create index bulletin_mail_news_waiting on bulletin_mail_news (county, mail) where sent_at is null;
create index bulletin_mail_news_at on bulletin_mail_news (county, at);
