-- Up to which line of its file an import has taken everything in: going on, it looks at nothing before that again.
alter table history_import add column line integer not null default 0 check (line >= 0);
