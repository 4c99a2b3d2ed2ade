import { type ConversationView, toMosaicError } from '@mosaic/proto';
import { useState } from 'react';
import { IconButton } from '../elements/icon-button.tsx';
import { updateConversation } from '../rest/conversations.ts';

/** How the shown conversation is kept, and the buttons that change it. */
export function ArrangeButtons({ view }: { view: ConversationView }) {
  const [problem, setProblem] = useState<string | null>(null);
  const { id, isArchived, isIncognito, isPinned } = view;
  const change = (changes: {
    readonly isPinned?: boolean;
    readonly isArchived?: boolean;
  }): void => {
    setProblem(null);
    updateConversation(id, changes).catch((error: unknown) =>
      setProblem(toMosaicError(error).message),
    );
  };
  return (
    <span className="ml-auto flex shrink-0 items-center gap-1">
      {problem !== null && (
        <span role="alert" className="text-sm text-bad">
          {problem}
        </span>
      )}
      {isIncognito && <span className="badge">incognito</span>}
      {isArchived && <span className="badge">archived</span>}
      <IconButton
        icon="pin"
        label={isPinned ? 'Unpin' : 'Pin'}
        isPressed={isPinned}
        onPress={() => change({ isPinned: !isPinned })}
      />
      <IconButton
        icon="archive"
        label={isArchived ? 'Bring back from the archive' : 'Archive'}
        isPressed={isArchived}
        onPress={() => change({ isArchived: !isArchived })}
      />
    </span>
  );
}
