-- Money set aside for calls that run now, so that two of them can't both spend the last cent.
create table reservation (
  user_id text not null check (user_id <> ''),
  -- The ledger's id of the call: the statement that writes its end removes this row.
  call_id text not null,
  -- Of the call. It decides which day's budget the row counts against, as it does in the ledger.
  started_at timestamptz not null,
  usd numeric not null check (usd >= 0),
  -- Renewed while the call runs; a row whose time is over belongs to a worker that died.
  expires_at timestamptz not null,
  primary key (user_id, call_id)
);

alter table reservation enable row level security;
alter table reservation force row level security;

create policy own on reservation
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));

-- What administrators decided for single people.
create table user_limits (
  user_id text primary key check (user_id <> ''),
  -- In each column: null is "as for everybody", infinity is "no limit".
  budget_usd_per_day numeric check (budget_usd_per_day >= 0),
  requests_per_minute numeric check (requests_per_minute > 0),
  tokens_per_minute numeric check (tokens_per_minute > 0),
  changed_by text not null,
  changed_at timestamptz not null default now()
);

alter table user_limits enable row level security;
alter table user_limits force row level security;

-- The service, which sets no user, keeps all of them in memory; a user's transaction sees its own.
create policy own_or_service on user_limits
  using ((select current_setting('app.user_id', true)) in (user_id, ''))
  with check (user_id = (select current_setting('app.user_id', true)));
