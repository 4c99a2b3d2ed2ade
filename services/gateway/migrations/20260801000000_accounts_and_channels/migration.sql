-- Who may come in. The first four tables have the shape that better-auth expects (names, columns and
-- types as its own schema prints them). No row level security here: these rows are read to find out
-- who somebody is, so there is no user yet to filter by.
create table "user" (
  "id" text primary key,
  "name" text not null,
  "email" text not null unique,
  "emailVerified" boolean not null default false,
  "image" text,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now(),
  "role" text not null default 'member',
  "banned" boolean not null default false,
  "banReason" text,
  "banExpires" timestamptz
);

create table "session" (
  "id" text primary key,
  "expiresAt" timestamptz not null,
  "token" text not null unique,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now(),
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null references "user" ("id") on delete cascade,
  "impersonatedBy" text
);
create index session_of_user on "session" ("userId");

create table "account" (
  "id" text primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null references "user" ("id") on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  "scope" text,
  "password" text,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now()
);
create index account_user on "account" ("userId");

create table "verification" (
  "id" text primary key,
  "identifier" text not null,
  "value" text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now()
);
create index verification_identifier on "verification" ("identifier");

-- The person at this machine, when there is one: signs in by a token file and has no password.
create table local_owner (
  is_only boolean primary key default true check (is_only),
  user_id text not null references "user" ("id") on delete cascade
);

-- The first person to get an account runs the installation. It is decided where accounts are written,
-- so that two first sign-ups at the same moment (or at two replicas) make one administrator.
create function first_user_is_admin() returns trigger language plpgsql set search_path from current as $$
begin
  perform pg_advisory_xact_lock(hashtext('mosaic first user'));
  if not exists (
    select from "user" where "id" not in (select user_id from local_owner)
  ) then
    new."role" := 'admin';
  end if;
  return new;
end $$;
create trigger first_user_is_admin before insert on "user"
  for each row execute function first_user_is_admin();

-- Only the hash of a key is kept: whoever reads this table can't use what stands in it.
create table api_key (
  id text primary key,
  user_id text not null references "user" ("id") on delete cascade,
  name text not null,
  scopes jsonb not null default '[]',
  key_hash text not null unique,
  key_hint text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz
);
create index api_key_user on api_key (user_id);

-- Bridges, and which conversation a room of theirs is.
create table channel (
  id text primary key,
  kind text not null,
  owner_user_id text not null references "user" ("id") on delete cascade,
  -- What its bridge said in its last hello; null until then.
  capabilities jsonb,
  created_at timestamptz not null default now()
);

create table channel_handle (
  channel_id text not null references channel (id) on delete cascade,
  handle text not null,
  user_id text not null references "user" ("id") on delete cascade,
  primary key (channel_id, handle)
);

create table channel_room (
  channel_id text not null references channel (id) on delete cascade,
  room text not null,
  -- Empty where the platform has no threads: null would not be unique.
  thread text not null default '',
  user_id text not null references "user" ("id") on delete cascade,
  conversation_id text not null unique,
  created_at timestamptz not null default now(),
  primary key (channel_id, room, thread, user_id)
);
