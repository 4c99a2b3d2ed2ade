/**
 * Makes stored content harmless as text: our own delimiters, tags and the tokens by which models tell
 * roles apart are all written with these characters or begin a line. What is invisible (controls,
 * directions, zero width, tags) is written out, so that nothing can hide in it.
 */
function disarm(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replace(/\[(?=\s*\/?\s*(?:INST|SYS|SYSTEM)\b)/gi, '\\u005b')
    .replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, writtenOut);
}

function writtenOut(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xff_ff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** One line of JSON: it has no line break and none of the characters of a delimiter. */
export function quoteRecord(record: Readonly<Record<string, unknown>>): string {
  return disarm(JSON.stringify(record));
}

/** Many lines, each behind a bar, so that none begins as a heading or a role. */
export function quoteLines(text: string): string {
  return disarm(text.replaceAll('\r\n', '\n'))
    .split('\n')
    .map((line) => `| ${line}`)
    .join('\n');
}
