-- Absences are listed and withdrawn: who entered one, when, and when it was taken back. Those from before say nothing of it.
alter table duty_absence add column made_at timestamptz;
alter table duty_absence add column made_by text;
alter table duty_absence add column withdrawn_at timestamptz;
create index duty_absence_person on duty_absence (county, person, from_at);
create index duty_absence_from on duty_absence (county, from_at, id);
