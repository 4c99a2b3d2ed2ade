import { toMosaicError } from '@mosaic/proto';
import { type Ref, useState } from 'react';
import { Icon } from '../elements/icon.tsx';
import { Logo } from '../elements/logo.tsx';
import { PageLink } from '../navigation/page-link.tsx';
import { searchPath, searchPathFor } from '../navigation/page-paths.ts';
import { navigate, usePath } from '../navigation/use-path.ts';
import { pages } from '../pages/page-of-path.ts';
import { deleteConversation, updateConversation } from '../rest/conversations.ts';
import { useTransport } from '../transport/client-context.ts';
import { ConversationRow } from './conversation-row.tsx';
import { listLines } from './list-lines.ts';
import { SearchResults } from './search-results.tsx';
import { useConversationList } from './use-conversation-list.ts';
import { useSearch } from './use-search.ts';

interface SidebarProps {
  readonly ref: Ref<HTMLElement>;
  readonly shownId: string | null;
  readonly onSignOut: () => void;
  /** Called when the person starts a new conversation. */
  readonly onNew: () => void;
}

/** All conversations: find, open, begin, rename, delete. */
export function Sidebar({ ref, shownId, onSignOut, onNew }: SidebarProps) {
  const [query, setQuery] = useState('');
  const [isArchive, setArchive] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const path = usePath();
  const hits = useSearch(query.trim());
  const view = useTransport((state) => state.conversations[shownId ?? '']?.view);
  const user = useTransport((state) => state.welcome?.user);
  const list = useConversationList(shownId, isArchive ? 'only' : 'without');
  const { conversations, refresh } = list;

  const change = (work: Promise<void>): void => {
    setProblem(null);
    work.then(refresh, (error: unknown) => setProblem(toMosaicError(error).message));
  };
  const remove = (id: string): void => {
    change(deleteConversation(id));
    if (id === shownId) navigate('/');
  };
  return (
    <nav ref={ref} className="sidebar" aria-label="Conversations">
      <div className="flex items-center gap-2.5 px-3 pt-4 pb-3 font-semibold">
        <Logo /> Mosaic
      </div>
      <div className="grid gap-2 px-3 pb-3">
        <button type="button" className="new-button" onClick={onNew}>
          <Icon name="plus" /> New conversation
        </button>
        <label className="search-box">
          <Icon name="search" />
          <span className="sr-only">Search conversations</span>
          <input
            type="search"
            placeholder="Search"
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
        </label>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-1.5 pb-3">
        {problem !== null && (
          <p className="note note-bad mx-1.5" role="alert">
            {problem}
          </p>
        )}
        {list.problem !== null && (
          <p className="note mx-1.5" role="status">
            The list is not up to date: {list.problem}
          </p>
        )}
        {query.trim() === '' ? (
          <ul className="rows" aria-label={isArchive ? 'Archived conversations' : 'Conversations'}>
            {listLines(conversations, isArchive ? undefined : view).map((line) => (
              <li key={line.id}>
                <ConversationRow
                  line={line}
                  isShown={line.id === shownId}
                  onRename={(id, title) => change(updateConversation(id, { title }))}
                  onDelete={remove}
                />
              </li>
            ))}
          </ul>
        ) : (
          <SearchResults hits={hits} shownId={shownId} />
        )}
        <p className="px-3 pt-3 text-sm">
          {query.trim() === '' ? (
            <button type="button" className="link-button" onClick={() => setArchive(!isArchive)}>
              {isArchive ? 'Back to all' : 'Archived'}
            </button>
          ) : (
            <PageLink className="link-button" path={searchPathFor(query.trim())} isShown={false}>
              Search by meaning, and in memories
            </PageLink>
          )}
        </p>
      </div>
      <div className="flex flex-wrap gap-x-4 gap-y-1 border-t border-line px-4 pt-3 text-sm">
        {pages
          .filter((page) => page.path !== searchPath)
          .map((page) => (
            <PageLink
              key={page.path}
              className="link-button"
              path={page.path}
              isShown={path === page.path}
            >
              {page.title}
            </PageLink>
          ))}
      </div>
      <div className="flex items-center gap-3 px-4 pt-1 pb-3 text-sm">
        <span className="truncate">{user?.name ?? ''}</span>
        <button type="button" className="link-button ml-auto shrink-0" onClick={onSignOut}>
          Sign out
        </button>
      </div>
    </nav>
  );
}
