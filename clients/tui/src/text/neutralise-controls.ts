/**
 * Makes text that somebody else wrote safe to print: a model or a tool must not be able to move the
 * cursor, set the window title, write to the clipboard or reorder what is shown. Control characters
 * become their visible pictures (ESC becomes ␛), so that nothing vanishes silently. Works one
 * character at a time, so a sequence cut in two by streaming is neutralised all the same.
 */
export function neutraliseControls(text: string): string {
  return text.replace(dangerous, picture);
}

// Control characters but tab and line feed, and the characters that override the direction of text.
const dangerous = /(?![\t\n])[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (character === '\r') return '';
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '␡';
  return code < 0xa0 ? '�' : '';
}

/** The same on one line, for titles, names and reasons. */
export function oneLine(text: string): string {
  return neutraliseControls(text).replace(/\s+/g, ' ').trim();
}
