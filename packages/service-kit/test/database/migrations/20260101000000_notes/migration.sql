create table note (
  user_id text not null check (user_id <> ''),
  id text not null,
  text text not null,
  primary key (user_id, id)
);

alter table note enable row level security;
alter table note force row level security;

create policy own on note
  using (user_id = current_setting('app.user_id', true))
  with check (user_id = current_setting('app.user_id', true));
