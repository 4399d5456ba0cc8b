-- Cameras: where they stand and who answers for them, through what their pictures come, who looked and why, who turns.
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
  silent_since timestamptz,
  probed_at timestamptz,
  version integer not null,
  updated_at timestamptz not null,
  primary key (county, code)
);
create index camera_point on camera using gist (point);
create index camera_path on camera (county, path, code);
create index camera_owner on camera (county, owner, code);
create index camera_gateway_of on camera (county, gateway) where gateway is not null;
create table camera_gateway (
  county text not null,
  id uuid not null,
  name text not null,
  kind text not null check (kind in ('hls', 'mediamtx', 'wvp', 'demo')),
  url text not null,
  media text,
  login text,
  secret bytea,
  device_login text,
  device_secret bytea,
  active boolean not null,
  created_at timestamptz not null,
  primary key (county, id)
);
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
  begun_at timestamptz not null,
  until_at timestamptz not null,
  seen_at timestamptz not null,
  ended_at timestamptz,
  ending text,
  turns integer not null default 0,
  primary key (county, id)
);
create index camera_view_camera on camera_view (county, camera, begun_at desc, id desc);
create index camera_view_open on camera_view (seen_at) where ended_at is null;
create table camera_hold (
  county text not null,
  camera text not null,
  view uuid not null,
  account uuid not null,
  until_at timestamptz not null,
  moving boolean not null,
  primary key (county, camera)
);
create table camera_building (
  county text not null,
  id text not null,
  height real,
  box box not null,
  area jsonb not null,
  primary key (county, id)
);
create index camera_building_box on camera_building using gist (box);
