-- A version of the code table that counts no more. Matters that were decided under it keep it: its rows stay.
alter table standards_version add column withdrawn_at timestamptz;
