import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Terminals that take OSC 52 often take no more than this (base64). */
const maxSequenceChars = 100_000;

/**
 * Copies by OSC 52, which works over ssh too; no terminal answers whether it did, so the text is also
 * written to a file. Returns the sentence that says where it is.
 */
export function copyText(
  text: string,
  { dataDir, write }: { readonly dataDir: string; readonly write?: (sequence: string) => void },
): string {
  const file = resolve(dataDir, 'copied.txt');
  const size = `${text.length.toLocaleString('en-US')} characters`;
  const encoded = Buffer.from(text).toString('base64');
  const isSent = write !== undefined && encoded.length <= maxSequenceChars;
  if (isSent) write(`\x1b]52;c;${encoded}\x07`);
  const isWritten = writeCopy(file, dataDir, text);
  if (isSent && isWritten)
    return `Copied ${size} to the clipboard, if this terminal lets programs do so; else they are in ${file}`;
  if (isWritten) return `Wrote ${size} to ${file}`;
  return isSent
    ? `Copied ${size}, if this terminal lets programs do so.`
    : `${file} can't be written.`;
}

function writeCopy(file: string, dataDir: string, text: string): boolean {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}
