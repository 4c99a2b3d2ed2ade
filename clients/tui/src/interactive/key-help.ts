import { type KeyAction, type KeyMap, keyActions } from '../keys/key-map.ts';

/** The keys and what they do, as they are set here. */
export function keysForHelp(
  keyMap: KeyMap,
  newLineKey: string,
): readonly (readonly [string, string])[] {
  const actions = Object.keys(keyActions) as KeyAction[];
  return [
    ['Enter', 'send; while an answer is written: queue it'],
    [`${newLineKey}, Ctrl+J, \\ Enter`, 'new line'],
    ['Up, Down', 'what you wrote before, when the editor is empty'],
    ...actions.map((action) => [keyMap.label(action), keyActions[action].does] as const),
  ];
}
