import { plainPassage, type Recalled } from '@mosaic/proto';
import { useState } from 'react';
import { Icon } from '../../elements/icon.tsx';
import { formatFullMoment } from '../../format/format-time.ts';
import { pathOfMessage } from '../../navigation/conversation-path.ts';
import { PageLink } from '../../navigation/page-link.tsx';
import { memoryPath } from '../../navigation/page-paths.ts';
import { useQuery } from '../../navigation/use-path.ts';
import { View } from '../view.tsx';
import { Marked } from './marked.tsx';
import { useFound } from './use-found.ts';

/** Messages and memories that answer a text, each with the way to where it was said. */
export function SearchPage() {
  const asked = useQuery();
  const [typed, setTyped] = useState<{ readonly asked: string; readonly words: string }>({
    asked,
    words: asked,
  });
  // Asked anew by a command: what was typed before is over.
  const words = typed.asked === asked ? typed.words : asked;
  const { found, problem } = useFound(words.trim());
  return (
    <View problem={problem} isLoading={found === null && words.trim() !== ''}>
      <label className="search-box">
        <Icon name="search" />
        <span className="sr-only">Search everything</span>
        <input
          type="search"
          placeholder="What was said about …"
          // biome-ignore lint/a11y/noAutofocus: this page is for typing here
          autoFocus
          value={words}
          onChange={(event) => setTyped({ asked, words: event.target.value })}
        />
      </label>
      {found !== null && (
        <p className="text-sm text-dim" role="status">
          {found.passages.length === 0 ? 'Nothing is found. ' : ''}
          {found.signals.note}
        </p>
      )}
      <ul className="lines" aria-label="Found">
        {found?.passages.map((passage) => (
          <li key={`${passage.source} ${passage.id}`}>
            <FoundLine passage={passage} words={words} />
          </li>
        ))}
      </ul>
    </View>
  );
}

const whose = ({ role, source }: Recalled): string =>
  source === 'memory' ? 'remembered' : role === 'user' ? 'you' : 'answer';

function FoundLine({ passage, words }: { passage: Recalled; words: string }) {
  const { conversationId, id, saidAt, source, text, title } = passage;
  const path =
    conversationId === undefined
      ? memoryPath
      : pathOfMessage(conversationId, source === 'message' ? id : undefined);
  return (
    <>
      <PageLink path={path} isShown={false} className="link-button font-medium">
        {title ?? (source === 'memory' ? 'Memory' : 'Conversation')}
      </PageLink>
      <p className="passage">
        <Marked text={plainPassage(text)} words={words} />
      </p>
      <p className="line-foot">
        <span className="badge">{whose(passage)}</span>
        <time dateTime={saidAt}>{formatFullMoment(saidAt)}</time>
      </p>
    </>
  );
}
