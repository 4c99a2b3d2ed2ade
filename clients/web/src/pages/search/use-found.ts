import { toMosaicError } from '@mosaic/proto';
import { useEffect, useState } from 'react';
import { type SearchReply, searchEverything } from '../../rest/search.ts';

const restMs = 250;

interface Found {
  /** Null while it is not known. */
  readonly found: SearchReply | null;
  readonly problem: string | null;
}

const unknown: Found = { found: null, problem: null };

/** What is found for a text, asked for when typing rests. */
export function useFound(words: string): Found {
  const [state, setState] = useState<Found>(unknown);
  useEffect(() => {
    setState(unknown);
    if (words === '') return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      searchEverything(words, abort.signal).then(
        (found) => setState({ found, problem: null }),
        (error: unknown) => {
          if (!abort.signal.aborted) {
            setState({ found: null, problem: toMosaicError(error).message });
          }
        },
      );
    }, restMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [words]);
  return state;
}
