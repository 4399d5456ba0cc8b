-- Plates are made in batches and pass through states; each step says who and when. A plate that was withdrawn before had no state.
create table plate_batch (
  county text not null,
  batch uuid not null,
  name text not null,
  kind text not null,
  sheet text not null,
  plates integer not null,
  made_at timestamptz not null,
  made_by text not null,
  primary key (county, batch)
);
create index plate_batch_made on plate_batch (county, made_at, batch);
alter table plate add column state text not null default 'ordered' check (state in ('ordered', 'printed', 'attached', 'lost', 'replaced', 'withdrawn'));
alter table plate add column batch uuid;
alter table plate add column steps integer not null default 0;
update plate set state = 'withdrawn' where withdrawn_at is not null;
create index plate_batch_of on plate (county, batch, plate) where batch is not null;
create table plate_step (
  county text not null,
  plate text not null,
  step integer not null,
  state text not null,
  kind text not null,
  target text not null,
  at timestamptz not null,
  by text not null,
  op uuid not null,
  photo text,
  primary key (county, plate, step),
  unique (county, plate, op),
  foreign key (county, plate) references plate (county, plate)
);
create index plate_step_op on plate_step (county, op);
create index plate_step_photo on plate_step (county, photo) where photo is not null;
