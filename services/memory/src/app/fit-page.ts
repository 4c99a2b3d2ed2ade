/** A message of the bus holds 1 MiB; the rest is for headers and the envelope of the reply. */
const maxPageBytes = 900_000;

/**
 * The longest beginning of `items` whose JSON fits one message of the bus; at least one item, which
 * fits because it came over the same bus.
 */
export function fitPage<Item>(items: readonly Item[]): readonly Item[] {
  let bytes = 0;
  for (const [index, item] of items.entries()) {
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
    if (bytes > maxPageBytes && index > 0) return items.slice(0, index);
  }
  return items;
}
