import { useEffect, useState } from 'react';
import { ChatPane } from './conversation/chat-pane.tsx';
import { Notices } from './conversation/notices.tsx';
import { IconButton } from './elements/icon-button.tsx';
import { useEscape } from './elements/use-escape.ts';
import { conversationOfPath } from './navigation/conversation-path.ts';
import { providersPath } from './navigation/providers-path.ts';
import { navigate, onNavigate, usePath } from './navigation/use-path.ts';
import { ProvidersPage } from './providers/providers-page.tsx';
import { titleOf } from './sidebar/list-lines.ts';
import { Sidebar } from './sidebar/sidebar.tsx';
import { useTransport } from './transport/client-context.ts';

/** List and conversation side by side; on a phone the list is a drawer. */
export function ChatPage({ onSignOut }: { onSignOut: () => void }) {
  const path = usePath();
  const shownId = conversationOfPath(path);
  const view = useTransport((state) => state.conversations[shownId ?? '']?.view);
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  const isProviders = path === providersPath;
  const title = isProviders ? 'Providers' : view === undefined ? 'New conversation' : titleOf(view);

  useEffect(() => onNavigate(() => setDrawerOpen(false)), []);
  useEffect(() => {
    document.title = shownId === null && !isProviders ? 'Mosaic' : `${title} – Mosaic`;
  }, [shownId, isProviders, title]);
  useEffect(() => {
    if (view?.isDeleted) navigate('/');
  }, [view?.isDeleted]);
  useEscape(() => setDrawerOpen(false), isDrawerOpen);

  return (
    <div className="page" data-drawer={isDrawerOpen}>
      <Sidebar shownId={shownId} onSignOut={onSignOut} onNew={() => navigate('/')} />
      {isDrawerOpen && (
        <button
          type="button"
          className="drawer-shade"
          aria-label="Close the list"
          onClick={() => setDrawerOpen(false)}
        />
      )}
      <main className="chat">
        <header className="chat-head">
          <IconButton
            icon="menu"
            label="Conversations"
            className="md:hidden"
            isExpanded={isDrawerOpen}
            onPress={() => setDrawerOpen(true)}
          />
          <h2 className="truncate">{title}</h2>
          <IconButton
            icon="plus"
            label="New conversation"
            className="ml-auto md:hidden"
            onPress={() => navigate('/')}
          />
        </header>
        <Notices />
        {isProviders ? <ProvidersPage /> : <ChatPane conversationId={shownId} />}
      </main>
    </div>
  );
}
