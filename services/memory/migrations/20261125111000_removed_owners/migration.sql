-- Whose account was removed; the id alone, so that nothing of theirs is written again.
create table removed_owner (
  id text primary key check (id <> ''),
  removed_at timestamptz not null default now()
);
