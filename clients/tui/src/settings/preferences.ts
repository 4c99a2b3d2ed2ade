import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type ThemeChoice, themeChoices } from '../screen/theme.ts';

/** How a person likes the terminal; kept in `tui-preferences.json` of the data directory. */
export interface PreferenceValues {
  readonly theme: ThemeChoice;
  /** Whether thoughts stay above the answer. */
  readonly isThinkingShown: boolean;
}

export interface Preferences {
  readonly current: PreferenceValues;
  change(change: Partial<PreferenceValues>): void;
}

/** Reads without a schema library: the prompt waits for this. What is wrong in the file counts as unset. */
export function openPreferences(
  dataDir: string,
  onChange: (values: PreferenceValues) => void = () => {},
): Preferences {
  const file = resolve(dataDir, 'tui-preferences.json');
  let current = readValues(file);
  return {
    get current() {
      return current;
    },
    change(change) {
      current = { ...current, ...change };
      try {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        writeFileSync(file, `${JSON.stringify(current, null, 2)}\n`, { mode: 0o600 });
      } catch {
        // A read-only folder: the choice holds until the program ends.
      }
      onChange(current);
    },
  };
}

function readValues(file: string): PreferenceValues {
  const { isThinkingShown, theme } = readObject(file);
  return {
    theme: themeChoices.find((one) => one === theme) ?? 'auto',
    isThinkingShown: isThinkingShown === true,
  };
}

function readObject(file: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof read === 'object' && read !== null ? { ...read } : {};
  } catch {
    return {};
  }
}
