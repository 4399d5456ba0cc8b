-- Who sent a picture: one without words beside it goes with that person too. Of what is there, the entries know.
alter table matter_file add column author text;
update matter_file f set author = e.actor from ledger_entry e where e.county = f.county and e.matter = f.matter and e.mv = f.version;
create index matter_file_author on matter_file (county, author) where author is not null;
