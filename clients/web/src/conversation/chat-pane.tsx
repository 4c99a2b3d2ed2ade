import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { DialogName } from '../commands/command-context.ts';
import { type Said, usePageCommands } from '../commands/use-page-commands.ts';
import { AgentPicker } from '../composer/agent-picker.tsx';
import { Composer } from '../composer/composer.tsx';
import { ModelPicker } from '../composer/model-picker.tsx';
import { CommandDialog } from '../dialogs/command-dialog.tsx';
import { useEscape } from '../elements/use-escape.ts';
import { pathOfConversation } from '../navigation/conversation-path.ts';
import { navigate } from '../navigation/use-path.ts';
import { useClient, useTransport } from '../transport/client-context.ts';
import { EmptyState } from '../welcome/empty-state.tsx';
import { ConversationScroller } from './conversation-scroller.tsx';
import { activityOf } from './running-turn.ts';
import { useChoice } from './use-choice.ts';

const defaultMaxChars = 400_000;

interface OpenedDialog {
  readonly name: DialogName;
  /** The one that was named, if one was. */
  readonly agent: string | undefined;
}

/** One conversation, or the page that begins one when `conversationId` is null. */
export function ChatPane({ conversationId }: { conversationId: string | null }): ReactNode {
  const client = useClient();
  const open = useTransport((state) => state.conversations[conversationId ?? '']);
  const maxChars = useTransport((state) => state.welcome?.maxMessageChars ?? defaultMaxChars);
  const [said, setSaid] = useState<Said | null>(null);
  const [dialog, setDialog] = useState<OpenedDialog | null>(null);
  const { choice, choose } = useChoice(conversationId, setSaid);
  useEffect(() => {
    client.show(conversationId);
    setSaid(null);
  }, [client, conversationId]);

  const send = useCallback(
    (text: string, onceModel?: string): void => {
      const { model = null, agent = null } = choice;
      const id = client.send({ conversationId, text, model, agent, onceModel });
      navigate(pathOfConversation(id));
    },
    [client, conversationId, choice],
  );
  const activity = open === undefined ? ({ type: 'idle' } as const) : activityOf(open.view);
  const stop = (): void => {
    if (conversationId === null || activity.type === 'idle') return;
    client.cancel(conversationId, activity.type === 'answering' ? activity.answer.id : null);
  };
  useEscape(stop, activity.type !== 'idle');
  const agent = open === undefined ? (choice.agent ?? 'assistant') : open.view.agent;
  const { submit, ...menuSources } = usePageCommands({
    ...{ choose, conversationId, send, view: open?.view, onSaid: setSaid },
    go: navigate,
    open: (name, about) => setDialog({ name, agent: about }),
  });
  return (
    <>
      {conversationId === null ? (
        <EmptyState onSend={send} />
      ) : (
        <ConversationScroller key={conversationId} {...{ open, activity }} onSend={send} />
      )}
      <div className="composer-place">
        {said !== null && <SaidNote said={said} />}
        <Composer
          key={conversationId ?? 'new'}
          conversationId={conversationId}
          isRunning={activity.type !== 'idle'}
          maxChars={maxChars}
          menuSources={menuSources}
          onSend={submit}
          onStop={stop}
        >
          <ModelPicker
            model={open === undefined ? (choice.model ?? null) : open.view.model}
            onSelect={(model) => choose({ model })}
          />
          <AgentPicker agent={agent} onSelect={(agent) => choose({ agent })} />
        </Composer>
      </div>
      {dialog !== null && (
        <CommandDialog
          name={dialog.name}
          agent={agent}
          named={dialog.agent}
          commands={menuSources.commands}
          onChooseAgent={(chosen) => choose({ agent: chosen })}
          onClose={() => setDialog(null)}
        />
      )}
    </>
  );
}

function SaidNote({ said: { isProblem, sentence } }: { said: Said }) {
  return (
    <p className={isProblem ? 'note note-bad' : 'note'} role={isProblem ? 'alert' : 'status'}>
      {sentence}
    </p>
  );
}
