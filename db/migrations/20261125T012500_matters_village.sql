-- What is open in a village, and what a person has or had in hand, each in the order of its page.
create index matter_open_village on matter (county, village, coalesce(due_at, 'infinity'::timestamptz), id) where ended_at is null;
create index matter_handler on matter (county, handler, created_at, id) where handler is not null;
