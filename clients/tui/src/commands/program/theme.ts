import { nearestName } from '@mosaic/proto/client';
import { type ThemeChoice, themeChoices } from '../../screen/theme.ts';
import { oneLine } from '../../text/neutralise-controls.ts';
import type { CommandHost, RunCommand } from '../command.ts';

const descriptions: Readonly<Record<ThemeChoice, string>> = {
  auto: 'dark or light, as the background of this terminal is',
  dark: 'for a dark background',
  light: 'for a light background',
  terminal: "this terminal's own sixteen colours",
};

/** `/theme [auto|dark|light|terminal]` */
export const chooseTheme: RunCommand = async (argument, host) => {
  const name = argument === '' ? await askForTheme(host) : argument.toLowerCase();
  if (name === null) return;
  const theme = themeChoices.find((one) => one === name);
  if (theme === undefined) {
    const near = nearestName(name, themeChoices) ?? 'auto';
    host.print([`Unknown theme ${oneLine(name)}. Did you mean ${near}?`]);
    return;
  }
  host.preferences.change({ theme });
  host.print([`Theme: ${theme}, ${descriptions[theme]}.`]);
};

function askForTheme({ choose, preferences }: CommandHost): Promise<string | null> {
  return choose({
    title: `Theme (now ${preferences.current.theme})`,
    choices: themeChoices.map((theme) => ({
      value: theme,
      label: theme,
      description: descriptions[theme],
    })),
  });
}
