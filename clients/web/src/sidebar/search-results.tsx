import { plainPassage } from '@mosaic/proto';
import type { SearchHit } from '../rest/conversations.ts';
import { ConversationLink } from './conversation-link.tsx';

interface SearchResultsProps {
  readonly hits: readonly SearchHit[] | null;
  readonly shownId: string | null;
}

/** The snippet with the words found marked; the server puts them between « and ». */
function Snippet({ text }: { text: string }) {
  return (
    <span className="snippet">
      {plainPassage(text)
        .split(/(«[^»]*»)/)
        .map((part, index) =>
          part.startsWith('«') ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts of one fixed text
            <mark key={index}>{part.slice(1, -1)}</mark>
          ) : (
            part
          ),
        )}
    </span>
  );
}

/** Messages in which the words occur; null while they are looked for. */
export function SearchResults({ hits, shownId }: SearchResultsProps) {
  if (hits === null) return <p className="px-3 py-2 text-sm text-dim">searching …</p>;
  if (hits.length === 0) return <p className="px-3 py-2 text-sm text-dim">Nothing found</p>;
  return (
    <ul className="rows">
      {hits.map(({ conversationId, messageId, title, snippet }) => (
        <li key={`${conversationId} ${messageId}`} className="row">
          <ConversationLink
            id={conversationId}
            messageId={messageId}
            isShown={conversationId === shownId}
          >
            <span className="grid min-w-0 gap-0.5">
              <span className="truncate">{title ?? 'New conversation'}</span>
              <Snippet text={snippet} />
            </span>
          </ConversationLink>
        </li>
      ))}
    </ul>
  );
}
