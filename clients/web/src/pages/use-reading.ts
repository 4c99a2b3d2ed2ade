import { toMosaicError } from '@mosaic/proto';
import { useCallback, useEffect, useState } from 'react';

interface Reading<Value> {
  /** Null while it is not known. */
  readonly value: Value | null;
  /** Why it could not be read, for people. */
  readonly problem: string | null;
  readonly refresh: () => void;
}

/** Something of the gateway that a page shows: read when it opens, and again on demand. */
export function useReading<Value>(read: () => Promise<Value>): Reading<Value> {
  const [value, setValue] = useState<Value | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const refresh = useCallback((): void => {
    read().then(
      (known) => {
        setValue(known);
        setProblem(null);
      },
      (error: unknown) => setProblem(toMosaicError(error).message),
    );
  }, [read]);
  useEffect(refresh, [refresh]);
  return { value, problem, refresh };
}
