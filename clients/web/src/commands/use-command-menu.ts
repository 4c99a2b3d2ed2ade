import type { CommandSpec } from '@mosaic/proto';
import { type KeyboardEvent, useState } from 'react';
import { stepTo } from '../composer/option.ts';
import { type ArgumentOptions, type MenuItem, menuItems } from './menu-items.ts';

export interface MenuSources {
  readonly commands: readonly CommandSpec[];
  readonly argumentOptions: ArgumentOptions;
}

interface CommandMenuState {
  readonly shown: readonly MenuItem[];
  readonly active: number;
  choose(item: MenuItem): void;
  /** Whether the key was for the menu. */
  handleKey(event: KeyboardEvent): boolean;
}

/** What the slash menu shows for a text, and what keys do in it. */
export function useCommandMenu(
  { argumentOptions, commands }: MenuSources,
  text: string,
  setText: (text: string) => void,
): CommandMenuState {
  const [closedFor, setClosedFor] = useState<string | null>(null);
  const [marked, setMarked] = useState({ text: '', index: 0 });
  const shown = closedFor === text ? [] : menuItems(text, commands, argumentOptions);
  const wished = marked.text === text ? marked.index : 0;
  const active = shown[wished]?.problem === null ? wished : stepTo(shown, -1, 1);
  const choose = (item: MenuItem): void => {
    if (item.problem !== null) return;
    setText(item.typed);
    // What is whole would open the menu once more, for itself.
    if (!item.typed.endsWith(' ')) setClosedFor(item.typed);
  };
  const handleKey = (event: KeyboardEvent): boolean => {
    const item = shown[active];
    if (item === undefined) return false;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const isTyped = item.isWhole && item.typed.trim() === text.trim();
    if (step !== 0) setMarked({ text, index: stepTo(shown, active, step) });
    else if (event.key === 'Escape') setClosedFor(text);
    else if (event.key === 'Tab' || (event.key === 'Enter' && !isTyped)) choose(item);
    else return false;
    event.preventDefault();
    return true;
  };
  return { shown, active, choose, handleKey };
}
