import { type RefObject, useRef } from 'react';
import { useCommandKey } from './use-command-key.ts';

interface AsideOptions {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  readonly setText: (text: string) => void;
}

interface Aside {
  /** Lists the commands in the field; what is being written waits meanwhile. */
  readonly listCommands: () => void;
  /** What the field holds after what is in it is done with: what waited, else nothing. */
  readonly restOf: () => string;
  /** Leaves the command and goes on with what waited; does nothing when nothing did. */
  readonly comeBack: () => void;
}

/** Lets a command come in between while a message is being written. */
export function useAside({ field, setText, text }: AsideOptions): Aside {
  const aside = useRef('');
  const listCommands = (): void => {
    if (!text.startsWith('/')) {
      aside.current = text;
      setText('/');
    }
    field.current?.focus();
  };
  const restOf = (): string => {
    const kept = aside.current;
    aside.current = '';
    return kept;
  };
  const comeBack = (): void => {
    if (aside.current !== '') setText(restOf());
  };
  useCommandKey(listCommands);
  return { listCommands, restOf, comeBack };
}
