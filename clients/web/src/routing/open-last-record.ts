/** Opens the record of the newest answer and brings it into view; false when none has one. */
export function openLastRecord(): boolean {
  const record = [...document.querySelectorAll<HTMLDetailsElement>('details.why')].at(-1);
  if (record === undefined) return false;
  record.open = true;
  record.scrollIntoView({ block: 'nearest' });
  record.querySelector('summary')?.focus();
  return true;
}
