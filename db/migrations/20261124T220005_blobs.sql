-- Pictures by the digest of the copy that is served. What the original told of place and time stands here and nowhere else:
-- the copy carries neither, and no route serves these columns as they are.
create table blob (
  county text not null references county,
  -- SHA-256 of the served copy, lower-case hexadecimal.
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  -- SHA-256 of the original as received, which is not kept.
  original text not null check (original ~ '^[0-9a-f]{64}$'),
  type text not null,
  bytes bigint not null,
  width integer not null,
  height integer not null,
  taken_at timestamptz,
  -- WGS-84 degrees.
  lng double precision,
  lat double precision,
  created_at timestamptz not null,
  primary key (county, digest)
);
-- The sweep's way: what has lain here for long.
create index blob_created on blob (county, created_at);
-- The same picture may sit in several counties: bytes go when the last row does.
create index blob_digest on blob (digest);

-- Who sent a picture may look at it and use it before it belongs to anything; knowing its digest is not enough.
create table blob_upload (
  county text not null,
  digest text not null,
  uploaded_by uuid not null,
  uploaded_at timestamptz not null,
  primary key (county, digest, uploaded_by),
  foreign key (county, digest) references blob on delete cascade
);
