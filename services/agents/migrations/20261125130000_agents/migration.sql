-- Agents: the system's, which come with Mosaic and are for all to read, and people's own.
create table agent (
  scope text not null check (scope in ('system', 'user')),
  -- Empty for an agent of the system.
  user_id text not null,
  name text not null check (name ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
  -- Everything else that an agent is; its shape is the contract's.
  content jsonb not null,
  -- Grows with each change; a save on top of another version is refused.
  version integer not null default 1,
  updated_at timestamptz not null default now(),
  primary key (user_id, name),
  check ((scope = 'system') = (user_id = ''))
);

-- A person's standing choices of model, temperature and effort.
create table turn_preference (
  user_id text primary key check (user_id <> ''),
  content jsonb not null,
  updated_at timestamptz not null default now()
);

alter table agent enable row level security;
alter table agent force row level security;
alter table turn_preference enable row level security;
alter table turn_preference force row level security;

create policy readable on agent for select
  using (scope = 'system' or user_id = (select current_setting('app.user_id', true)));
create policy own on agent
  using (scope = 'user' and user_id = (select current_setting('app.user_id', true)))
  with check (scope = 'user' and user_id = (select current_setting('app.user_id', true)));
-- `app.may_seed_agents` is set by the store for the one transaction that puts the system's in.
create policy seeded on agent
  using (scope = 'system' and (select current_setting('app.may_seed_agents', true)) = 'yes')
  with check (scope = 'system' and (select current_setting('app.may_seed_agents', true)) = 'yes');

create policy own on turn_preference
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));
