import { parseOsc11BackgroundColor, parseTerminalColorSchemeReport } from './pi-tui.ts';
import { type Background, backgroundOf } from './theme.ts';

/**
 * Asks for the background's colour (OSC 11) and to be told when it turns dark or light (mode 2031).
 * Terminals that know neither say nothing.
 */
export const askForBackground = '\x1b]11;?\x07\x1b[?2031h';
export const stopAskingForBackground = '\x1b[?2031l';

/** The background that an input reports; undefined when it is something else. */
export function readBackground(data: string): Background | undefined {
  const colour = parseOsc11BackgroundColor(data);
  if (colour !== undefined) return backgroundOf(colour);
  return parseTerminalColorSchemeReport(data);
}
