import type { MouseEvent, ReactNode } from 'react';
import { pathOfConversation } from '../navigation/conversation-path.ts';
import { navigate } from '../navigation/use-path.ts';

interface ConversationLinkProps {
  readonly id: string;
  readonly isShown: boolean;
  readonly children: ReactNode;
}

/** A real link, so that a new tab works; a plain click stays on the page. */
export function ConversationLink({ id, isShown, children }: ConversationLinkProps) {
  const path = pathOfConversation(id);
  const onClick = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    navigate(path);
  };
  return (
    <a
      className="row-link"
      href={path}
      aria-current={isShown ? 'page' : undefined}
      onClick={onClick}
    >
      {children}
    </a>
  );
}
