import { type Palette, type PaletteName, palettes } from './theme.ts';

type Style = (text: string) => string;

const sgr =
  (on: string, off: number): Style =>
  (text) =>
    text === '' ? '' : `\x1b[${on}m${text}\x1b[${off}m`;

/** What is printed from now on; lines that are printed already keep their look. */
let palette: Palette = palettes.terminal;

export function usePalette(name: PaletteName): void {
  palette = palettes[name];
}

/** A colour of the palette in force, or the text alone where there is none. */
const colour =
  (name: keyof Palette): Style =>
  (text) => {
    const { [name]: on } = palette;
    return on === '' ? text : sgr(on, on === '2' ? 22 : 39)(text);
  };

export const bold = sgr('1', 22);
export const italic = sgr('3', 23);
export const underline = sgr('4', 24);
export const inverse = sgr('7', 27);
export const strikethrough = sgr('9', 29);
export const dim = colour('dim');
export const red = colour('red');
export const green = colour('green');
export const yellow = colour('yellow');
export const cyan = colour('cyan');
