-- Reports that residents have begun and not sent: so that a reload, a way back or a lost connection loses nothing.
-- `id` is the SHA-256 of the key that only the resident's address bar and cookie hold; `body` is sealed (AES-256-GCM),
-- for it may hold a phone number and a person's own words. A row ends with the report, or a day after it was last touched.
create table case_draft (
  county text not null references county,
  id bytea not null,
  body bytea not null,
  touched_at timestamptz not null,
  primary key (county, id)
);

create index case_draft_touched on case_draft (county, touched_at);
