import { useEffect } from 'react';
import { Logo } from '../elements/logo.tsx';

const askEveryMs = 3_000;

/** Shown when the gateway does not answer at all; goes on by itself when it does. */
export function UnreachablePage({ onAsk }: { onAsk: () => Promise<unknown> }) {
  useEffect(() => {
    const timer = setInterval(() => void onAsk(), askEveryMs);
    return () => clearInterval(timer);
  }, [onAsk]);
  return (
    <main className="grid min-h-dvh place-items-center p-5">
      <div className="grid max-w-sm gap-4" role="status">
        <Logo />
        <h1 className="text-2xl font-semibold tracking-tight">Mosaic is out of reach</h1>
        <p className="text-dim">It may be starting. This page goes on by itself when it answers.</p>
      </div>
    </main>
  );
}
