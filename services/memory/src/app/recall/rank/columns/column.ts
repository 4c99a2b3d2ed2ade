/** A value for every passage (or every unit) of an index. */
export type Column = Float32Array<ArrayBuffer>;

/** What speaks for every passage, by name. A ranker is a weight for each. */
export type Columns = Readonly<Record<string, Column>>;

/** Divided by a number above 0; otherwise as it is. */
export function scaled(column: Column, by: number): Column {
  return by > 0 ? column.map((one) => one / by) : column;
}

export function largest(column: Column): number {
  let most = 0;
  for (const one of column) if (one > most) most = one;
  return most;
}

export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0);
}

/** Adds to one place of a column. */
export function add(column: Column, at: number, value: number): void {
  column[at] = (column[at] ?? 0) + value;
}

/** The product, place by place. */
export function times(left: Column, right: Column): Column {
  const product = new Float32Array(left.length);
  for (let at = 0; at < product.length; at += 1) product[at] = (left[at] ?? 0) * (right[at] ?? 0);
  return product;
}
