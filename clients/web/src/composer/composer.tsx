import type { CommandSpec } from '@mosaic/proto';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { CommandMenu } from '../commands/command-menu.tsx';
import { useCommandMenu } from '../commands/use-command-menu.ts';
import { Icon } from '../elements/icon.tsx';
import { useDraft } from './use-draft.ts';

interface ComposerProps {
  readonly conversationId: string | null;
  readonly isRunning: boolean;
  readonly maxChars: number;
  /** What a beginning slash may become. */
  readonly commands: readonly CommandSpec[];
  readonly onSend: (text: string) => void;
  readonly onStop: () => void;
  /** The pickers, left of the buttons. */
  readonly children: ReactNode;
}

/** True while an input method still puts a character together: Enter then belongs to it. */
function isComposing({ nativeEvent, keyCode }: KeyboardEvent): boolean {
  return nativeEvent.isComposing || keyCode === 229;
}

/** Where messages are written. Enter sends, Shift+Enter breaks the line. */
export function Composer(props: ComposerProps) {
  const { conversationId, commands, isRunning, maxChars, onSend, onStop, children } = props;
  const [text, setText] = useDraft(conversationId);
  const menu = useCommandMenu(commands, text, setText);
  const menuId = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const isSendable = text.trim() !== '' && text.length <= maxChars;

  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    const area = field.current;
    if (area === null || CSS.supports('field-sizing', 'content')) return;
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight}px`;
  }, [text]);

  const send = (): void => {
    if (!isSendable) return;
    onSend(text.trim());
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isComposing(event) && menu.handleKey(event)) return;
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {menu.shown.length > 0 && (
        <CommandMenu
          id={menuId}
          commands={menu.shown}
          active={menu.active}
          onChoose={(command) => {
            menu.choose(command);
            field.current?.focus();
          }}
        />
      )}
      <textarea
        ref={field}
        rows={1}
        value={text}
        aria-label="Message"
        placeholder="Write a message"
        enterKeyHint="send"
        aria-controls={menu.shown.length > 0 ? menuId : undefined}
        aria-activedescendant={menu.shown.length > 0 ? `${menuId}-${menu.active}` : undefined}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {text.length > maxChars && (
        <p className="px-3 text-sm text-bad" role="alert">
          {text.length - maxChars} characters too long
        </p>
      )}
      <div className="flex min-w-0 items-center gap-1">
        {children}
        <span className="ml-auto" />
        {isRunning && (
          <button type="button" className="round-button stop" aria-label="Stop" onClick={onStop}>
            <Icon name="stop" />
          </button>
        )}
        <button type="submit" className="round-button" aria-label="Send" disabled={!isSendable}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
