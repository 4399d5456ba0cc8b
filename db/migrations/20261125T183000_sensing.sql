-- 感知: devices, what they report, and the alarms that rules make of it.
create table sensor (
  county text not null,
  no integer not null,
  code text collate "C" not null,
  kind text not null,
  name text not null,
  component text,
  lng double precision not null,
  lat double precision not null,
  place text,
  path text collate "C" not null,
  unit text,
  state text not null check (state in ('active', 'resting', 'retired')),
  -- SHA-256 of the key, and of the one before it while both hold.
  key bytea,
  key_at timestamptz,
  key_before bytea,
  key_before_until timestamptz,
  demo boolean not null,
  made_at timestamptz not null,
  changed_at timestamptz not null,
  -- The broker said that its connection broke; null when it reports again.
  will_at timestamptz,
  primary key (county, no)
);
create unique index sensor_code on sensor (county, code);
create index sensor_changed on sensor (county, changed_at);
create index sensor_component on sensor (county, component) where component is not null;
create index sensor_path on sensor (county, path);

-- value = raw * scale + shift, from a moment until the next one that is given for the same measure.
create table sensor_calibration (
  county text not null,
  no integer not null,
  measure smallint not null,
  from_at timestamptz not null,
  scale double precision not null,
  shift double precision not null,
  account uuid,
  made_at timestamptz not null,
  primary key (county, no, measure, from_at),
  foreign key (county, no) references sensor (county, no)
);

-- How each measure of a device stands: written once a batch, in place.
create table sensor_series (
  county text not null,
  no integer not null,
  measure smallint not null,
  at timestamptz not null,
  value double precision not null,
  seen_at timestamptz not null,
  -- What rules remember between two readings; null where nothing is under way.
  memory jsonb,
  thinned bigint not null,
  faults bigint not null,
  fault text,
  fault_at timestamptz,
  primary key (county, no, measure)
) with (fillfactor = 60);

-- A ring of days: slot is the day since 1970 modulo 32. The oldest is emptied before its turn comes; nothing is made or dropped.
create table reading (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamptz not null,
  seq bigint not null,
  value double precision not null,
  -- As it came, where calibration changed it.
  raw double precision,
  -- Bits: 1 the clock was wrong and ours was taken, 2 beyond what can be measured, 4 came late.
  marks smallint not null,
  received_at timestamptz not null,
  primary key (county, slot, no, measure, at, seq)
) partition by list (slot);
create table reading_00 partition of reading for values in (0);
create table reading_01 partition of reading for values in (1);
create table reading_02 partition of reading for values in (2);
create table reading_03 partition of reading for values in (3);
create table reading_04 partition of reading for values in (4);
create table reading_05 partition of reading for values in (5);
create table reading_06 partition of reading for values in (6);
create table reading_07 partition of reading for values in (7);
create table reading_08 partition of reading for values in (8);
create table reading_09 partition of reading for values in (9);
create table reading_10 partition of reading for values in (10);
create table reading_11 partition of reading for values in (11);
create table reading_12 partition of reading for values in (12);
create table reading_13 partition of reading for values in (13);
create table reading_14 partition of reading for values in (14);
create table reading_15 partition of reading for values in (15);
create table reading_16 partition of reading for values in (16);
create table reading_17 partition of reading for values in (17);
create table reading_18 partition of reading for values in (18);
create table reading_19 partition of reading for values in (19);
create table reading_20 partition of reading for values in (20);
create table reading_21 partition of reading for values in (21);
create table reading_22 partition of reading for values in (22);
create table reading_23 partition of reading for values in (23);
create table reading_24 partition of reading for values in (24);
create table reading_25 partition of reading for values in (25);
create table reading_26 partition of reading for values in (26);
create table reading_27 partition of reading for values in (27);
create table reading_28 partition of reading for values in (28);
create table reading_29 partition of reading for values in (29);
create table reading_30 partition of reading for values in (30);
create table reading_31 partition of reading for values in (31);
create index reading_received on reading using brin (received_at);

create table reading_minute (
  county text not null,
  slot smallint not null,
  no integer not null,
  measure smallint not null,
  at timestamptz not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  primary key (county, slot, no, measure, at)
) partition by list (slot);
create table reading_minute_00 partition of reading_minute for values in (0);
create table reading_minute_01 partition of reading_minute for values in (1);
create table reading_minute_02 partition of reading_minute for values in (2);
create table reading_minute_03 partition of reading_minute for values in (3);
create table reading_minute_04 partition of reading_minute for values in (4);
create table reading_minute_05 partition of reading_minute for values in (5);
create table reading_minute_06 partition of reading_minute for values in (6);
create table reading_minute_07 partition of reading_minute for values in (7);
create table reading_minute_08 partition of reading_minute for values in (8);
create table reading_minute_09 partition of reading_minute for values in (9);
create table reading_minute_10 partition of reading_minute for values in (10);
create table reading_minute_11 partition of reading_minute for values in (11);
create table reading_minute_12 partition of reading_minute for values in (12);
create table reading_minute_13 partition of reading_minute for values in (13);
create table reading_minute_14 partition of reading_minute for values in (14);
create table reading_minute_15 partition of reading_minute for values in (15);
create table reading_minute_16 partition of reading_minute for values in (16);
create table reading_minute_17 partition of reading_minute for values in (17);
create table reading_minute_18 partition of reading_minute for values in (18);
create table reading_minute_19 partition of reading_minute for values in (19);
create table reading_minute_20 partition of reading_minute for values in (20);
create table reading_minute_21 partition of reading_minute for values in (21);
create table reading_minute_22 partition of reading_minute for values in (22);
create table reading_minute_23 partition of reading_minute for values in (23);
create table reading_minute_24 partition of reading_minute for values in (24);
create table reading_minute_25 partition of reading_minute for values in (25);
create table reading_minute_26 partition of reading_minute for values in (26);
create table reading_minute_27 partition of reading_minute for values in (27);
create table reading_minute_28 partition of reading_minute for values in (28);
create table reading_minute_29 partition of reading_minute for values in (29);
create table reading_minute_30 partition of reading_minute for values in (30);
create table reading_minute_31 partition of reading_minute for values in (31);

create table reading_hour (
  county text not null,
  no integer not null,
  measure smallint not null,
  at timestamptz not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  primary key (county, no, measure, at)
);
create index reading_hour_at on reading_hour (county, at);

create table reading_day (
  county text not null,
  no integer not null,
  measure smallint not null,
  at timestamptz not null,
  count integer not null,
  sum double precision not null,
  low double precision not null,
  high double precision not null,
  primary key (county, no, measure, at)
);
create index reading_day_at on reading_day (county, at);

-- How far minutes, hours and days have been counted, by when readings were received.
create table reading_rolled (
  county text not null,
  grain text not null check (grain in ('minute', 'hour', 'day')),
  until timestamptz not null,
  primary key (county, grain)
);

create table sensor_event (
  county text not null,
  id uuid not null,
  kind text not null,
  rule text not null,
  path text collate "C" not null,
  opened_at timestamptz not null,
  ended_at timestamptz,
  parts integer not null,
  devices integer not null,
  matter uuid,
  primary key (county, id)
);
create index sensor_event_open on sensor_event (county, rule) where ended_at is null;

create table sensor_alarm (
  county text not null,
  id uuid not null,
  no integer not null,
  measure smallint not null,
  kind text not null,
  rule text not null,
  severity text not null check (severity in ('notice', 'warning', 'critical')),
  path text collate "C" not null,
  value double precision,
  -- When the reading was taken that began it, and when it came to be known.
  opened_at timestamptz not null,
  known_at timestamptz not null,
  ended_at timestamptz,
  -- waiting: it is not settled yet whether a case comes of it.
  state text not null check (state in ('waiting', 'settled')),
  -- What came of it.
  outcome text check (outcome in ('reported', 'attached', 'event', 'held', 'alarm', 'refused')),
  reason text,
  matter uuid,
  event uuid,
  -- Its end is still to be noted in the case.
  end_due boolean not null,
  primary key (county, id)
);
create unique index sensor_alarm_open on sensor_alarm (county, no, measure, rule) where ended_at is null;
create index sensor_alarm_waiting on sensor_alarm (county, known_at) where state = 'waiting';
create index sensor_alarm_end on sensor_alarm (county, id) where end_due;
create index sensor_alarm_time on sensor_alarm (county, known_at, id);
create index sensor_alarm_device on sensor_alarm (county, no, known_at);
create index sensor_alarm_matter on sensor_alarm (county, matter) where matter is not null;
create index sensor_alarm_event on sensor_alarm (county, event) where event is not null;
