-- What people say about where their messages went, and what was made of it. Nothing here changes a
-- route by itself: a person accepts a suggestion, and it becomes their rule or their example.
create table feedback (
  id text primary key,
  user_id text not null check (user_id <> ''),
  at timestamptz not null default now(),
  conversation_id text not null,
  message_id text not null,
  kind text not null check (kind in ('task', 'model', 'up', 'down')),
  -- What it should have been taken for, or who was asked instead.
  task text,
  model text,
  -- The beginning of the message, and what was decided about it.
  words text not null,
  was jsonb not null
);
-- The last word about a message counts.
create unique index feedback_of_message on feedback (user_id, message_id, kind);
create index feedback_of_user on feedback (user_id, at);

-- Messages that stand for a task: a person's own, or with scope `system` everybody's.
create table exemplar (
  id text primary key,
  scope text not null check (scope in ('system', 'user')),
  user_id text check (user_id <> ''),
  words text not null,
  task text not null,
  created_at timestamptz not null default now(),
  created_by text not null,
  check ((scope = 'user') = (user_id is not null))
);
create index exemplar_of_user on exemplar (user_id);

-- Suggestions are worked out from feedback; only the answers to them are kept.
create table suggestion_answer (
  user_id text not null check (user_id <> ''),
  id text not null,
  answer text not null check (answer in ('accepted', 'dismissed')),
  at timestamptz not null default now(),
  primary key (user_id, id)
);

alter table feedback enable row level security;
alter table feedback force row level security;
alter table exemplar enable row level security;
alter table exemplar force row level security;
alter table suggestion_answer enable row level security;
alter table suggestion_answer force row level security;

create policy own on feedback
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));
create policy own on suggestion_answer
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));

create policy readable on exemplar for select
  using (scope = 'system' or user_id = (select current_setting('app.user_id', true)));
create policy own on exemplar
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));
create policy administrators on exemplar
  using (scope = 'system' and (select current_setting('app.may_change_system', true)) = 'yes')
  with check (scope = 'system' and (select current_setting('app.may_change_system', true)) = 'yes');
