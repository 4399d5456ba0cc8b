-- Places: the tree of a county, the official codes of its places, their history, addresses, the map, and duty.
-- Codes and paths sort by bytes, so that "everything under" is a range of a B-tree.

-- What each process has loaded is compared with these; they only grow.
create table places_head (
  county text primary key,
  places bigint not null,
  duty bigint not null,
  map bigint not null
);

-- One row per import or change of the tree: what the table of places was from then on, and who made it so.
create table place_version (
  county text not null,
  version bigint not null,
  at timestamptz not null,
  actor uuid not null,
  source text not null,
  digest text not null,
  added integer not null,
  changed integer not null,
  ended integer not null,
  primary key (county, version)
);

-- A place as it was from one version of the table until another. The id is minted once, as a rule the first code.
create table place (
  county text not null,
  id text collate "C" not null,
  from_version bigint not null,
  until_version bigint,
  level text not null,
  parent text collate "C",
  path text collate "C" not null,
  name text not null,
  kind text,
  area jsonb,
  addresses jsonb,
  doors jsonb,
  valid_from timestamptz not null,
  valid_until timestamptz,
  primary key (county, id, from_version)
);
create unique index place_current on place (county, id) where until_version is null;
create index place_path on place (county, path) where until_version is null;

-- Official codes, from a moment until another; a merger or a recoding changes no id.
create table place_code (
  county text not null,
  id text collate "C" not null,
  code text collate "C" not null,
  valid_from timestamptz not null,
  valid_until timestamptz,
  primary key (county, id, valid_from)
);
create unique index place_code_current on place_code (county, code) where valid_until is null;

-- Roads, water, buildings, greens and landmarks: what the map draws. WGS-84; `frame` is the box of the geometry.
-- An import replaces what the same source brought before.
create table map_feature (
  county text not null,
  id uuid not null,
  source text not null,
  layer text not null,
  name text,
  -- Metres across, of roads and rivers that are drawn as lines.
  wide real,
  geometry jsonb not null,
  frame box not null,
  primary key (county, id)
);
create index map_feature_frame on map_feature using gist (frame);
create index map_feature_name on map_feature (county, layer, name) where name is not null;

-- House numbers along roads, each with its door.
create table address (
  county text not null,
  id uuid not null,
  source text not null,
  road text not null,
  number integer not null,
  suffix text not null,
  door point not null,
  primary key (county, id)
);
create index address_road on address (county, road, number);
create index address_door on address using gist (door);

-- A post is a role to be filled at a place; shifts fill it by pattern, absences move it to the stand-in.
create table duty_post (
  county text not null,
  id uuid not null,
  place text collate "C" not null,
  role text not null,
  rank integer not null,
  primary key (county, id)
);
create index duty_post_place on duty_post (county, place);

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
  primary key (county, id),
  foreign key (county, post) references duty_post (county, id)
);
create index duty_shift_post on duty_shift (county, post);

create table duty_absence (
  county text not null,
  id uuid not null,
  person text not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  primary key (county, id)
);
