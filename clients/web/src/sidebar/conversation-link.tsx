import type { ReactNode } from 'react';
import { pathOfConversation } from '../navigation/conversation-path.ts';
import { PageLink } from '../navigation/page-link.tsx';

interface ConversationLinkProps {
  readonly id: string;
  readonly isShown: boolean;
  readonly children: ReactNode;
}

export function ConversationLink({ id, isShown, children }: ConversationLinkProps) {
  return (
    <PageLink className="row-link" path={pathOfConversation(id)} isShown={isShown}>
      {children}
    </PageLink>
  );
}
