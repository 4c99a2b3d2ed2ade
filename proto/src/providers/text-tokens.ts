/**
 * Rough size in tokens; for routing and for fitting, never for a bill. Four characters a token fits
 * English; a Chinese or Japanese character is about a token of its own.
 */
export function textTokens(text: string): number {
  let wide = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x2e_7f) wide += 1;
  }
  return Math.ceil((text.length - wide) / 4) + wide;
}
