-- How conversations are stored: hot and warm ones as rows of `event` and `message`, cold ones as
-- pieces of `cold_part`. Never both: a move is one transaction.
alter table conversation add column tier text not null default 'hot'
  check (tier in ('hot', 'warm', 'cold'));
-- Brought back by hand or by reading; counts as use, so that it does not go back the next night.
alter table conversation add column restored_at timestamptz;
create index conversation_due on conversation (user_id, (greatest(updated_at, restored_at)), id)
  where tier <> 'cold';

create table cold_part (
  user_id text not null check (user_id <> ''),
  conversation_id text not null,
  -- From 0, in the order of the events.
  part integer not null,
  first_seq integer not null,
  last_seq integer not null,
  events integer not null,
  raw_bytes integer not null,
  -- Of the lines before they were compressed: tells a damaged piece from a whole one.
  checksum bytea not null,
  -- Events as lines of JSON, compressed by zstd.
  body bytea not null,
  primary key (user_id, conversation_id, part),
  foreign key (user_id, conversation_id) references conversation (user_id, id) on delete cascade
);
-- Compressed already.
alter table cold_part alter column body set storage external;

-- What conversations were about. Not a part of the projection: a model wrote it, for money, and it must
-- outlive the projection's being made anew.
create table conversation_summary (
  user_id text not null check (user_id <> ''),
  conversation_id text not null,
  -- Null: none could be written; `written_by` says why.
  text text,
  written_by text not null,
  -- Messages that the conversation had: with more it is out of date.
  message_count integer not null,
  at timestamptz not null default now(),
  primary key (user_id, conversation_id)
);

alter table cold_part enable row level security;
alter table cold_part force row level security;
alter table conversation_summary enable row level security;
alter table conversation_summary force row level security;

create policy own on cold_part
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));
create policy own on conversation_summary
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));
