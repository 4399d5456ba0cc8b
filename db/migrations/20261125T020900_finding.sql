-- Search: which matters have which term, in the order in which they came (ids begin with their time), and the terms of each
-- matter, by which a change is found. Each has a table beside it, in which it is made anew.
create table finding_term (
  county text not null,
  term text collate "C" not null,
  matter uuid not null,
  personal boolean not null,
  primary key (county, term, matter) include (personal)
);
create table finding_term_beside (
  county text not null,
  term text collate "C" not null,
  matter uuid not null,
  personal boolean not null,
  primary key (county, term, matter) include (personal)
);
create table finding_matter (
  county text not null,
  matter uuid not null,
  plain text[] not null,
  personal text[] not null,
  primary key (county, matter)
);
create table finding_matter_beside (
  county text not null,
  matter uuid not null,
  plain text[] not null,
  personal text[] not null,
  primary key (county, matter)
);
