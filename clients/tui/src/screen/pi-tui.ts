// What we use of pi-tui, file by file: its index also loads images, formulas and a screen of its own,
// 8 MB of resident memory and 70 ms of the way to the prompt (measured with 0.87.1, which has no
// `exports` that forbid this). Types are taken from the index; they cost nothing.
export { Editor } from '@earendil-works/pi-tui/dist/components/editor.js';
export { Markdown } from '@earendil-works/pi-tui/dist/components/markdown.js';
export { SelectList } from '@earendil-works/pi-tui/dist/components/select-list.js';
export { fuzzyFilter } from '@earendil-works/pi-tui/dist/fuzzy.js';
export {
  KeybindingsManager,
  setKeybindings,
  TUI_KEYBINDINGS,
} from '@earendil-works/pi-tui/dist/keybindings.js';
export { decodeKittyPrintable, matchesKey } from '@earendil-works/pi-tui/dist/keys.js';
export { ProcessTerminal } from '@earendil-works/pi-tui/dist/terminal.js';
export {
  parseOsc11BackgroundColor,
  parseTerminalColorSchemeReport,
} from '@earendil-works/pi-tui/dist/terminal-colors.js';
export { setCapabilityOverrides } from '@earendil-works/pi-tui/dist/terminal-image.js';
export { CURSOR_MARKER } from '@earendil-works/pi-tui/dist/tui.js';
export {
  truncateToWidth,
  visibleWidth,
  wrapTextWithAnsi,
} from '@earendil-works/pi-tui/dist/utils.js';
