-- Hours in which a member of staff is not told what can wait; minutes after local midnight. One row for each county that they work in.
create table staff_quiet (
  county text not null references county (county),
  account uuid not null,
  quiet_from smallint not null,
  quiet_until smallint not null,
  changed_at timestamptz not null,
  primary key (county, account),
  check (quiet_from between 0 and 1439 and quiet_until between 0 and 1439 and quiet_from <> quiet_until)
);
-- A device of staff tells every account that asked there; one of a resident still has one owner.
alter table reach_address drop constraint reach_address_county_channel_mark_key;
alter table reach_address add constraint reach_address_whose unique (county, channel, mark, recipient);
