import type { ReactNode } from 'react';

interface ViewProps {
  readonly problem: string | null;
  readonly isLoading: boolean;
  readonly children: ReactNode;
}

/** A page beside the conversations, with what is wrong on top of it. */
export function View({ problem, isLoading, children }: ViewProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is long must scroll by keyboard too
    <div className="view" tabIndex={0}>
      <div className="view-column">
        {problem !== null && (
          <p role="alert" className="note note-bad">
            {problem}
          </p>
        )}
        {isLoading && problem === null && (
          <p role="status" className="text-dim">
            loading …
          </p>
        )}
        {children}
      </div>
    </div>
  );
}
