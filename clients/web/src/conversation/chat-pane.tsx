import { toMosaicError } from '@mosaic/proto';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { usePageCommands } from '../commands/use-page-commands.ts';
import { AgentPicker } from '../composer/agent-picker.tsx';
import { Composer } from '../composer/composer.tsx';
import { ModelPicker } from '../composer/model-picker.tsx';
import { useEscape } from '../elements/use-escape.ts';
import { pathOfConversation } from '../navigation/conversation-path.ts';
import { navigate } from '../navigation/use-path.ts';
import { updateConversation } from '../rest/conversations.ts';
import { ConversationProvider } from '../routing/conversation-context.ts';
import { useClient, useTransport } from '../transport/client-context.ts';
import { EmptyState } from '../welcome/empty-state.tsx';
import { ConversationScroller } from './conversation-scroller.tsx';
import { activityOf } from './running-turn.ts';

interface Choice {
  readonly model?: string | null;
  readonly agent?: string;
}

const defaultMaxChars = 400_000;

/** One conversation, or the page that begins one when `conversationId` is null. */
export function ChatPane({ conversationId }: { conversationId: string | null }): ReactNode {
  const client = useClient();
  const open = useTransport((state) => state.conversations[conversationId ?? '']);
  const maxChars = useTransport((state) => state.welcome?.maxMessageChars ?? defaultMaxChars);
  const [choice, setChoice] = useState<Choice>({});
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    client.show(conversationId);
    setChoice({});
    setProblem(null);
  }, [client, conversationId]);

  const send = useCallback(
    (text: string): void => {
      const { model = null, agent = null } = choice;
      const id = client.send({ conversationId, text, model, agent });
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
  const choose = (next: Choice): void => {
    setProblem(null);
    if (conversationId === null) {
      setChoice({ ...choice, ...next });
      return;
    }
    updateConversation(conversationId, next).catch((error: unknown) =>
      setProblem(toMosaicError(error).message),
    );
  };
  const { commands, submit } = usePageCommands({
    ...{ choose, conversationId, send, view: open?.view, onSaid: setProblem },
  });
  return (
    <>
      {conversationId === null ? (
        <EmptyState onSend={send} />
      ) : (
        <ConversationProvider value={conversationId}>
          <ConversationScroller
            key={conversationId}
            open={open}
            activity={activity}
            onSend={send}
          />
        </ConversationProvider>
      )}
      <div className="composer-place">
        {problem !== null && (
          <p className="note note-bad" role="alert">
            {problem}
          </p>
        )}
        <Composer
          key={conversationId ?? 'new'}
          conversationId={conversationId}
          isRunning={activity.type !== 'idle'}
          maxChars={maxChars}
          commands={commands}
          onSend={submit}
          onStop={stop}
        >
          <ModelPicker
            model={open === undefined ? (choice.model ?? null) : open.view.model}
            onSelect={(model) => choose({ model })}
          />
          <AgentPicker
            agent={open === undefined ? (choice.agent ?? 'assistant') : open.view.agent}
            onSelect={(agent) => choose({ agent })}
          />
        </Composer>
      </div>
    </>
  );
}
