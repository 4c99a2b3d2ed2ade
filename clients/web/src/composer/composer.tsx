import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';
import { CommandMenu } from '../commands/command-menu.tsx';
import { type MenuSources, useCommandMenu } from '../commands/use-command-menu.ts';
import { Icon } from '../elements/icon.tsx';
import { IconButton } from '../elements/icon-button.tsx';
import { useAside } from './field/use-aside.ts';
import { useDraft } from './field/use-draft.ts';
import { useField } from './field/use-field.ts';
import { PastedTexts, TooLong, takeLongPaste } from './pasted-texts.tsx';

interface ComposerProps {
  readonly conversationId: string | null;
  readonly isRunning: boolean;
  readonly maxChars: number;
  /** What a beginning slash may become. */
  readonly menuSources: MenuSources;
  /** False: it was not taken, and stays in the field. */
  readonly onSend: (text: string) => boolean;
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
  const { conversationId, menuSources, isRunning, maxChars, onSend, onStop, children } = props;
  const { text, pasted, setText, setPasted, setDraft } = useDraft(conversationId);
  const menu = useCommandMenu(menuSources, text, setText);
  const menuId = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  // A command is run alone: what was pasted waits for the message.
  const whole = text.startsWith('/') ? text : [text, ...pasted].join('\n\n').trim();
  const isSendable = whole.trim() !== '' && whole.length <= maxChars;

  useField(field, text);
  const { comeBack, listCommands, restOf } = useAside({ field, setText, text });
  const send = (): void => {
    if (!isSendable) return;
    if (!onSend(whole.trim())) return;
    setDraft({ text: restOf(), pasted: text.startsWith('/') ? pasted : [] });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isComposing(event) && menu.handleKey(event)) return;
    if (event.key === 'Escape' && text.startsWith('/')) comeBack();
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
          items={menu.shown}
          active={menu.active}
          onChoose={(item) => {
            menu.choose(item);
            field.current?.focus();
          }}
        />
      )}
      <textarea
        ref={field}
        dir="auto"
        rows={1}
        value={text}
        aria-label="Message"
        placeholder="Write a message"
        enterKeyHint="send"
        aria-controls={menu.shown.length > 0 ? menuId : undefined}
        aria-activedescendant={menu.active in menu.shown ? `${menuId}-${menu.active}` : undefined}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={(event) => takeLongPaste(event, (long) => setPasted([...pasted, long]))}
      />
      <PastedTexts pasted={pasted} onChange={setPasted} />
      <TooLong chars={whole.length} maxChars={maxChars} />
      <div className="flex min-w-0 items-center gap-1">
        {children}
        <IconButton
          icon="slash"
          label="Commands"
          className="ml-auto"
          onPress={listCommands}
          isExpanded={menu.shown.length > 0}
        />
        <SendButtons isRunning={isRunning} isSendable={isSendable} onStop={onStop} />
      </div>
    </form>
  );
}

type SendButtonsProps = Pick<ComposerProps, 'isRunning' | 'onStop'> & {
  readonly isSendable: boolean;
};

function SendButtons({ isRunning, isSendable, onStop }: SendButtonsProps) {
  return (
    <>
      {isRunning && (
        <button type="button" className="round-button stop" aria-label="Stop" onClick={onStop}>
          <Icon name="stop" />
        </button>
      )}
      <button type="submit" className="round-button" aria-label="Send" disabled={!isSendable}>
        <Icon name="send" />
      </button>
    </>
  );
}
