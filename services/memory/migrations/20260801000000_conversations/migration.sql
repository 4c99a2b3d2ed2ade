-- Everything here can be made again from the log of conversations.

-- Names the consumer of the log that fills these tables: another database reads from the beginning,
-- whatever was acknowledged for an earlier one.
create table projection (
  id text primary key
);
insert into projection (id) values (replace(gen_random_uuid()::text, '-', ''));

-- Who ever had a conversation; ids only, so that the retention sweep knows whose rows to visit.
create table owner (
  user_id text primary key check (user_id <> ''),
  first_seen_at timestamptz not null default now()
);

create table conversation (
  user_id text not null check (user_id <> ''),
  id text not null,
  title text,
  agent text not null,
  model text,
  message_count integer not null default 0,
  -- Last event applied, and where it stands in the stream: reading on begins behind it.
  seq integer not null,
  stream_seq bigint not null,
  created_at timestamptz not null,
  -- Last message or answer: the order of the list.
  updated_at timestamptz not null,
  -- Set: only this row is left, so that a late delivery can't bring the conversation back.
  deleted_at timestamptz,
  primary key (user_id, id)
);
create index conversation_last_used on conversation (user_id, updated_at desc, id desc);

create table event (
  user_id text not null,
  conversation_id text not null,
  seq integer not null,
  type text not null,
  at timestamptz not null,
  payload jsonb not null,
  primary key (user_id, conversation_id, seq),
  foreign key (user_id, conversation_id) references conversation (user_id, id) on delete cascade
);

create table message (
  user_id text not null,
  conversation_id text not null,
  -- The client's id of a question; the run of an answer.
  id text not null,
  role text not null check (role in ('user', 'assistant')),
  text text not null,
  at timestamptz not null,
  -- Words as written and their English stems. The cut keeps it under the limit of a tsvector (1 MB).
  search tsvector not null generated always as (
    to_tsvector('simple', left(text, 80000)) || to_tsvector('english', left(text, 80000))
  ) stored,
  primary key (user_id, conversation_id, id),
  foreign key (user_id, conversation_id) references conversation (user_id, id) on delete cascade
);

-- No GIN index on `search`: under row level security the planner may not use it, because `@@` is not
-- leakproof; a user's own rows are found by the primary key and searched exactly.

alter table conversation enable row level security;
alter table conversation force row level security;
alter table event enable row level security;
alter table event force row level security;
alter table message enable row level security;
alter table message force row level security;

create policy own on conversation
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));
create policy own on event
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));
create policy own on message
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));
