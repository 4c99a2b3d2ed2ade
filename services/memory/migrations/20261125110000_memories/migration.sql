-- What is remembered of people. Unlike conversations it can't be made again from the log: part of it
-- was written by hand, and what somebody removed must not come back.
create table memory (
  user_id text not null check (user_id <> ''),
  id text not null,
  kind text not null check (kind in ('fact', 'preference', 'instruction', 'event')),
  text text not null,
  -- Of the words that carry meaning: two memories with the same one say the same.
  fingerprint text not null,
  conversation_id text,
  message_ids text[] not null default '{}',
  valid_from timestamptz,
  valid_to timestamptz,
  confidence real not null check (confidence between 0 and 1),
  extractor text not null check (extractor in ('person', 'tool', 'rules', 'model')),
  extractor_version text,
  superseded_by text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (user_id, id)
);
create unique index memory_once on memory (user_id, fingerprint) where superseded_by is null;
create index memory_newest on memory (user_id, created_at desc, id desc);

-- Which questions were read for memories, by whom. It outlives memories and conversations: what was
-- removed is not found again when the log is read anew.
create table extraction (
  user_id text not null check (user_id <> ''),
  message_id text not null,
  extractor text not null check (extractor in ('rules', 'model')),
  version text not null,
  at timestamptz not null default now(),
  primary key (user_id, message_id, extractor)
);

create table preference (
  -- Empty: of the installation.
  user_id text not null,
  key text not null,
  value jsonb not null,
  -- Only of the installation: people can't choose otherwise.
  is_fixed boolean not null default false check (not is_fixed or user_id = ''),
  updated_at timestamptz not null default now(),
  primary key (user_id, key)
);

alter table conversation add column is_pinned boolean not null default false;
alter table conversation add column is_archived boolean not null default false;
-- Nothing is extracted from it, nothing recalled in it.
alter table conversation add column is_incognito boolean not null default false;
alter table conversation add column tags text[] not null default '{}';
drop index conversation_last_used;
create index conversation_in_list
  on conversation (user_id, is_pinned desc, updated_at desc, id desc);

alter table memory enable row level security;
alter table memory force row level security;
alter table extraction enable row level security;
alter table extraction force row level security;
alter table preference enable row level security;
alter table preference force row level security;

create policy own on memory
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));
create policy own on extraction
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));
-- Everybody reads what the installation has; only the service, which sets no user, writes it.
create policy readable on preference for select
  using (user_id in ('', (select current_setting('app.user_id', true))));
create policy own on preference
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));
