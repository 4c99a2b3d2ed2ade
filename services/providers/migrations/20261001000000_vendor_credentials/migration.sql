-- One row per key that a person brought for a vendor. The key itself is in `sealed` alone.
create table vendor_credential (
  user_id text not null check (user_id <> ''),
  provider text not null,
  -- The order in which they were given.
  position integer not null check (position >= 0),
  -- Null: the installation's address. Sealed with the key, so that no other address can get it.
  base_url text,
  -- Which master key sealed it.
  master_key_id text not null,
  nonce bytea not null check (octet_length(nonce) = 12),
  -- AES-256-GCM: ciphertext, then the tag of 16 bytes.
  sealed bytea not null check (octet_length(sealed) > 16),
  -- Last four characters, for people.
  hint text check (length(hint) <= 4),
  saved_at timestamptz not null,
  tested_at timestamptz,
  outcome text not null check (outcome in ('works', 'no-quota', 'refused', 'unclear', 'untested')),
  message text,
  primary key (user_id, provider, position)
);

-- Who has keys; ids only, so that a change of the master key knows whose rows to visit.
create table credential_owner (
  user_id text primary key check (user_id <> '')
);

alter table vendor_credential enable row level security;
alter table vendor_credential force row level security;

create policy own on vendor_credential
  using (user_id = (select current_setting('app.user_id', true)))
  with check (user_id = (select current_setting('app.user_id', true)));
