-- What db/migrations come to, read from the catalogue of PostgreSQL 18 by tools/schema.ts. Not applied to anything:
-- it shows in a review what a migration changes, and the tests compare.

create table account (
  id uuid not null,
  kind text not null,
  login text not null,
  home text not null,
  name text not null,
  password text,
  phone bytea,
  email bytea,
  language text not null,
  channel text not null,
  disabled_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint account_pkey PRIMARY KEY (id),
  constraint account_login_key UNIQUE (login),
  constraint account_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint account_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'program'::text])))
);
CREATE INDEX account_home ON public.account USING btree (home, login);
grant select, insert, update, delete on account to lamplight_app;

create table account_grant (
  county text not null,
  id uuid not null,
  account uuid not null,
  role text not null,
  unit text,
  place text not null,
  purpose text,
  valid_from timestamp with time zone not null,
  valid_until timestamp with time zone,
  created_at timestamp with time zone not null,
  constraint account_grant_pkey PRIMARY KEY (county, id),
  constraint account_grant_account_fkey FOREIGN KEY (account) REFERENCES account(id),
  constraint account_grant_county_unit_fkey FOREIGN KEY (county, unit) REFERENCES unit(county, id)
);
CREATE INDEX account_grant_account ON public.account_grant USING btree (account);
CREATE INDEX account_grant_role ON public.account_grant USING btree (county, role, unit);
grant select, insert, update, delete on account_grant to lamplight_app;

create table address (
  county text not null,
  id uuid not null,
  source text not null,
  road text not null,
  number integer not null,
  suffix text not null,
  door point not null,
  constraint address_pkey PRIMARY KEY (county, id)
);
CREATE INDEX address_door ON public.address USING gist (door);
CREATE INDEX address_road ON public.address USING btree (county, road, number);
grant select, insert, update, delete on address to lamplight_app;

create table blob (
  county text not null,
  digest text not null,
  original text not null,
  type text not null,
  bytes bigint not null,
  width integer not null,
  height integer not null,
  taken_at timestamp with time zone,
  lng double precision,
  lat double precision,
  created_at timestamp with time zone not null,
  constraint blob_pkey PRIMARY KEY (county, digest),
  constraint blob_county_fkey FOREIGN KEY (county) REFERENCES county(county),
  constraint blob_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
  constraint blob_original_check CHECK ((original ~ '^[0-9a-f]{64}$'::text))
);
CREATE INDEX blob_created ON public.blob USING btree (county, created_at);
CREATE INDEX blob_digest ON public.blob USING btree (digest);
grant select, insert, update, delete on blob to lamplight_app;

create table blob_upload (
  county text not null,
  digest text not null,
  uploaded_by uuid not null,
  uploaded_at timestamp with time zone not null,
  constraint blob_upload_pkey PRIMARY KEY (county, digest, uploaded_by),
  constraint blob_upload_county_digest_fkey FOREIGN KEY (county, digest) REFERENCES blob(county, digest) ON DELETE CASCADE
);
grant select, insert, update, delete on blob_upload to lamplight_app;

create table bulletin_mail (
  county text not null,
  id uuid not null,
  contact uuid not null,
  address_index bytea not null,
  category text,
  village text,
  street text,
  every text not null,
  asked_at timestamp with time zone not null,
  confirmed_at timestamp with time zone,
  sent_at timestamp with time zone,
  constraint bulletin_mail_pkey PRIMARY KEY (county, id),
  constraint bulletin_mail_every_check CHECK ((every = ANY (ARRAY['once'::text, 'daily'::text])))
);
CREATE INDEX bulletin_mail_address ON public.bulletin_mail USING btree (county, address_index, asked_at);
CREATE INDEX bulletin_mail_asked ON public.bulletin_mail USING btree (county, asked_at) WHERE (confirmed_at IS NULL);
grant select, insert, update, delete on bulletin_mail to lamplight_app;

create table bulletin_mail_news (
  county text not null,
  mail uuid not null,
  matter uuid not null,
  what text not null,
  at timestamp with time zone not null,
  sent_at timestamp with time zone,
  constraint bulletin_mail_news_pkey PRIMARY KEY (county, mail, matter, what),
  constraint bulletin_mail_news_county_mail_fkey FOREIGN KEY (county, mail) REFERENCES bulletin_mail(county, id) ON DELETE CASCADE,
  constraint bulletin_mail_news_what_check CHECK ((what = ANY (ARRAY['new'::text, 'ended'::text])))
);
CREATE INDEX bulletin_mail_news_at ON public.bulletin_mail_news USING btree (county, at);
CREATE INDEX bulletin_mail_news_waiting ON public.bulletin_mail_news USING btree (county, mail) WHERE (sent_at IS NULL);
grant select, insert, update, delete on bulletin_mail_news to lamplight_app;

create table callback (
  county text not null,
  id uuid not null,
  root uuid not null,
  matters uuid[] not null,
  contact uuid not null,
  path text not null,
  reasons text[] not null,
  rank integer not null,
  state text not null,
  tries integer default 0 not null,
  next_at timestamp with time zone not null,
  taken_by text,
  taken_until timestamp with time zone,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint callback_pkey PRIMARY KEY (county, id),
  constraint callback_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'unreached'::text, 'withdrawn'::text])))
);
CREATE INDEX callback_ended ON public.callback USING btree (county, created_at, id);
CREATE INDEX callback_queue ON public.callback USING btree (county, rank, next_at, id) WHERE (state = 'waiting'::text);
CREATE UNIQUE INDEX callback_root ON public.callback USING btree (county, root) WHERE (state = 'waiting'::text);
grant select, insert, update, delete on callback to lamplight_app;

create table callback_answer (
  county text not null,
  matter uuid not null,
  version integer not null,
  at timestamp with time zone not null,
  account text not null,
  path text not null,
  unit text,
  code text,
  outcome text not null,
  reached boolean,
  solved boolean,
  satisfaction integer,
  stars integer,
  constraint callback_answer_pkey PRIMARY KEY (county, matter, version)
);
CREATE INDEX callback_answer_at ON public.callback_answer USING btree (county, at);
grant select, insert, update, delete on callback_answer to lamplight_app;

create table camera (
  county text not null,
  code text not null,
  name text not null,
  point point not null,
  place text,
  path text,
  spot text,
  height real,
  bearing real,
  opening real,
  turning real,
  reach real not null,
  owner text not null,
  purpose text not null,
  retention integer not null,
  notice boolean not null,
  notice_photo text,
  ptz boolean not null,
  gateway uuid,
  stream text,
  source text,
  onvif text,
  off boolean not null,
  silent_since timestamp with time zone,
  probed_at timestamp with time zone,
  version integer not null,
  updated_at timestamp with time zone not null,
  constraint camera_pkey PRIMARY KEY (county, code)
);
CREATE INDEX camera_gateway_of ON public.camera USING btree (county, gateway) WHERE (gateway IS NOT NULL);
CREATE INDEX camera_owner ON public.camera USING btree (county, owner, code);
CREATE INDEX camera_path ON public.camera USING btree (county, path, code);
CREATE INDEX camera_point ON public.camera USING gist (point);
grant select, insert, update, delete on camera to lamplight_app;

create table camera_building (
  county text not null,
  id text not null,
  height real,
  box box not null,
  area jsonb not null,
  constraint camera_building_pkey PRIMARY KEY (county, id)
);
CREATE INDEX camera_building_box ON public.camera_building USING gist (box);
grant select, insert, update, delete on camera_building to lamplight_app;

create table camera_gateway (
  county text not null,
  id uuid not null,
  name text not null,
  kind text not null,
  url text not null,
  media text,
  login text,
  secret bytea,
  device_login text,
  device_secret bytea,
  active boolean not null,
  created_at timestamp with time zone not null,
  constraint camera_gateway_pkey PRIMARY KEY (county, id),
  constraint camera_gateway_kind_check CHECK ((kind = ANY (ARRAY['hls'::text, 'mediamtx'::text, 'wvp'::text, 'demo'::text])))
);
grant select, insert, update, delete on camera_gateway to lamplight_app;

create table camera_hold (
  county text not null,
  camera text not null,
  view uuid not null,
  account uuid not null,
  until_at timestamp with time zone not null,
  moving boolean not null,
  constraint camera_hold_pkey PRIMARY KEY (county, camera)
);
grant select, insert, update, delete on camera_hold to lamplight_app;

create table camera_view (
  county text not null,
  id uuid not null,
  camera text not null,
  account uuid not null,
  session bytea not null,
  purpose text not null,
  note text not null,
  note_salt bytea not null,
  matter uuid,
  begun_at timestamp with time zone not null,
  until_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ending text,
  turns integer default 0 not null,
  constraint camera_view_pkey PRIMARY KEY (county, id)
);
CREATE INDEX camera_view_camera ON public.camera_view USING btree (county, camera, begun_at DESC, id DESC);
CREATE INDEX camera_view_open ON public.camera_view USING btree (seen_at) WHERE (ended_at IS NULL);
grant select, insert, update, delete on camera_view to lamplight_app;

create table case_dispatch (
  county text not null,
  matter uuid not null,
  version integer not null,
  at timestamp with time zone not null,
  unit text not null,
  rule integer,
  by_account text,
  outcome text,
  constraint case_dispatch_pkey PRIMARY KEY (county, matter, version)
);
CREATE INDEX case_dispatch_at ON public.case_dispatch USING btree (county, at);
grant select, insert, update, delete on case_dispatch to lamplight_app;

create table case_dispatch_beside (
  county text not null,
  matter uuid not null,
  version integer not null,
  at timestamp with time zone not null,
  unit text not null,
  rule integer,
  by_account text,
  outcome text,
  constraint case_dispatch_beside_pkey PRIMARY KEY (county, matter, version)
);
grant select, insert, update, delete on case_dispatch_beside to lamplight_app;

create table case_draft (
  county text not null,
  id bytea not null,
  body bytea not null,
  touched_at timestamp with time zone not null,
  constraint case_draft_pkey PRIMARY KEY (county, id),
  constraint case_draft_county_fkey FOREIGN KEY (county) REFERENCES county(county)
);
CREATE INDEX case_draft_touched ON public.case_draft USING btree (county, touched_at);
grant select, insert, update, delete on case_draft to lamplight_app;

create table clock (
  county text not null,
  matter uuid not null,
  name text not null,
  kind text not null,
  unit text not null,
  amount double precision not null,
  started_at timestamp with time zone not null,
  due_at timestamp with time zone,
  warn_at timestamp with time zone,
  provisional boolean not null,
  running_since timestamp with time zone,
  paused_at timestamp with time zone,
  stopped_at timestamp with time zone,
  spent_ms bigint not null,
  fired_at timestamp with time zone,
  warned_at timestamp with time zone,
  constraint clock_pkey PRIMARY KEY (county, matter, name)
);
CREATE INDEX clock_due ON public.clock USING btree (due_at) WHERE ((stopped_at IS NULL) AND (fired_at IS NULL) AND (due_at IS NOT NULL));
CREATE INDEX clock_warn ON public.clock USING btree (warn_at) WHERE ((stopped_at IS NULL) AND (warned_at IS NULL) AND (warn_at IS NOT NULL));
grant select, insert, update, delete on clock to lamplight_app;

create table code_check (
  county text not null,
  id uuid not null,
  phone_index bytea not null,
  code bytea not null,
  sent_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  tries integer not null,
  used_at timestamp with time zone,
  constraint code_check_pkey PRIMARY KEY (county, id)
);
CREATE INDEX code_check_day ON public.code_check USING btree (county, sent_at);
CREATE INDEX code_check_phone ON public.code_check USING btree (county, phone_index, sent_at);
grant select, insert, update, delete on code_check to lamplight_app;

create table component (
  county text not null,
  code text not null,
  class text not null,
  name text not null,
  road text,
  ordinal integer,
  point point not null,
  accuracy text not null,
  place text,
  path text,
  owner text,
  manager text,
  state text not null,
  installed date,
  open_cases integer default 0 not null,
  import uuid not null,
  updated_at timestamp with time zone not null,
  constraint component_pkey PRIMARY KEY (county, code),
  constraint component_accuracy_check CHECK ((accuracy = ANY (ARRAY['A'::text, 'B'::text, 'C'::text])))
);
CREATE INDEX component_class ON public.component USING btree (county, class, code);
CREATE INDEX component_faulty ON public.component USING btree (county, code) WHERE (open_cases > 0);
CREATE INDEX component_manager ON public.component USING btree (county, manager, code);
CREATE INDEX component_path ON public.component USING btree (county, path, code);
CREATE INDEX component_point ON public.component USING gist (point);
CREATE INDEX component_road ON public.component USING btree (county, road, ordinal) WHERE (road IS NOT NULL);
grant select, insert, update, delete on component to lamplight_app;

create table component_import (
  county text not null,
  import uuid not null,
  at timestamp with time zone not null,
  actor uuid not null,
  source text not null,
  digest text not null,
  rows integer not null,
  added integer not null,
  changed integer not null,
  constraint component_import_pkey PRIMARY KEY (county, import)
);
grant select, insert, update, delete on component_import to lamplight_app;

create table component_matter (
  county text not null,
  matter uuid not null,
  component text not null,
  mv integer not null,
  open boolean not null,
  constraint component_matter_pkey PRIMARY KEY (county, matter)
);
CREATE INDEX component_matter_open ON public.component_matter USING btree (county, component) WHERE open;
grant select, insert, update, delete on component_matter to lamplight_app;

create table component_matter_beside (
  county text not null,
  matter uuid not null,
  component text not null,
  mv integer not null,
  open boolean not null,
  constraint component_matter_beside_pkey PRIMARY KEY (county, matter)
);
grant select, insert, update, delete on component_matter_beside to lamplight_app;

create table component_staging (
  county text not null,
  import uuid not null,
  line integer not null,
  code text not null,
  class text not null,
  name text not null,
  road text,
  ordinal integer,
  point point not null,
  accuracy text not null,
  place text,
  path text,
  owner text,
  manager text,
  state text not null,
  installed date,
  plate text,
  constraint component_staging_pkey PRIMARY KEY (county, import, line)
);
grant select, insert, update, delete on component_staging to lamplight_app;

create table consent (
  county text not null,
  id uuid not null,
  contact uuid not null,
  holder uuid not null,
  purpose text not null,
  scope text[] not null,
  way text not null,
  blob text,
  spoken bytea,
  given_at timestamp with time zone not null,
  until timestamp with time zone not null,
  revoked_at timestamp with time zone,
  constraint consent_pkey PRIMARY KEY (county, id),
  constraint consent_county_contact_fkey FOREIGN KEY (county, contact) REFERENCES contact(county, id),
  constraint consent_purpose_check CHECK ((purpose = ANY (ARRAY['visit'::text, 'proxy'::text]))),
  constraint consent_way_check CHECK ((way = ANY (ARRAY['code'::text, 'witness'::text])))
);
CREATE INDEX consent_blob ON public.consent USING btree (county, blob) WHERE (blob IS NOT NULL);
CREATE INDEX consent_contact ON public.consent USING btree (county, contact);
CREATE INDEX consent_holder ON public.consent USING btree (county, holder);
grant select, insert, update, delete on consent to lamplight_app;

create table contact (
  county text not null,
  id uuid not null,
  phone bytea,
  phone_index bytea,
  email bytea,
  language text not null,
  channel text not null,
  verified_at timestamp with time zone,
  created_at timestamp with time zone not null,
  erased_at timestamp with time zone,
  stopped_at timestamp with time zone,
  plain boolean default false not null,
  quiet_from smallint,
  quiet_until smallint,
  postal bytea,
  preferred_at timestamp with time zone,
  preferred_by text,
  constraint contact_pkey PRIMARY KEY (county, id),
  constraint contact_county_phone_index_key UNIQUE (county, phone_index),
  constraint contact_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text, 'push'::text, 'wechat'::text, 'voice'::text, 'letter'::text, 'none'::text]))),
  constraint contact_preferred_by_check CHECK ((preferred_by = ANY (ARRAY['self'::text, 'call'::text, 'window'::text, 'letter'::text]))),
  constraint contact_quiet_from_check CHECK (((quiet_from >= 0) AND (quiet_from <= 1439))),
  constraint contact_quiet_until_check CHECK (((quiet_until >= 0) AND (quiet_until <= 1439)))
);
grant select, insert, update, delete on contact to lamplight_app;

create table county (
  county text not null,
  name jsonb not null,
  zone text default 'Asia/Shanghai'::text not null,
  settings jsonb default '{}'::jsonb not null,
  demo boolean default false not null,
  created_at timestamp with time zone not null,
  constraint county_pkey PRIMARY KEY (county),
  constraint county_county_check CHECK ((county ~ '^[0-9A-Za-z]{2,12}$'::text))
);
grant select, insert, update, delete on county to lamplight_app;

create table delivery (
  county text not null,
  id uuid not null,
  matter uuid,
  version integer,
  template text not null,
  recipient text not null,
  channel text,
  adapter text,
  params jsonb not null,
  urgent boolean not null,
  state text not null,
  attempts integer not null,
  next_at timestamp with time zone not null,
  claimed_until timestamp with time zone,
  claimed_by uuid,
  error text,
  peer_id text,
  created_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  constraint delivery_pkey PRIMARY KEY (county, id),
  constraint delivery_county_matter_version_template_recipient_key UNIQUE (county, matter, version, template, recipient),
  constraint delivery_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'claimed'::text, 'sent'::text, 'logged'::text, 'unknown'::text, 'failed'::text, 'given_up'::text, 'skipped'::text, 'to_call'::text, 'to_print'::text])))
);
CREATE INDEX delivery_claimed ON public.delivery USING btree (claimed_until) WHERE (state = 'claimed'::text);
CREATE INDEX delivery_desk ON public.delivery USING btree (county, state, id) WHERE (state = ANY (ARRAY['to_call'::text, 'to_print'::text]));
CREATE INDEX delivery_recipient ON public.delivery USING btree (county, recipient, sent_at) WHERE ((sent_at IS NOT NULL) AND (NOT urgent));
CREATE INDEX delivery_stuck ON public.delivery USING btree (county, id) WHERE (state = ANY (ARRAY['unknown'::text, 'failed'::text, 'given_up'::text]));
CREATE INDEX delivery_waiting ON public.delivery USING btree (next_at) WHERE (state = 'queued'::text);
grant select, insert, update, delete on delivery to lamplight_app;

create table delivery_log (
  county text not null,
  delivery uuid not null,
  channel text not null,
  address_masked text not null,
  language text not null,
  at timestamp with time zone not null,
  constraint delivery_log_pkey PRIMARY KEY (county, delivery)
);
grant select, insert, update, delete on delivery_log to lamplight_app;

create table delivery_part (
  county text not null,
  delivery uuid not null,
  part integer not null,
  adapter text not null,
  peer text not null,
  receipt text,
  code text,
  receipt_at timestamp with time zone,
  constraint delivery_part_pkey PRIMARY KEY (county, delivery, part),
  constraint delivery_part_receipt_check CHECK ((receipt = ANY (ARRAY['delivered'::text, 'failed'::text, 'expired'::text, 'under_way'::text])))
);
CREATE INDEX delivery_part_peer ON public.delivery_part USING btree (county, peer);
grant select, insert, update, delete on delivery_part to lamplight_app;

create table dispatch_rules (
  county text not null,
  version integer not null,
  rules jsonb not null,
  author text not null,
  at timestamp with time zone not null,
  constraint dispatch_rules_pkey PRIMARY KEY (county, version)
);
grant select, insert, update, delete on dispatch_rules to lamplight_app;

create table duty_absence (
  county text not null,
  id uuid not null,
  person text not null,
  from_at timestamp with time zone not null,
  until_at timestamp with time zone not null,
  made_at timestamp with time zone,
  made_by text,
  withdrawn_at timestamp with time zone,
  constraint duty_absence_pkey PRIMARY KEY (county, id)
);
CREATE INDEX duty_absence_from ON public.duty_absence USING btree (county, from_at, id);
CREATE INDEX duty_absence_person ON public.duty_absence USING btree (county, person, from_at);
grant select, insert, update, delete on duty_absence to lamplight_app;

create table duty_post (
  county text not null,
  id uuid not null,
  place text not null,
  role text not null,
  rank integer not null,
  constraint duty_post_pkey PRIMARY KEY (county, id)
);
CREATE INDEX duty_post_place ON public.duty_post USING btree (county, place);
grant select, insert, update, delete on duty_post to lamplight_app;

create table duty_shift (
  county text not null,
  id uuid not null,
  post uuid not null,
  person text not null,
  stand_in text,
  weekdays text not null,
  starts integer not null,
  ends integer not null,
  from_day date not null,
  until_day date,
  constraint duty_shift_pkey PRIMARY KEY (county, id),
  constraint duty_shift_county_post_fkey FOREIGN KEY (county, post) REFERENCES duty_post(county, id)
);
CREATE INDEX duty_shift_post ON public.duty_shift USING btree (county, post);
grant select, insert, update, delete on duty_shift to lamplight_app;

create table finding_block (
  county text not null,
  term text not null,
  oldest uuid not null,
  plain uuid[] not null,
  personal uuid[] not null,
  constraint finding_block_pkey PRIMARY KEY (county, term, oldest)
);
grant select, insert, update, delete on finding_block to lamplight_app;

create table finding_block_beside (
  county text not null,
  term text not null,
  oldest uuid not null,
  plain uuid[] not null,
  personal uuid[] not null,
  constraint finding_block_beside_pkey PRIMARY KEY (county, term, oldest)
);
grant select, insert, update, delete on finding_block_beside to lamplight_app;

create table finding_matter (
  county text not null,
  matter uuid not null,
  plain text[] not null,
  personal text[] not null,
  sealed boolean default false not null,
  constraint finding_matter_pkey PRIMARY KEY (county, matter)
);
CREATE INDEX finding_matter_unsealed ON public.finding_matter USING btree (county, matter) WHERE (NOT sealed);
grant select, insert, update, delete on finding_matter to lamplight_app;

create table finding_matter_beside (
  county text not null,
  matter uuid not null,
  plain text[] not null,
  personal text[] not null,
  sealed boolean default false not null,
  constraint finding_matter_beside_pkey PRIMARY KEY (county, matter)
);
CREATE INDEX finding_matter_beside_unsealed ON public.finding_matter_beside USING btree (county, matter) WHERE (NOT sealed);
grant select, insert, update, delete on finding_matter_beside to lamplight_app;

create table finding_term (
  county text not null,
  term text not null,
  matter uuid not null,
  personal boolean not null,
  constraint finding_term_pkey PRIMARY KEY (county, term, matter) INCLUDE (personal)
);
grant select, insert, update, delete on finding_term to lamplight_app;

create table finding_term_beside (
  county text not null,
  term text not null,
  matter uuid not null,
  personal boolean not null,
  constraint finding_term_beside_pkey PRIMARY KEY (county, term, matter) INCLUDE (personal)
);
grant select, insert, update, delete on finding_term_beside to lamplight_app;

create table follower_cursor (
  county text not null,
  name text not null,
  seq bigint not null,
  constraint follower_cursor_pkey PRIMARY KEY (county, name)
);
grant select, insert, update, delete on follower_cursor to lamplight_app;

create table follower_lease (
  county text not null,
  holder uuid not null,
  until timestamp with time zone not null,
  constraint follower_lease_pkey PRIMARY KEY (county)
);
grant select, insert, update, delete on follower_lease to lamplight_app;

create table history_import (
  county text not null,
  id uuid not null,
  source text not null,
  file text not null,
  digest text not null,
  mapping text not null,
  actor uuid not null,
  rows integer not null,
  added integer not null,
  refused integer not null,
  state text not null,
  at timestamp with time zone not null,
  ended_at timestamp with time zone,
  mapping_name text,
  mapping_version integer,
  definition jsonb,
  role text,
  bytes bigint,
  received bigint default 0 not null,
  pieces jsonb default '[]'::jsonb not null,
  leave_out boolean default false not null,
  known integer default 0 not null,
  share real default 0 not null,
  report jsonb,
  faults text,
  error jsonb,
  tries integer default 0 not null,
  held_by uuid,
  held_until timestamp with time zone,
  line integer default 0 not null,
  constraint history_import_pkey PRIMARY KEY (county, id),
  constraint history_import_line_check CHECK ((line >= 0))
);
CREATE INDEX history_import_at ON public.history_import USING btree (county, at, id);
CREATE INDEX history_import_waiting ON public.history_import USING btree (at) WHERE ((state = ANY (ARRAY['checking'::text, 'running'::text])) AND (bytes IS NOT NULL));
grant select, insert, update, delete on history_import to lamplight_app;

create table history_mapping (
  county text not null,
  name text not null,
  version integer not null,
  definition jsonb not null,
  author uuid not null,
  at timestamp with time zone not null,
  constraint history_mapping_pkey PRIMARY KEY (county, name, version)
);
grant select, insert, update, delete on history_mapping to lamplight_app;

create table history_row (
  county text not null,
  source text not null,
  id text not null,
  import uuid not null,
  line integer not null,
  matter uuid not null,
  constraint history_row_pkey PRIMARY KEY (county, source, id)
);
grant select, insert, update, delete on history_row to lamplight_app;

create table household_visit (
  county text not null,
  id uuid not null,
  place text,
  path text not null,
  account uuid not null,
  kind text not null,
  outcome text not null,
  consent uuid,
  words bytea,
  done_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  constraint household_visit_pkey PRIMARY KEY (county, id),
  constraint household_visit_county_consent_fkey FOREIGN KEY (county, consent) REFERENCES consent(county, id)
);
CREATE INDEX household_visit_consent ON public.household_visit USING btree (county, consent) WHERE (consent IS NOT NULL);
CREATE INDEX household_visit_path ON public.household_visit USING btree (county, path);
CREATE INDEX household_visit_time ON public.household_visit USING btree (county, received_at, id);
grant select, insert, update, delete on household_visit to lamplight_app;

create table inbound_message (
  county text not null,
  id uuid not null,
  adapter text not null,
  once text not null,
  phone bytea,
  words bytea,
  contact uuid,
  delivery uuid,
  matter uuid,
  meaning text not null,
  state text not null,
  reason text,
  received_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  settled_by text,
  constraint inbound_message_pkey PRIMARY KEY (county, id),
  constraint inbound_message_county_adapter_once_key UNIQUE (county, adapter, once),
  constraint inbound_message_meaning_check CHECK ((meaning = ANY (ARRAY['solved'::text, 'unsolved'::text, 'stop'::text, 'start'::text, 'words'::text]))),
  constraint inbound_message_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'open'::text])))
);
CREATE INDEX inbound_message_contact ON public.inbound_message USING btree (county, contact);
CREATE INDEX inbound_message_open ON public.inbound_message USING btree (county, id) WHERE (state = 'open'::text);
CREATE INDEX inbound_message_waiting ON public.inbound_message USING btree (county, id) WHERE (state = 'waiting'::text);
grant select, insert, update, delete on inbound_message to lamplight_app;

create table installation (
  fact text not null,
  value jsonb not null,
  set_at timestamp with time zone not null,
  constraint installation_pkey PRIMARY KEY (fact)
);
grant select, insert, update, delete on installation to lamplight_app;

create table ledger_checkpoint (
  county text not null,
  size bigint not null,
  root bytea not null,
  note text not null,
  at timestamp with time zone not null,
  constraint ledger_checkpoint_pkey PRIMARY KEY (county, size)
);
grant select, insert on ledger_checkpoint to lamplight_app;

create table ledger_entry (
  county text not null,
  seq bigint not null,
  matter uuid,
  mv integer,
  subject text not null,
  kind text not null,
  action text not null,
  at timestamp with time zone,
  actor text,
  canonical bytea not null,
  constraint ledger_entry_pkey PRIMARY KEY (county, seq)
);
CREATE INDEX ledger_entry_config ON public.ledger_entry USING btree (county, seq) WHERE (subject = 'config'::text);
CREATE INDEX ledger_entry_matter ON public.ledger_entry USING btree (county, matter, seq) WHERE (matter IS NOT NULL);
grant select, insert on ledger_entry to lamplight_app;

create table ledger_head (
  county text not null,
  size bigint not null,
  edge bytea storage external not null,
  root bytea not null,
  signed_size bigint default 0 not null,
  constraint ledger_head_pkey PRIMARY KEY (county)
);
grant select, insert, update, delete on ledger_head to lamplight_app;

create table ledger_inbox (
  county text not null,
  id bigint generated always as identity not null,
  entry bytea not null,
  constraint ledger_inbox_pkey PRIMARY KEY (county, id)
);
grant select, insert, update, delete on ledger_inbox to lamplight_app;

create table ledger_tile (
  county text not null,
  level smallint not null,
  index bigint not null,
  hashes bytea storage external not null,
  constraint ledger_tile_pkey PRIMARY KEY (county, level, index)
);
grant select, insert on ledger_tile to lamplight_app;

create table ledger_witness (
  county text not null,
  name text not null,
  kind text not null,
  target text not null,
  verifier text,
  every_seconds integer default 60 not null,
  active boolean default true not null,
  constraint ledger_witness_pkey PRIMARY KEY (county, name),
  constraint ledger_witness_kind_check CHECK ((kind = ANY (ARRAY['file'::text, 'webhook'::text])))
);
grant select, insert, update, delete on ledger_witness to lamplight_app;

create table ledger_witnessed (
  county text not null,
  witness text not null,
  size bigint not null,
  note text not null,
  at timestamp with time zone not null,
  constraint ledger_witnessed_pkey PRIMARY KEY (county, witness, size)
);
grant select, insert on ledger_witnessed to lamplight_app;

create table map_feature (
  county text not null,
  id uuid not null,
  source text not null,
  layer text not null,
  name text,
  wide real,
  geometry jsonb not null,
  frame box not null,
  constraint map_feature_pkey PRIMARY KEY (county, id)
);
CREATE INDEX map_feature_frame ON public.map_feature USING gist (frame);
CREATE INDEX map_feature_name ON public.map_feature USING btree (county, layer, name) WHERE (name IS NOT NULL);
grant select, insert, update, delete on map_feature to lamplight_app;

create table matter (
  county text not null,
  id uuid not null,
  kind text not null,
  state text not null,
  version integer not null,
  number text not null,
  title text not null,
  place text,
  path text,
  village text,
  at point,
  component text,
  code text,
  code_version integer,
  lead_unit text,
  handler text,
  reporter text,
  parent uuid,
  data jsonb not null,
  doers jsonb not null,
  due_at timestamp with time zone,
  warn_at timestamp with time zone,
  due_clock text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint matter_pkey PRIMARY KEY (county, id)
);
CREATE INDEX matter_code ON public.matter USING btree (county, code, created_at, id) WHERE (code IS NOT NULL);
CREATE INDEX matter_ended ON public.matter USING btree (county, created_at, id) WHERE (ended_at IS NOT NULL);
CREATE INDEX matter_ended_village ON public.matter USING btree (county, village, created_at, id) WHERE (ended_at IS NOT NULL);
CREATE INDEX matter_handler ON public.matter USING btree (county, handler, created_at, id) WHERE (handler IS NOT NULL);
CREATE UNIQUE INDEX matter_number ON public.matter USING btree (county, number);
CREATE INDEX matter_open_at ON public.matter USING gist (at) WHERE ((ended_at IS NULL) AND (at IS NOT NULL));
CREATE INDEX matter_open_component ON public.matter USING btree (county, component) WHERE ((ended_at IS NULL) AND (component IS NOT NULL));
CREATE INDEX matter_open_created ON public.matter USING btree (county, created_at, id) WHERE (ended_at IS NULL);
CREATE INDEX matter_open_due ON public.matter USING btree (county, COALESCE(due_at, 'infinity'::timestamp with time zone), id) WHERE (ended_at IS NULL);
CREATE INDEX matter_open_unit ON public.matter USING btree (county, lead_unit, COALESCE(due_at, 'infinity'::timestamp with time zone), id) WHERE ((ended_at IS NULL) AND (lead_unit IS NOT NULL));
CREATE INDEX matter_open_village ON public.matter USING btree (county, village, COALESCE(due_at, 'infinity'::timestamp with time zone), id) WHERE (ended_at IS NULL);
CREATE INDEX matter_open_warn ON public.matter USING btree (county, warn_at) WHERE ((ended_at IS NULL) AND (warn_at IS NOT NULL));
CREATE INDEX matter_parent ON public.matter USING btree (county, parent) WHERE (parent IS NOT NULL);
CREATE INDEX matter_reporter ON public.matter USING btree (county, reporter, created_at) WHERE (reporter IS NOT NULL);
grant select, insert, update, delete on matter to lamplight_app;

create table matter_file (
  county text not null,
  matter uuid not null,
  version integer not null,
  role text not null,
  served text not null,
  original text not null,
  at timestamp with time zone not null,
  author text,
  constraint matter_file_pkey PRIMARY KEY (county, matter, version, served, role)
);
CREATE INDEX matter_file_author ON public.matter_file USING btree (county, author) WHERE (author IS NOT NULL);
CREATE INDEX matter_file_served ON public.matter_file USING btree (county, served);
grant select, insert, update, delete on matter_file to lamplight_app;

create table matter_text (
  county text not null,
  id uuid not null,
  matter uuid not null,
  version integer not null,
  name text not null,
  body text,
  salt bytea,
  personal boolean not null,
  author text not null,
  at timestamp with time zone not null,
  erased_at timestamp with time zone,
  constraint matter_text_pkey PRIMARY KEY (county, id),
  constraint matter_text_check CHECK (((body IS NULL) = (erased_at IS NOT NULL)))
);
CREATE INDEX matter_text_matter ON public.matter_text USING btree (county, matter, version);
grant select, insert, update, delete on matter_text to lamplight_app;

create table migration (
  name text not null,
  digest text not null,
  applied_at timestamp with time zone not null,
  constraint migration_pkey PRIMARY KEY (name)
);
grant select on migration to lamplight_app;

create table number_lease (
  county text not null,
  day text not null,
  next integer not null,
  constraint number_lease_pkey PRIMARY KEY (county, day)
);
grant select, insert, update, delete on number_lease to lamplight_app;

create table one_time_link (
  token bytea not null,
  account uuid not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint one_time_link_pkey PRIMARY KEY (token),
  constraint one_time_link_account_fkey FOREIGN KEY (account) REFERENCES account(id)
);
CREATE INDEX one_time_link_account ON public.one_time_link USING btree (account);
grant select, insert, update, delete on one_time_link to lamplight_app;

create table open311_media (
  county text not null,
  matter uuid not null,
  url text,
  state text not null,
  tries integer not null,
  next_at timestamp with time zone,
  constraint open311_media_pkey PRIMARY KEY (county, matter)
);
CREATE INDEX open311_media_due ON public.open311_media USING btree (next_at) WHERE (next_at IS NOT NULL);
grant select, insert, update, delete on open311_media to lamplight_app;

create table open311_report (
  county text not null,
  matter uuid not null,
  service text not null,
  account uuid,
  token uuid not null,
  at timestamp with time zone not null,
  origin text,
  constraint open311_report_pkey PRIMARY KEY (county, matter),
  constraint open311_report_county_token_key UNIQUE (county, token)
);
CREATE UNIQUE INDEX open311_report_origin ON public.open311_report USING btree (county, origin) WHERE (origin IS NOT NULL);
grant select, insert, update, delete on open311_report to lamplight_app;

create table open311_update (
  county text not null,
  seq bigint not null,
  matter uuid not null,
  state text not null,
  at timestamp with time zone not null,
  constraint open311_update_pkey PRIMARY KEY (county, seq)
);
CREATE INDEX open311_update_at ON public.open311_update USING btree (county, at, seq);
grant select, insert, update, delete on open311_update to lamplight_app;

create table open311_update_beside (
  county text not null,
  seq bigint not null,
  matter uuid not null,
  state text not null,
  at timestamp with time zone not null,
  constraint open311_update_beside_pkey PRIMARY KEY (county, seq)
);
grant select, insert, update, delete on open311_update_beside to lamplight_app;

create table open_data_cell (
  county text not null,
  month text not null,
  category text not null,
  village text not null,
  count integer,
  constraint open_data_cell_pkey PRIMARY KEY (county, month, category, village),
  constraint open_data_cell_county_month_fkey FOREIGN KEY (county, month) REFERENCES open_data_month(county, month)
);
grant select, insert, update, delete on open_data_cell to lamplight_app;

create table open_data_file (
  county text not null,
  day date not null,
  name text not null,
  digest text not null,
  bytes integer not null,
  rows integer not null,
  made_at timestamp with time zone not null,
  constraint open_data_file_pkey PRIMARY KEY (county, day, name),
  constraint open_data_file_county_fkey FOREIGN KEY (county) REFERENCES county(county),
  constraint open_data_file_name_check CHECK ((name = ANY (ARRAY['reports.csv'::text, 'reports.geojson'::text, 'counts.csv'::text])))
);
CREATE INDEX open_data_file_digest ON public.open_data_file USING btree (county, digest);
grant select, insert, update, delete on open_data_file to lamplight_app;

create table open_data_month (
  county text not null,
  month text not null,
  settled_at timestamp with time zone not null,
  constraint open_data_month_pkey PRIMARY KEY (county, month),
  constraint open_data_month_county_fkey FOREIGN KEY (county) REFERENCES county(county)
);
grant select, insert, update, delete on open_data_month to lamplight_app;

create table operation (
  county text not null,
  op uuid not null,
  digest bytea not null,
  status integer not null,
  answer jsonb not null,
  at timestamp with time zone not null,
  constraint operation_pkey PRIMARY KEY (county, op)
);
CREATE INDEX operation_at ON public.operation USING btree (at);
grant select, insert, update, delete on operation to lamplight_app;

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
  pulled_until timestamp with time zone not null,
  heard_until timestamp with time zone not null,
  failures integer not null,
  error text,
  contacted_at timestamp with time zone,
  next_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  constraint partner_pkey PRIMARY KEY (county, id),
  constraint partner_account_fkey FOREIGN KEY (account) REFERENCES account(id)
);
CREATE INDEX partner_due ON public.partner USING btree (next_at) WHERE active;
grant select, insert, update, delete on partner to lamplight_app;

create table partner_report (
  county text not null,
  partner uuid not null,
  id uuid not null,
  matter uuid,
  theirs text,
  origin text not null,
  state text not null,
  tries integer not null,
  next_at timestamp with time zone,
  error text,
  told text,
  news boolean not null,
  status text,
  heard_at timestamp with time zone,
  conflict text,
  at timestamp with time zone not null,
  constraint partner_report_pkey PRIMARY KEY (county, partner, id)
);
CREATE INDEX partner_report_due ON public.partner_report USING btree (county, partner, next_at) WHERE (next_at IS NOT NULL);
CREATE UNIQUE INDEX partner_report_matter ON public.partner_report USING btree (county, partner, matter) WHERE (matter IS NOT NULL);
CREATE INDEX partner_report_news ON public.partner_report USING btree (county, partner, at) WHERE news;
CREATE INDEX partner_report_of ON public.partner_report USING btree (county, matter) WHERE (matter IS NOT NULL);
CREATE UNIQUE INDEX partner_report_theirs ON public.partner_report USING btree (county, partner, theirs) WHERE (theirs IS NOT NULL);
grant select, insert, update, delete on partner_report to lamplight_app;

create table patrol (
  county text not null,
  id uuid not null,
  route uuid not null,
  account uuid not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint patrol_pkey PRIMARY KEY (county, id),
  constraint patrol_county_route_fkey FOREIGN KEY (county, route) REFERENCES patrol_route(county, id)
);
CREATE INDEX patrol_started ON public.patrol USING btree (county, route, started_at);
grant select, insert, update, delete on patrol to lamplight_app;

create table patrol_check (
  county text not null,
  patrol uuid not null,
  stop text not null,
  route uuid not null,
  op uuid not null,
  account uuid not null,
  way text not null,
  done_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  metres real,
  good boolean not null,
  constraint patrol_check_pkey PRIMARY KEY (county, patrol, stop),
  constraint patrol_check_county_patrol_fkey FOREIGN KEY (county, patrol) REFERENCES patrol(county, id),
  constraint patrol_check_way_check CHECK ((way = ANY (ARRAY['position'::text, 'plate'::text, 'typed'::text])))
);
CREATE INDEX patrol_check_route ON public.patrol_check USING btree (county, route, done_at);
grant select, insert, update, delete on patrol_check to lamplight_app;

create table patrol_route (
  county text not null,
  id uuid not null,
  place text not null,
  path text not null,
  name text not null,
  every_days integer not null,
  stops jsonb not null,
  made_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint patrol_route_pkey PRIMARY KEY (county, id),
  constraint patrol_route_every_days_check CHECK ((every_days > 0))
);
CREATE INDEX patrol_route_path ON public.patrol_route USING btree (county, path);
grant select, insert, update, delete on patrol_route to lamplight_app;

create table place (
  county text not null,
  id text not null,
  from_version bigint not null,
  until_version bigint,
  level text not null,
  parent text,
  path text not null,
  name text not null,
  kind text,
  area jsonb,
  addresses jsonb,
  doors jsonb,
  valid_from timestamp with time zone not null,
  valid_until timestamp with time zone,
  constraint place_pkey PRIMARY KEY (county, id, from_version)
);
CREATE UNIQUE INDEX place_current ON public.place USING btree (county, id) WHERE (until_version IS NULL);
CREATE INDEX place_path ON public.place USING btree (county, path) WHERE (until_version IS NULL);
grant select, insert, update, delete on place to lamplight_app;

create table place_code (
  county text not null,
  id text not null,
  code text not null,
  valid_from timestamp with time zone not null,
  valid_until timestamp with time zone,
  constraint place_code_pkey PRIMARY KEY (county, id, valid_from)
);
CREATE UNIQUE INDEX place_code_current ON public.place_code USING btree (county, code) WHERE (valid_until IS NULL);
grant select, insert, update, delete on place_code to lamplight_app;

create table place_version (
  county text not null,
  version bigint not null,
  at timestamp with time zone not null,
  actor uuid not null,
  source text not null,
  digest text not null,
  added integer not null,
  changed integer not null,
  ended integer not null,
  constraint place_version_pkey PRIMARY KEY (county, version)
);
grant select, insert, update, delete on place_version to lamplight_app;

create table places_head (
  county text not null,
  places bigint not null,
  duty bigint not null,
  map bigint not null,
  constraint places_head_pkey PRIMARY KEY (county)
);
grant select, insert, update, delete on places_head to lamplight_app;

create table plate (
  county text not null,
  plate text not null,
  kind text not null,
  target text not null,
  issued_at timestamp with time zone not null,
  withdrawn_at timestamp with time zone,
  state text default 'ordered'::text not null,
  batch uuid,
  steps integer default 0 not null,
  constraint plate_pkey PRIMARY KEY (county, plate),
  constraint plate_state_check CHECK ((state = ANY (ARRAY['ordered'::text, 'printed'::text, 'attached'::text, 'lost'::text, 'replaced'::text, 'withdrawn'::text])))
);
CREATE INDEX plate_batch_of ON public.plate USING btree (county, batch, plate) WHERE (batch IS NOT NULL);
CREATE INDEX plate_plate ON public.plate USING btree (plate);
CREATE UNIQUE INDEX plate_target ON public.plate USING btree (county, kind, target) WHERE (withdrawn_at IS NULL);
grant select, insert, update, delete on plate to lamplight_app;

create table plate_batch (
  county text not null,
  batch uuid not null,
  name text not null,
  kind text not null,
  sheet text not null,
  plates integer not null,
  made_at timestamp with time zone not null,
  made_by text not null,
  constraint plate_batch_pkey PRIMARY KEY (county, batch)
);
CREATE INDEX plate_batch_made ON public.plate_batch USING btree (county, made_at, batch);
grant select, insert, update, delete on plate_batch to lamplight_app;

create table plate_step (
  county text not null,
  plate text not null,
  step integer not null,
  state text not null,
  kind text not null,
  target text not null,
  at timestamp with time zone not null,
  by text not null,
  op uuid not null,
  photo text,
  constraint plate_step_pkey PRIMARY KEY (county, plate, step),
  constraint plate_step_county_plate_op_key UNIQUE (county, plate, op),
  constraint plate_step_county_plate_fkey FOREIGN KEY (county, plate) REFERENCES plate(county, plate)
);
CREATE INDEX plate_step_op ON public.plate_step USING btree (county, op);
CREATE INDEX plate_step_photo ON public.plate_step USING btree (county, photo) WHERE (photo IS NOT NULL);
grant select, insert, update, delete on plate_step to lamplight_app;

create table program_token (
  id uuid not null,
  token bytea not null,
  account uuid not null,
  name text not null,
  roles text[] not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  constraint program_token_pkey PRIMARY KEY (id),
  constraint program_token_token_key UNIQUE (token),
  constraint program_token_account_fkey FOREIGN KEY (account) REFERENCES account(id)
);
CREATE INDEX program_token_account ON public.program_token USING btree (account);
grant select, insert, update, delete on program_token to lamplight_app;

create table push_key (
  county text not null,
  id uuid not null,
  public_key text not null,
  private_key bytea not null,
  created_at timestamp with time zone not null,
  constraint push_key_pkey PRIMARY KEY (county),
  constraint push_key_county_fkey FOREIGN KEY (county) REFERENCES county(county)
);
grant select, insert, update, delete on push_key to lamplight_app;

create table reach_address (
  county text not null,
  id uuid not null,
  channel text not null,
  recipient text not null,
  mark bytea not null,
  address bytea not null,
  created_at timestamp with time zone not null,
  constraint reach_address_pkey PRIMARY KEY (county, id),
  constraint reach_address_whose UNIQUE (county, channel, mark, recipient),
  constraint reach_address_county_fkey FOREIGN KEY (county) REFERENCES county(county),
  constraint reach_address_channel_check CHECK ((channel = ANY (ARRAY['push'::text, 'wechat'::text, 'email'::text])))
);
CREATE INDEX reach_address_recipient ON public.reach_address USING btree (county, recipient);
grant select, insert, update, delete on reach_address to lamplight_app;

create table reading (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
) partition by LIST (slot);
CREATE INDEX reading_received ON ONLY public.reading USING brin (received_at);
grant select, insert, update, delete, truncate on reading to lamplight_app;

create table reading_00 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_00_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_00_received_at_idx ON public.reading_00 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_00 to lamplight_app;

create table reading_01 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_01_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_01_received_at_idx ON public.reading_01 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_01 to lamplight_app;

create table reading_02 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_02_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_02_received_at_idx ON public.reading_02 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_02 to lamplight_app;

create table reading_03 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_03_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_03_received_at_idx ON public.reading_03 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_03 to lamplight_app;

create table reading_04 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_04_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_04_received_at_idx ON public.reading_04 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_04 to lamplight_app;

create table reading_05 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_05_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_05_received_at_idx ON public.reading_05 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_05 to lamplight_app;

create table reading_06 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_06_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_06_received_at_idx ON public.reading_06 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_06 to lamplight_app;

create table reading_07 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_07_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_07_received_at_idx ON public.reading_07 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_07 to lamplight_app;

create table reading_08 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_08_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_08_received_at_idx ON public.reading_08 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_08 to lamplight_app;

create table reading_09 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_09_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_09_received_at_idx ON public.reading_09 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_09 to lamplight_app;

create table reading_10 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_10_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_10_received_at_idx ON public.reading_10 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_10 to lamplight_app;

create table reading_11 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_11_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_11_received_at_idx ON public.reading_11 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_11 to lamplight_app;

create table reading_12 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_12_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_12_received_at_idx ON public.reading_12 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_12 to lamplight_app;

create table reading_13 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_13_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_13_received_at_idx ON public.reading_13 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_13 to lamplight_app;

create table reading_14 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_14_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_14_received_at_idx ON public.reading_14 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_14 to lamplight_app;

create table reading_15 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_15_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_15_received_at_idx ON public.reading_15 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_15 to lamplight_app;

create table reading_16 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_16_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_16_received_at_idx ON public.reading_16 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_16 to lamplight_app;

create table reading_17 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_17_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_17_received_at_idx ON public.reading_17 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_17 to lamplight_app;

create table reading_18 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_18_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_18_received_at_idx ON public.reading_18 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_18 to lamplight_app;

create table reading_19 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_19_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_19_received_at_idx ON public.reading_19 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_19 to lamplight_app;

create table reading_20 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_20_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_20_received_at_idx ON public.reading_20 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_20 to lamplight_app;

create table reading_21 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_21_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_21_received_at_idx ON public.reading_21 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_21 to lamplight_app;

create table reading_22 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_22_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_22_received_at_idx ON public.reading_22 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_22 to lamplight_app;

create table reading_23 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_23_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_23_received_at_idx ON public.reading_23 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_23 to lamplight_app;

create table reading_24 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_24_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_24_received_at_idx ON public.reading_24 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_24 to lamplight_app;

create table reading_25 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_25_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_25_received_at_idx ON public.reading_25 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_25 to lamplight_app;

create table reading_26 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_26_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_26_received_at_idx ON public.reading_26 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_26 to lamplight_app;

create table reading_27 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_27_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_27_received_at_idx ON public.reading_27 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_27 to lamplight_app;

create table reading_28 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_28_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_28_received_at_idx ON public.reading_28 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_28 to lamplight_app;

create table reading_29 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_29_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_29_received_at_idx ON public.reading_29 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_29 to lamplight_app;

create table reading_30 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_30_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_30_received_at_idx ON public.reading_30 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_30 to lamplight_app;

create table reading_31 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  seq bigint not null,
  value double precision not null,
  raw double precision,
  marks smallint not null,
  received_at timestamp with time zone not null,
  constraint reading_31_pkey PRIMARY KEY (county, slot, no, measure, at, seq)
);
CREATE INDEX reading_31_received_at_idx ON public.reading_31 USING brin (received_at);
grant select, insert, update, delete, truncate on reading_31 to lamplight_app;

create table reading_day (
  county text not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_day_pkey PRIMARY KEY (county, no, measure, at)
);
CREATE INDEX reading_day_at ON public.reading_day USING btree (county, at);
grant select, insert, update, delete on reading_day to lamplight_app;

create table reading_hour (
  county text not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_hour_pkey PRIMARY KEY (county, no, measure, at)
);
CREATE INDEX reading_hour_at ON public.reading_hour USING btree (county, at);
grant select, insert, update, delete on reading_hour to lamplight_app;

create table reading_minute (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_pkey PRIMARY KEY (county, slot, no, measure, at)
) partition by LIST (slot);
grant select, insert, update, delete, truncate on reading_minute to lamplight_app;

create table reading_minute_00 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_00_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_00 to lamplight_app;

create table reading_minute_01 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_01_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_01 to lamplight_app;

create table reading_minute_02 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_02_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_02 to lamplight_app;

create table reading_minute_03 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_03_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_03 to lamplight_app;

create table reading_minute_04 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_04_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_04 to lamplight_app;

create table reading_minute_05 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_05_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_05 to lamplight_app;

create table reading_minute_06 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_06_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_06 to lamplight_app;

create table reading_minute_07 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_07_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_07 to lamplight_app;

create table reading_minute_08 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_08_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_08 to lamplight_app;

create table reading_minute_09 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_09_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_09 to lamplight_app;

create table reading_minute_10 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_10_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_10 to lamplight_app;

create table reading_minute_11 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_11_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_11 to lamplight_app;

create table reading_minute_12 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_12_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_12 to lamplight_app;

create table reading_minute_13 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_13_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_13 to lamplight_app;

create table reading_minute_14 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_14_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_14 to lamplight_app;

create table reading_minute_15 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_15_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_15 to lamplight_app;

create table reading_minute_16 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_16_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_16 to lamplight_app;

create table reading_minute_17 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_17_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_17 to lamplight_app;

create table reading_minute_18 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_18_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_18 to lamplight_app;

create table reading_minute_19 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_19_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_19 to lamplight_app;

create table reading_minute_20 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_20_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_20 to lamplight_app;

create table reading_minute_21 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_21_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_21 to lamplight_app;

create table reading_minute_22 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_22_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_22 to lamplight_app;

create table reading_minute_23 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_23_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_23 to lamplight_app;

create table reading_minute_24 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_24_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_24 to lamplight_app;

create table reading_minute_25 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_25_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_25 to lamplight_app;

create table reading_minute_26 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_26_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_26 to lamplight_app;

create table reading_minute_27 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_27_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_27 to lamplight_app;

create table reading_minute_28 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_28_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_28 to lamplight_app;

create table reading_minute_29 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_29_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_29 to lamplight_app;

create table reading_minute_30 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_30_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_30 to lamplight_app;

create table reading_minute_31 (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  constraint reading_minute_31_pkey PRIMARY KEY (county, slot, no, measure, at)
);
grant select, insert, update, delete, truncate on reading_minute_31 to lamplight_app;

create table reading_rolled (
  county text not null,
  grain text not null,
  until timestamp with time zone not null,
  constraint reading_rolled_pkey PRIMARY KEY (county, grain),
  constraint reading_rolled_grain_check CHECK ((grain = ANY (ARRAY['minute'::text, 'hour'::text, 'day'::text])))
);
grant select, insert, update, delete on reading_rolled to lamplight_app;

create table saved_filter (
  county text not null,
  account uuid not null,
  name text not null,
  box text not null,
  filter jsonb not null,
  changed_at timestamp with time zone not null,
  constraint saved_filter_pkey PRIMARY KEY (county, account, name),
  constraint saved_filter_county_fkey FOREIGN KEY (county) REFERENCES county(county)
);
grant select, insert, update, delete on saved_filter to lamplight_app;

create table sensor (
  county text not null,
  no integer not null,
  code text not null,
  kind text not null,
  name text not null,
  component text,
  lng double precision not null,
  lat double precision not null,
  place text,
  path text not null,
  unit text,
  state text not null,
  key bytea,
  key_at timestamp with time zone,
  key_before bytea,
  key_before_until timestamp with time zone,
  demo boolean not null,
  made_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  will_at timestamp with time zone,
  constraint sensor_pkey PRIMARY KEY (county, no),
  constraint sensor_state_check CHECK ((state = ANY (ARRAY['active'::text, 'resting'::text, 'retired'::text])))
);
CREATE INDEX sensor_changed ON public.sensor USING btree (county, changed_at);
CREATE UNIQUE INDEX sensor_code ON public.sensor USING btree (county, code);
CREATE INDEX sensor_component ON public.sensor USING btree (county, component) WHERE (component IS NOT NULL);
CREATE INDEX sensor_path ON public.sensor USING btree (county, path);
grant select, insert, update, delete on sensor to lamplight_app;

create table sensor_alarm (
  county text not null,
  id uuid not null,
  no integer not null,
  measure smallint not null,
  kind text not null,
  rule text not null,
  severity text not null,
  path text not null,
  value double precision,
  opened_at timestamp with time zone not null,
  known_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  state text not null,
  outcome text,
  reason text,
  matter uuid,
  event uuid,
  end_due boolean not null,
  constraint sensor_alarm_pkey PRIMARY KEY (county, id),
  constraint sensor_alarm_outcome_check CHECK ((outcome = ANY (ARRAY['reported'::text, 'attached'::text, 'event'::text, 'held'::text, 'alarm'::text, 'refused'::text]))),
  constraint sensor_alarm_severity_check CHECK ((severity = ANY (ARRAY['notice'::text, 'warning'::text, 'critical'::text]))),
  constraint sensor_alarm_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'settled'::text])))
);
CREATE INDEX sensor_alarm_device ON public.sensor_alarm USING btree (county, no, known_at);
CREATE INDEX sensor_alarm_end ON public.sensor_alarm USING btree (county, id) WHERE end_due;
CREATE INDEX sensor_alarm_event ON public.sensor_alarm USING btree (county, event) WHERE (event IS NOT NULL);
CREATE INDEX sensor_alarm_matter ON public.sensor_alarm USING btree (county, matter) WHERE (matter IS NOT NULL);
CREATE UNIQUE INDEX sensor_alarm_open ON public.sensor_alarm USING btree (county, no, measure, rule) WHERE (ended_at IS NULL);
CREATE INDEX sensor_alarm_time ON public.sensor_alarm USING btree (county, known_at, id);
CREATE INDEX sensor_alarm_waiting ON public.sensor_alarm USING btree (county, known_at) WHERE (state = 'waiting'::text);
grant select, insert, update, delete on sensor_alarm to lamplight_app;

create table sensor_calibration (
  county text not null,
  no integer not null,
  measure smallint not null,
  from_at timestamp with time zone not null,
  scale double precision not null,
  shift double precision not null,
  account uuid,
  made_at timestamp with time zone not null,
  constraint sensor_calibration_pkey PRIMARY KEY (county, no, measure, from_at),
  constraint sensor_calibration_county_no_fkey FOREIGN KEY (county, no) REFERENCES sensor(county, no)
);
grant select, insert, update, delete on sensor_calibration to lamplight_app;

create table sensor_event (
  county text not null,
  id uuid not null,
  kind text not null,
  rule text not null,
  path text not null,
  opened_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  parts integer not null,
  devices integer not null,
  matter uuid,
  constraint sensor_event_pkey PRIMARY KEY (county, id)
);
CREATE INDEX sensor_event_open ON public.sensor_event USING btree (county, rule) WHERE (ended_at IS NULL);
grant select, insert, update, delete on sensor_event to lamplight_app;

create table sensor_series (
  county text not null,
  no integer not null,
  measure smallint not null,
  at timestamp with time zone not null,
  value double precision not null,
  seen_at timestamp with time zone not null,
  memory jsonb,
  thinned bigint not null,
  faults bigint not null,
  fault text,
  fault_at timestamp with time zone,
  constraint sensor_series_pkey PRIMARY KEY (county, no, measure)
);
grant select, insert, update, delete on sensor_series to lamplight_app;

create table session (
  token bytea not null,
  account uuid,
  county text,
  contact uuid,
  created_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint session_pkey PRIMARY KEY (token),
  constraint session_account_fkey FOREIGN KEY (account) REFERENCES account(id),
  constraint session_check CHECK (((account IS NULL) = ((contact IS NOT NULL) AND (county IS NOT NULL))))
);
CREATE INDEX session_account ON public.session USING btree (account);
CREATE INDEX session_contact ON public.session USING btree (county, contact);
CREATE INDEX session_expires ON public.session USING btree (expires_at);
grant select, insert, update, delete on session to lamplight_app;

create table setting_version (
  county text not null,
  area text not null,
  version integer not null,
  document jsonb not null,
  author text,
  at timestamp with time zone not null,
  note text not null,
  back_to integer,
  constraint setting_version_pkey PRIMARY KEY (county, area, version),
  constraint setting_version_county_fkey FOREIGN KEY (county) REFERENCES county(county),
  constraint setting_version_version_check CHECK ((version > 0))
);
grant select, insert on setting_version to lamplight_app;

create table shift_handover (
  county text not null,
  id uuid not null,
  path text not null,
  giver uuid not null,
  taker uuid not null,
  matters jsonb not null,
  remarks bytea,
  answer bytea,
  given_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  confirmed_at timestamp with time zone,
  constraint shift_handover_pkey PRIMARY KEY (county, id)
);
CREATE INDEX shift_handover_giver ON public.shift_handover USING btree (county, giver, given_at);
CREATE INDEX shift_handover_open ON public.shift_handover USING btree (county, given_at) WHERE (confirmed_at IS NULL);
CREATE INDEX shift_handover_taker ON public.shift_handover USING btree (county, taker, given_at);
grant select, insert, update, delete on shift_handover to lamplight_app;

create table sign_in_pause (
  login bytea not null,
  failures integer not null,
  next_at timestamp with time zone not null,
  constraint sign_in_pause_pkey PRIMARY KEY (login)
);
grant select, insert, update, delete on sign_in_pause to lamplight_app;

create table staff_quiet (
  county text not null,
  account uuid not null,
  quiet_from smallint not null,
  quiet_until smallint not null,
  changed_at timestamp with time zone not null,
  constraint staff_quiet_pkey PRIMARY KEY (county, account),
  constraint staff_quiet_county_fkey FOREIGN KEY (county) REFERENCES county(county),
  constraint staff_quiet_check CHECK ((((quiet_from >= 0) AND (quiet_from <= 1439)) AND ((quiet_until >= 0) AND (quiet_until <= 1439)) AND (quiet_from <> quiet_until)))
);
grant select, insert, update, delete on staff_quiet to lamplight_app;

create table standards_row (
  county text not null,
  version integer not null,
  key text not null,
  line integer not null,
  kind text not null,
  code text not null,
  major text not null,
  major_name text not null,
  minor text not null,
  minor_name text not null,
  handler text not null,
  authority text not null,
  open_condition text not null,
  close_condition text not null,
  limit_text text not null,
  amount double precision,
  unit text,
  note text,
  constraint standards_row_pkey PRIMARY KEY (county, version, key),
  constraint standards_row_county_version_fkey FOREIGN KEY (county, version) REFERENCES standards_version(county, version),
  constraint standards_row_kind_check CHECK ((kind = ANY (ARRAY['component'::text, 'event'::text]))),
  constraint standards_row_unit_check CHECK ((unit = ANY (ARRAY['workingHour'::text, 'workingDay'::text, 'urgentHour'::text, 'urgentDay'::text])))
);
grant select, insert, update, delete on standards_row to lamplight_app;

create table standards_version (
  county text not null,
  version integer not null,
  name text not null,
  effective_at timestamp with time zone not null,
  imported_at timestamp with time zone not null,
  imported_by uuid not null,
  digest text not null,
  default_hour text not null,
  rows integer not null,
  not_understood integer not null,
  withdrawn_at timestamp with time zone,
  constraint standards_version_pkey PRIMARY KEY (county, version),
  constraint standards_version_default_hour_check CHECK ((default_hour = ANY (ARRAY['workingHour'::text, 'urgentHour'::text])))
);
grant select, insert, update, delete on standards_version to lamplight_app;

create table unit (
  county text not null,
  id text not null,
  name jsonb not null,
  kind text not null,
  parent text,
  phone text,
  closed_at timestamp with time zone,
  updated_at timestamp with time zone not null,
  places text[] default '{}'::text[] not null,
  constraint unit_pkey PRIMARY KEY (county, id)
);
grant select, insert, update, delete on unit to lamplight_app;

create table unit_dissolution (
  county text not null,
  id uuid not null,
  unit text not null,
  successors jsonb not null,
  reason text not null,
  account text not null,
  at timestamp with time zone not null,
  ended_at timestamp with time zone,
  back_of uuid,
  constraint unit_dissolution_pkey PRIMARY KEY (county, id),
  constraint unit_dissolution_county_unit_fkey FOREIGN KEY (county, unit) REFERENCES unit(county, id)
);
CREATE INDEX unit_dissolution_open ON public.unit_dissolution USING btree (county) WHERE (ended_at IS NULL);
CREATE INDEX unit_dissolution_unit ON public.unit_dissolution USING btree (county, unit, at);
grant select, insert, update, delete on unit_dissolution to lamplight_app;

create table unit_handover (
  county text not null,
  dissolution uuid not null,
  what text not null,
  target text not null,
  from_unit text not null,
  to_unit text,
  was jsonb,
  at timestamp with time zone not null,
  constraint unit_handover_pkey PRIMARY KEY (county, dissolution, what, target),
  constraint unit_handover_county_dissolution_fkey FOREIGN KEY (county, dissolution) REFERENCES unit_dissolution(county, id)
);
grant select, insert, update, delete on unit_handover to lamplight_app;

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
  next_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  constraint webhook_pkey PRIMARY KEY (county, id),
  constraint webhook_account_fkey FOREIGN KEY (account) REFERENCES account(id)
);
CREATE INDEX webhook_due ON public.webhook USING btree (next_at) WHERE active;
grant select, insert, update, delete on webhook to lamplight_app;
