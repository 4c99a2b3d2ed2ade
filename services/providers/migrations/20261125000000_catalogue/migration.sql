-- What the live lists of the vendors said at the last look, for all replicas; nobody's personal data.
create table catalogue_seen (
  provider text primary key,
  seen_at timestamptz not null,
  models jsonb not null,
  -- Cards whose price was not the listed one then: each is news once, not every day.
  disagreements jsonb not null
);

-- The last differences that were found; one row at most.
create table catalogue_news (
  id smallint primary key check (id = 1),
  news jsonb not null
);
