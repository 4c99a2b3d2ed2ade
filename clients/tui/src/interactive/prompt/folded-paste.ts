const begin = '\x1b[200~';
const end = '\x1b[201~';
/** Stands for a tab while a paste is folded; a private character, which nobody types. */
const tabMark = '\u{F0009}';
/** What the editor folds. */
const foldedLines = 10;
const foldedChars = 1_000;

/**
 * Text as the terminal would paste it: the editor folds what is long into a marker, which is expanded
 * when it is sent. Escape characters in it can't end the paste early.
 */
export function foldedPaste(text: string): string {
  return keepTabs(`${begin}${text.replaceAll('\x1b', '')}${end}`);
}

/**
 * The editor makes four spaces of each pasted tab, which breaks makefiles and tables. What it folds is
 * not shown, so there the tabs are kept as marks.
 */
export function keepTabs(input: string): string {
  if (!input.startsWith(begin) || !input.includes('\t')) return input;
  const isFolded = input.length > foldedChars || input.split(/[\r\n]/).length > foldedLines;
  return isFolded ? input.replaceAll('\t', tabMark) : input;
}

/** The text with its tabs, as it is sent. */
export function restoreTabs(text: string): string {
  return text.replaceAll(tabMark, '\t');
}
