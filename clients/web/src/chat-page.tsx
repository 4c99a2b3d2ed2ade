import { useEffect, useState } from 'react';
import { ArrangeButtons } from './conversation/arrange-buttons.tsx';
import { ChatPane } from './conversation/chat-pane.tsx';
import { Notices } from './conversation/notices.tsx';
import { IconButton } from './elements/icon-button.tsx';
import { useEscape } from './elements/use-escape.ts';
import { conversationOfPath } from './navigation/conversation-path.ts';
import { navigate, onNavigate, usePath } from './navigation/use-path.ts';
import { pageOfPath } from './pages/page-of-path.ts';
import { titleOf } from './sidebar/list-lines.ts';
import { Sidebar } from './sidebar/sidebar.tsx';
import { useTransport } from './transport/client-context.ts';

/** List and conversation side by side; on a phone the list is a drawer. */
export function ChatPage({ onSignOut }: { onSignOut: () => void }) {
  const path = usePath();
  const shownId = conversationOfPath(path);
  const view = useTransport((state) => state.conversations[shownId ?? '']?.view);
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  const page = pageOfPath(path);
  const title = page?.title ?? (view === undefined ? 'New conversation' : titleOf(view));

  useEffect(() => onNavigate(() => setDrawerOpen(false)), []);
  useEffect(() => {
    document.title = path === '/' ? 'Mosaic' : `${title} – Mosaic`;
  }, [path, title]);
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
          {view !== undefined && page === undefined && <ArrangeButtons view={view} />}
          <IconButton
            icon="plus"
            label="New conversation"
            className={view === undefined ? 'ml-auto md:hidden' : 'md:hidden'}
            onPress={() => navigate('/')}
          />
        </header>
        <Notices />
        {page === undefined ? <ChatPane conversationId={shownId} /> : <page.Page />}
      </main>
    </div>
  );
}
