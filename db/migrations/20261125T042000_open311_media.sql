-- Pictures that a media_url of a report named and that are still to be fetched, or why one was not. The address goes when it was.
create table open311_media (
  county text not null,
  matter uuid not null,
  url text,
  state text not null,
  tries integer not null,
  next_at timestamptz,
  primary key (county, matter)
);
create index open311_media_due on open311_media (next_at) where next_at is not null;
