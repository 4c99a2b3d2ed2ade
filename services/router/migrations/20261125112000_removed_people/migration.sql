-- The history of rules is never changed, with one exception: the own rules of a person go with them.
create policy removed_with_person on rule_change for delete
  using (
    user_id = (select current_setting('app.user_id', true))
    and (select current_setting('app.may_purge', true)) = 'yes'
  );
