import { isValidElement, type ReactNode, useEffect, useRef, useState } from 'react';
import { Icon } from '../elements/icon.tsx';

const confirmMs = 2_500;

/** What the button says: what it does, then how that went. */
type Outcome = 'copy' | 'copied' | 'marked: press Ctrl+C';

function languageOf(code: ReactNode): string {
  if (!isValidElement<{ className?: string }>(code)) return '';
  return /language-(\S+)/.exec(code.props.className ?? '')?.[1] ?? '';
}

/** A block of code with its language and a button that copies it. */
export function CodeBlock({ children }: { children?: ReactNode }) {
  const block = useRef<HTMLPreElement>(null);
  const [outcome, setOutcome] = useState<Outcome>('copy');
  useEffect(() => {
    if (outcome === 'copy') return undefined;
    const timer = setTimeout(() => setOutcome('copy'), confirmMs);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async (): Promise<void> => {
    const pre = block.current;
    if (pre === null) return;
    try {
      await navigator.clipboard.writeText(pre.textContent);
      setOutcome('copied');
    } catch {
      // Browsers have no clipboard on plain http: the text is marked, so that the keys copy it.
      getSelection()?.selectAllChildren(pre);
      setOutcome('marked: press Ctrl+C');
    }
  };
  return (
    <div className="code-block">
      <div className="code-head">
        <span>{languageOf(children)}</span>
        <button type="button" className="quiet-button" onClick={() => void copy()}>
          <Icon name={outcome === 'copied' ? 'check' : 'copy'} />
          {outcome}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: wide code must scroll by keyboard too */}
      <pre ref={block} tabIndex={0}>
        {children}
      </pre>
    </div>
  );
}
