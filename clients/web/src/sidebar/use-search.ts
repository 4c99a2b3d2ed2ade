import { useEffect, useState } from 'react';
import { findInConversations, type SearchHit } from '../rest/conversations.ts';

const restMs = 200;

/** Hits for a query, asked for when typing rests; null while they are not known. */
export function useSearch(query: string): readonly SearchHit[] | null {
  const [hits, setHits] = useState<readonly SearchHit[] | null>(null);
  useEffect(() => {
    setHits(null);
    if (query === '') return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      findInConversations(query, abort.signal).then(setHits, (error: unknown) => {
        if (abort.signal.aborted) return;
        console.warn('search failed', error);
        setHits([]);
      });
    }, restMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [query]);
  return hits;
}
