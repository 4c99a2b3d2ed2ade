-- Requests of a call that failed before anything of them was shown, and have to be paid for all the same.
create table unseen_request (
  user_id text not null check (user_id <> ''),
  call_id text not null,
  -- Its place among those of the call, from 0: however often a record comes, there is one row.
  position smallint not null check (position >= 0),
  -- Of the call, as its agent is: sums by day and agent need no other table.
  started_at timestamptz not null,
  agent text,
  provider text not null,
  model text not null,
  is_simulated boolean not null,
  error_code text not null,
  input_tokens bigint not null,
  cache_read_tokens bigint not null,
  cache_write_5m_tokens bigint not null,
  cache_write_1h_tokens bigint not null,
  output_tokens bigint not null,
  reasoning_tokens bigint not null,
  is_estimated boolean not null,
  cost_usd numeric check (cost_usd >= 0),
  cost_source text not null,
  primary key (user_id, call_id, position),
  check ((cost_usd is null) = (cost_source = 'unknown'))
);
create index unseen_request_by_time on unseen_request (user_id, started_at);

alter table unseen_request enable row level security;
alter table unseen_request force row level security;

create policy own on unseen_request
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));

-- How many of a call's attempts have a row there: what the others cost is not known.
alter table model_call add column unseen integer not null default 0;
