/** The parameters of the SGR sequence of each colour; empty for none. */
export interface Palette {
  /** What matters less than the text around it. */
  readonly dim: string;
  readonly red: string;
  readonly green: string;
  readonly yellow: string;
  readonly cyan: string;
}

/**
 * `terminal` takes the sixteen colours that the person chose for the terminal; `dark` and `light` are
 * fixed colours with a contrast of at least 4.5:1 against black and white, for terminals whose own
 * yellow or dim can't be read. `none` is for NO_COLOR.
 */
export const palettes = {
  terminal: { dim: '2', red: '31', green: '32', yellow: '33', cyan: '36' },
  dark: {
    dim: '38;5;246',
    red: '38;5;210',
    green: '38;5;114',
    yellow: '38;5;179',
    cyan: '38;5;80',
  },
  light: { dim: '38;5;242', red: '38;5;124', green: '38;5;22', yellow: '38;5;94', cyan: '38;5;24' },
  none: { dim: '', red: '', green: '', yellow: '', cyan: '' },
} as const satisfies Record<string, Palette>;
export type PaletteName = keyof typeof palettes;

/** What a person can choose. */
export const themeChoices = ['auto', 'dark', 'light', 'terminal'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

/** What the terminal said of its background; null when it said nothing. */
export type Background = 'dark' | 'light' | null;

/** The palette for a choice, a background, and what this terminal can show. */
export function choosePalette(
  choice: ThemeChoice,
  background: Background,
  env: Readonly<Record<string, string | undefined>>,
): PaletteName {
  if (env['NO_COLOR']) return 'none';
  const hasManyColours = /256|direct|kitty|ghostty/.test(env['TERM'] ?? '') || env['COLORTERM'];
  if (!hasManyColours) return 'terminal';
  return choice === 'auto' ? (background ?? 'terminal') : choice;
}

/** Dark or light, by the brightness that people see (BT.709 weights). */
export function backgroundOf({ r, g, b }: { r: number; g: number; b: number }): Background {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 128 ? 'dark' : 'light';
}
