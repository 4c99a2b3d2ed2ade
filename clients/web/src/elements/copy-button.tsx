import { useEffect, useState } from 'react';
import { copyText } from './copy-text.ts';
import { Icon } from './icon.tsx';

const confirmMs = 2_500;

interface CopyButtonProps {
  readonly label: string;
  /** Asked for when the button is pressed. */
  readonly textOf: () => string;
}

/** Copies, and says how that went where the button stands. */
export function CopyButton({ label, textOf }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copy' | 'copied' | 'not copied'>('copy');
  useEffect(() => {
    if (outcome === 'copy') return undefined;
    const timer = setTimeout(() => setOutcome('copy'), confirmMs);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async (): Promise<void> =>
    setOutcome((await copyText(textOf())) ? 'copied' : 'not copied');
  return (
    <button
      type="button"
      className="quiet-button"
      aria-label={outcome === 'copy' ? label : outcome}
      onClick={() => void copy()}
    >
      <Icon name={outcome === 'copied' ? 'check' : 'copy'} />
      {outcome}
    </button>
  );
}
