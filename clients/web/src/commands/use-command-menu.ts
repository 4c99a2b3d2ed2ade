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
  /** Index of the one that Enter takes; -1 for none. */
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
  // Of arguments none is taken that was not pointed at: "/retry" and Enter is no choice of a model.
  const isArgument = text.includes(' ');
  const active = marked.text === text ? marked.index : isArgument ? -1 : 0;
  const choose = (item: MenuItem | undefined): void => {
    if (item === undefined || item.problem !== null) return;
    setText(item.typed);
    // What is whole would open the menu once more, for itself.
    if (!item.typed.endsWith(' ')) setClosedFor(item.typed);
  };
  const handleKey = (event: KeyboardEvent): boolean => {
    if (shown.length === 0) return false;
    const [first] = shown;
    const item = shown[active];
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const isTyped = item === undefined || (item.isWhole && item.typed.trim() === text.trim());
    if (step !== 0) setMarked({ text, index: nextOf(shown, active, step) });
    else if (event.key === 'Escape') setClosedFor(text);
    else if (event.key === 'Tab') choose(item ?? first);
    else if (event.key === 'Enter' && !isTyped) choose(item);
    else return false;
    event.preventDefault();
    return true;
  };
  return { shown, active, choose, handleKey };
}

/** From nowhere, up is the last one. */
const nextOf = (items: readonly MenuItem[], from: number, step: 1 | -1): number =>
  stepTo(items, from === -1 && step === -1 ? 0 : from, step);
