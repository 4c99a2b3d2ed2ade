import type { ReactNode } from 'react';
import { pathOfMessage } from '../navigation/conversation-path.ts';
import { PageLink } from '../navigation/page-link.tsx';

interface ConversationLinkProps {
  readonly id: string;
  /** The message to go to; else the end. */
  readonly messageId?: string;
  readonly isShown: boolean;
  readonly children: ReactNode;
}

export function ConversationLink({ id, messageId, isShown, children }: ConversationLinkProps) {
  return (
    <PageLink className="row-link" path={pathOfMessage(id, messageId)} isShown={isShown}>
      {children}
    </PageLink>
  );
}
