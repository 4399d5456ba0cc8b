-- What is soon due, to be counted without a look at everything that is open.
create index matter_open_warn on matter (county, warn_at) where ended_at is null and warn_at is not null;
