create index passage_by_hash on passage (user_id, hash);

-- A vector can be turned back into much of its text: it goes with the last passage that has the text.
create or replace function count_removals() returns trigger language plpgsql as $$
begin
  update passage_state set removals = passage_state.removals + 1
    where user_id in (select user_id from removed);
  delete from embedding
    where (user_id, hash) in (select user_id, hash from removed)
      and not exists (
        select from passage
        where passage.user_id = embedding.user_id and passage.hash = embedding.hash
      );
  return null;
end $$;
