-- Search: terms of matters that have ended stand in blocks, up to 120 matters each. A block has the ids from `oldest` up to the
-- next block of its term; those that only personal texts give stand apart. What still changes stays in finding_term.
create table finding_block (
  county text not null,
  term text collate "C" not null,
  oldest uuid not null,
  plain uuid[] not null,
  personal uuid[] not null,
  primary key (county, term, oldest)
);
create table finding_block_beside (
  county text not null,
  term text collate "C" not null,
  oldest uuid not null,
  plain uuid[] not null,
  personal uuid[] not null,
  primary key (county, term, oldest)
);
alter table finding_matter add column sealed boolean not null default false;
alter table finding_matter_beside add column sealed boolean not null default false;
create index finding_matter_unsealed on finding_matter (county, matter) where not sealed;
create index finding_matter_beside_unsealed on finding_matter_beside (county, matter) where not sealed;
