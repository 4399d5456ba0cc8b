-- Counties (辖区) that this installation serves: reference data, the first part of every other key.
create table county (
  county text primary key check (county ~ '^[0-9A-Za-z]{2,12}$'),
  -- {"zh-Hans": "…", "zh-Hant": "…", "en": "…"}
  name jsonb not null,
  zone text not null default 'Asia/Shanghai',
  settings jsonb not null default '{}',
  -- A demo's deliveries go to the logbook only, whatever is configured.
  demo boolean not null default false,
  created_at timestamptz not null
);

-- Facts about the installation as a whole, such as the fingerprint of its keys.
create table installation (
  fact text primary key,
  value jsonb not null,
  set_at timestamptz not null
);
