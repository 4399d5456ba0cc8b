-- When somebody last chose how they are told, and how they said so: by themselves, or to somebody of the desk on the phone, at a window or in a letter.
alter table contact add column preferred_at timestamptz, add column preferred_by text check (preferred_by in ('self', 'call', 'window', 'letter'));
