import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { KeybindingsConfig, KeyId } from '@earendil-works/pi-tui';
import {
  KeybindingsManager,
  matchesKey,
  setKeybindings,
  TUI_KEYBINDINGS,
} from '../screen/pi-tui.ts';
import { nearestWord } from './nearest-word.ts';

/** What our keys do; the editor's own have the names of pi-tui (`tui.editor.undo`, …). */
export const keyActions = {
  interrupt: { keys: ['escape'], does: 'stop the answer; what is queued comes back to the editor' },
  steer: { keys: ['tab'], does: 'while an answer is written: send now, into the running turn' },
  'pull-back': { keys: ['alt+up'], does: 'take the last queued message back' },
  'search-history': { keys: ['ctrl+r'], does: 'search what you wrote before' },
  details: { keys: ['ctrl+o'], does: 'show tool calls and thoughts in full' },
  'pick-model': { keys: ['alt+m'], does: 'choose the model' },
  'pick-agent': { keys: ['alt+a'], does: 'choose the agent' },
  redraw: { keys: ['ctrl+l'], does: 'draw the prompt again' },
  clear: { keys: ['ctrl+c'], does: 'empty the editor; twice: quit' },
  quit: { keys: ['ctrl+d'], does: 'quit, when the editor is empty' },
} as const satisfies Record<string, { keys: readonly KeyId[]; does: string }>;
export type KeyAction = keyof typeof keyActions;

export interface KeyMap {
  /** Whether the input is a key of this action. */
  matches(data: string, action: KeyAction): boolean;
  /** Whether the input is the editor's key that sends. */
  submits(data: string): boolean;
  /** For people: `Alt+Up`, or '' when the action has no key. */
  label(action: KeyAction): string;
  /** What is wrong in the file, in sentences. */
  readonly problems: readonly string[];
}

/** Alt+Enter is an escape sequence of its own, which every terminal sends. */
const ownEditorKeys: KeybindingsConfig = {
  'tui.input.newLine': ['shift+enter', 'ctrl+j', 'alt+enter'],
};

/**
 * Reads `tui-keys.json` of the data directory, `{"steer": ["ctrl+s"], "tui.editor.undo": "ctrl+z"}`, and
 * gives the editor its keys. A line that can't be used is left out and told of; the rest holds.
 */
export function loadKeyMap(dataDir: string): KeyMap {
  const file = resolve(dataDir, 'tui-keys.json');
  const { chosen, problems } = readFile(file);
  const editorKeys = Object.entries(chosen).filter(([name]) => name.startsWith('tui.'));
  const editor = new KeybindingsManager(TUI_KEYBINDINGS, {
    ...ownEditorKeys,
    ...Object.fromEntries(editorKeys),
  });
  setKeybindings(editor);
  const keysOf = (action: KeyAction): readonly KeyId[] => chosen[action] ?? keyActions[action].keys;
  return {
    matches: (data, action) => keysOf(action).some((key) => matchesKey(data, key)),
    submits: (data) => editor.matches(data, 'tui.input.submit'),
    label: (action) => keyLabel(keysOf(action)[0] ?? ''),
    problems: problems.map((problem) => `${file}: ${problem}`),
  };
}

/** `alt+up` as people write it: `Alt+Up`. */
export function keyLabel(key: string): string {
  const names: Readonly<Record<string, string>> = { escape: 'Esc' };
  return key
    .split('+')
    .map((part) => names[part] ?? `${part.slice(0, 1).toUpperCase()}${part.slice(1)}`)
    .join('+');
}

interface ReadKeys {
  readonly chosen: Readonly<Record<string, KeyId[]>>;
  readonly problems: readonly string[];
}

function readFile(file: string): ReadKeys {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return { chosen: {}, problems: [] };
  }
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return readKeys(read);
  } catch {
    // Told of below, as any other text that is no object.
  }
  return { chosen: {}, problems: ['this is no JSON object; the keys are as usual.'] };
}

function readKeys(read: object): ReadKeys {
  const names = [...Object.keys(keyActions), ...Object.keys(TUI_KEYBINDINGS)];
  const chosen: Record<string, KeyId[]> = {};
  const problems: string[] = [];
  for (const [name, value] of Object.entries(read)) {
    const keys: unknown[] = Array.isArray(value) ? value : [value];
    const wrong = keys.find((key) => !isKey(key));
    if (!names.includes(name)) {
      problems.push(`there is no action "${name}". Did you mean "${nearestWord(name, names)}"?`);
    } else if (wrong !== undefined) {
      problems.push(`${name}: ${JSON.stringify(wrong)} is no key; "alt+up" and "ctrl+r" are.`);
    } else chosen[name] = keys.filter(isKey);
  }
  return { chosen, problems };
}

const keyPattern =
  /^(?:(?:ctrl|shift|alt|super)\+)*(?:[a-z0-9]|[`\-=[\]\\;',./!@#$%^&*()_+|~{}:<>?]|escape|enter|tab|space|backspace|delete|insert|home|end|pageUp|pageDown|up|down|left|right|f(?:[1-9]|1[0-2]))$/;

function isKey(value: unknown): value is KeyId {
  return typeof value === 'string' && keyPattern.test(value);
}
