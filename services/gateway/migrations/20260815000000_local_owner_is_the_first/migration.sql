-- The person at this machine runs the installation. Anybody who reaches the port may sign up, so the
-- first stranger must not become an administrator over them, who could rename their account, give it a
-- password and read everything in it.
create or replace function first_user_is_admin() returns trigger
language plpgsql set search_path from current as $$
begin
  perform pg_advisory_xact_lock(hashtext('mosaic first user'));
  if not exists (select from "user") then
    new."role" := 'admin';
  end if;
  return new;
end $$;
