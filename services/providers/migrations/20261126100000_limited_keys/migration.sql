-- A key that the vendor knows and that may not do what the test does: it is kept, as one without balance is.
alter table vendor_credential drop constraint vendor_credential_outcome_check;
alter table vendor_credential add constraint vendor_credential_outcome_check
  check (outcome in ('works', 'limited', 'no-quota', 'refused', 'unclear', 'untested'));
