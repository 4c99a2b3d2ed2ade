import type { CommandSpec } from '@mosaic/proto';
import { type KeyboardEvent, useState } from 'react';
import { commandsFor } from './page-commands.ts';

interface CommandMenuState {
  readonly shown: readonly CommandSpec[];
  readonly active: number;
  choose(command: CommandSpec): void;
  /** Whether the key was for the menu. */
  handleKey(event: KeyboardEvent): boolean;
}

/** What the slash menu shows for a text, and what keys do in it. */
export function useCommandMenu(
  commands: readonly CommandSpec[],
  text: string,
  setText: (text: string) => void,
): CommandMenuState {
  const [closedFor, setClosedFor] = useState<string | null>(null);
  const [marked, setMarked] = useState(0);
  const shown = closedFor === text ? [] : commandsFor(text, commands);
  const active = Math.min(marked, Math.max(0, shown.length - 1));
  const choose = (command: CommandSpec): void => {
    const whole = `/${command.name}${command.arguments === '' ? '' : ' '}`;
    setText(whole);
    // A whole name without arguments would open the menu once more.
    setClosedFor(whole);
  };
  const handleKey = (event: KeyboardEvent): boolean => {
    const command = shown[active];
    if (command === undefined) return false;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const isWhole = text === `/${command.name}` && !command.arguments.startsWith('<');
    if (step !== 0) setMarked((active + step + shown.length) % shown.length);
    else if (event.key === 'Escape') setClosedFor(text);
    else if (event.key === 'Tab' || (event.key === 'Enter' && !isWhole)) choose(command);
    else return false;
    event.preventDefault();
    return true;
  };
  return { shown, active, choose, handleKey };
}
