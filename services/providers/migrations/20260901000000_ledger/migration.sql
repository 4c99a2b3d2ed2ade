-- One row per model call: who asked whom for what, what it used, what it cost, how it went.
create table model_call (
  user_id text not null check (user_id <> ''),
  -- Made when the call starts. However often a record of it comes, there is one row.
  id text not null,
  started_at timestamptz not null,
  conversation_id text,
  agent text,
  purpose text not null,
  -- Who answered, or was tried last.
  provider text not null,
  model text not null,
  is_simulated boolean not null,
  -- Null: running, or its worker died. Nobody knows what such a call used.
  outcome text check (outcome in ('answered', 'failed', 'cancelled', 'abandoned')),
  stop text,
  error_code text,
  -- A partition: every token is in exactly one column. All null when the model was never heard of.
  input_tokens bigint,
  cache_read_tokens bigint,
  cache_write_5m_tokens bigint,
  cache_write_1h_tokens bigint,
  output_tokens bigint,
  reasoning_tokens bigint,
  is_estimated boolean,
  -- US dollars. Null is unknown, which is not nothing.
  cost_usd numeric check (cost_usd >= 0),
  cost_source text,
  first_token_ms double precision,
  total_ms double precision,
  -- Requests to vendors, retries included; 0 when no candidate could be asked.
  attempts integer not null default 0,
  skipped jsonb not null default '[]',
  primary key (user_id, id),
  check ((cost_usd is null) = (cost_source is null or cost_source = 'unknown'))
);
create index model_call_by_time on model_call (user_id, started_at);

alter table model_call enable row level security;
alter table model_call force row level security;

create policy own on model_call
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));
