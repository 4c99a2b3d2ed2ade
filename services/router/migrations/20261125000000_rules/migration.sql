-- Rules that choose models. The system's are for all to read and for administrators to change; a
-- person's own are theirs alone.
create table rule (
  id text primary key,
  scope text not null check (scope in ('system', 'user')),
  -- Null for a rule of the system.
  user_id text check (user_id <> ''),
  name text not null,
  description text not null,
  priority integer not null,
  enabled boolean not null,
  conditions jsonb not null,
  target jsonb not null,
  -- Grows with each change; a save on top of another version is refused.
  version integer not null default 1,
  updated_at timestamptz not null default now(),
  updated_by text not null,
  check ((scope = 'user') = (user_id is not null))
);
create unique index rule_of_system on rule (name) where scope = 'system';
create unique index rule_of_user on rule (user_id, name) where scope = 'user';

create table tier (
  name text primary key,
  models jsonb not null,
  version integer not null default 1,
  updated_at timestamptz not null default now(),
  updated_by text not null
);

-- Every change of rules and tiers, for ever: rows are added and read, never changed.
create table rule_change (
  id bigint generated always as identity primary key,
  -- The rule's id, or `tier/<name>`.
  subject text not null,
  -- Whose rule it was; null for the system.
  user_id text check (user_id <> ''),
  at timestamptz not null default now(),
  by text not null,
  action text not null check (action in ('created', 'updated', 'deleted', 'reordered')),
  before jsonb,
  after jsonb
);
create index rule_change_of_subject on rule_change (subject, id);

-- The defaults that were put in once: whoever removes or changes one keeps it that way.
create table default_given (
  name text primary key,
  given_at timestamptz not null default now()
);

-- One row that every save locks until its end, so that numbers become visible in their order: whoever
-- has read up to a number has missed nothing before it.
create table policy (
  is_only boolean primary key default true check (is_only),
  revision bigint not null
);
insert into policy (revision) values (0);

-- When whose rules changed last: by it a replica that missed the news reads only what it must.
create table owner_revision (
  -- A user's id, or empty for the system.
  owner text primary key,
  revision bigint not null
);
create index owner_revision_by_number on owner_revision (revision);

alter table rule enable row level security;
alter table rule force row level security;
alter table rule_change enable row level security;
alter table rule_change force row level security;
alter table tier enable row level security;
alter table tier force row level security;

-- `app.may_change_system` is set by the store for the length of a transaction, for administrators.
create policy readable on rule for select
  using (scope = 'system' or user_id = (select current_setting('app.user_id', true)));
create policy own on rule
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));
create policy administrators on rule
  using (scope = 'system' and (select current_setting('app.may_change_system', true)) = 'yes')
  with check (scope = 'system' and (select current_setting('app.may_change_system', true)) = 'yes');

create policy readable on tier for select using (true);
create policy administrators on tier
  using ((select current_setting('app.may_change_system', true)) = 'yes')
  with check ((select current_setting('app.may_change_system', true)) = 'yes');

create policy readable on rule_change for select
  using (user_id is null or user_id = (select current_setting('app.user_id', true)));
create policy added_to_own on rule_change for insert
  with check (user_id = (select current_setting('app.user_id', true)));
create policy added_to_system on rule_change for insert
  with check (user_id is null and (select current_setting('app.may_change_system', true)) = 'yes');
