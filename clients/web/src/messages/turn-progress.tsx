import { Tessera } from '../routing/tessera.tsx';

interface TurnProgressProps {
  /** Null while the router still chooses. */
  readonly provider: string | null;
  readonly label: string;
  readonly reason?: string;
}

/** The line under an answer that is being made: routing, then who answers and why. */
export function TurnProgress({ provider, label, reason }: TurnProgressProps) {
  return (
    <p className="turn-progress" role="status">
      {provider === null ? (
        <span className="tessera tessera-open" />
      ) : (
        <Tessera provider={provider} />
      )}
      <span className="text-ink">{label}</span>
      {reason !== undefined && reason !== '' && <span>{reason}</span>}
    </p>
  );
}
