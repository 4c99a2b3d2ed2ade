import { type ProvidersReply, toMosaicError } from '@mosaic/proto';
import { useCallback, useEffect, useState } from 'react';
import { fetchProviders } from '../rest/providers.ts';
import { ProviderCard } from './provider-card.tsx';

/** The vendors, and keys of one's own for them. */
export function ProvidersPage() {
  const [shown, setShown] = useState<ProvidersReply | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const refresh = useCallback((): void => {
    fetchProviders().then(
      (reply) => {
        setShown(reply);
        setProblem(null);
      },
      (error: unknown) => setProblem(toMosaicError(error).message),
    );
  }, []);
  useEffect(refresh, [refresh]);
  const why = problem ?? shown?.problem ?? null;
  return (
    <div className="view">
      <div className="view-column">
        <p className="text-dim">
          A key of your own is used for your messages alone, before the one of this Mosaic. It is
          kept encrypted, and nobody can read it here again, not even you.
        </p>
        {why !== null && (
          <p role="alert" className="note note-bad">
            {why}
          </p>
        )}
        {shown?.providers.map((provider) => (
          <ProviderCard
            key={provider.name}
            provider={provider}
            canKeep={shown.problem === null}
            onChange={refresh}
          />
        ))}
      </div>
    </div>
  );
}
