import { useEffect, useRef } from 'react';
import { ArrangeButtons } from './conversation/arrange-buttons.tsx';
import { ChatPane } from './conversation/chat-pane.tsx';
import { Notices } from './conversation/notices.tsx';
import { IconButton } from './elements/icon-button.tsx';
import { conversationOfPath } from './navigation/conversation-path.ts';
import { navigate, usePath } from './navigation/use-path.ts';
import { pageOfPath } from './pages/page-of-path.ts';
import { titleOf } from './sidebar/list-lines.ts';
import { Sidebar } from './sidebar/sidebar.tsx';
import { useDrawer } from './sidebar/use-drawer.ts';
import { useTransport } from './transport/client-context.ts';

/** List and conversation side by side; on a phone the list is a drawer. */
export function ChatPage({ onSignOut }: { onSignOut: () => void }) {
  const path = usePath();
  const shownId = conversationOfPath(path);
  const view = useTransport((state) => state.conversations[shownId ?? '']?.view);
  const { close, drawer, isOpen, open, opener } = useDrawer();
  const main = useRef<HTMLElement>(null);
  const page = pageOfPath(path);
  const title = page?.title ?? (view === undefined ? 'New conversation' : titleOf(view));

  useEffect(() => {
    document.title = path === '/' ? 'Mosaic' : `${title} – Mosaic`;
  }, [path, title]);
  useEffect(() => {
    if (view?.isDeleted) navigate('/');
  }, [view?.isDeleted]);

  return (
    <div className="page" data-drawer={isOpen}>
      <button type="button" className="skip-button" onClick={() => main.current?.focus()}>
        Skip the list
      </button>
      <Sidebar ref={drawer} shownId={shownId} onSignOut={onSignOut} onNew={() => navigate('/')} />
      {isOpen && (
        <button
          type="button"
          className="drawer-shade"
          aria-label="Close the list"
          onClick={close}
        />
      )}
      <main className="chat" ref={main} tabIndex={-1} inert={isOpen}>
        <header className="chat-head">
          <IconButton
            icon="menu"
            label="Conversations"
            className="md:hidden"
            isExpanded={isOpen}
            ref={opener}
            onPress={open}
          />
          <h1 className="truncate">{title}</h1>
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
