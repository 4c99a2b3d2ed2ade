-- What search looks through: messages and memories in pieces of about 80 words. Everything here can be
-- made again from the tables it was made from.

-- How often a user's passages have changed. Who holds an index of them reads what is newer than its
-- own version, and everything when something was removed.
create table passage_state (
  user_id text primary key check (user_id <> ''),
  version bigint not null default 0,
  removals bigint not null default 0,
  -- The way of cutting under which the user's older messages have been written; 0: not yet.
  made_by integer not null default 0
);

create table passage (
  user_id text not null check (user_id <> ''),
  -- The user's own count: another user's volume can't be told from it.
  version bigint not null,
  source text not null check (source in ('message', 'memory')),
  source_id text not null,
  conversation_id text,
  -- Place within the conversation: the number of the event.
  position integer not null,
  -- Piece of the source, from 0.
  chunk integer not null,
  role text not null check (role in ('user', 'assistant')),
  -- Who said it, where the conversation has more people than user and assistant.
  speaker text,
  said_at timestamptz not null,
  -- When something newer took its place.
  superseded_at timestamptz,
  -- ISO 639-1, or und: decides how its words are stemmed.
  language text not null,
  text text not null,
  -- Names the text among the vectors of embedding models.
  hash bytea not null,
  -- The built-in static vector: 100 small whole numbers; null where the table knows none of the words.
  meaning bytea,
  primary key (user_id, version)
);
create unique index passage_of_source
  on passage (user_id, source, source_id, conversation_id, chunk) nulls not distinct;

-- Vectors of embedding models, by model: two are never compared. Stored once for equal texts.
create table embedding (
  user_id text not null check (user_id <> ''),
  model text not null,
  hash bytea not null,
  width integer not null check (width > 0),
  -- 4 bytes a number, little-endian, of length 1.
  vector bytea not null check (octet_length(vector) = width * 4),
  primary key (user_id, model, hash)
);

-- Removing can't be forgotten, whoever does it: an index that still held a removed passage would
-- find it.
create function count_removals() returns trigger language plpgsql as $$
begin
  update passage_state set removals = passage_state.removals + 1
    where user_id in (select user_id from removed);
  return null;
end $$;
create trigger passage_removed after delete on passage
  referencing old table as removed for each statement execute function count_removals();

alter table passage_state enable row level security;
alter table passage_state force row level security;
alter table passage enable row level security;
alter table passage force row level security;
alter table embedding enable row level security;
alter table embedding force row level security;

create policy own on passage_state
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));
create policy own on passage
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));
create policy own on embedding
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));
