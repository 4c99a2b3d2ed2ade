/** Rows of text as aligned lines under a heading; columns are as wide as their widest cell. */
export function tableLines(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const toLine = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [heading.map((title) => title.toUpperCase()), ...rows].map(toLine);
}
