import { isValidElement, type ReactNode, useEffect, useRef, useState } from 'react';
import { Icon } from '../elements/icon.tsx';

const confirmMs = 1_600;

function languageOf(code: ReactNode): string {
  if (!isValidElement<{ className?: string }>(code)) return '';
  return /language-(\S+)/.exec(code.props.className ?? '')?.[1] ?? '';
}

/** A block of code with its language and a button that copies it. */
export function CodeBlock({ children }: { children?: ReactNode }) {
  const block = useRef<HTMLPreElement>(null);
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), confirmMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(block.current?.textContent ?? '');
    setCopied(true);
  };
  return (
    <div className="code-block">
      <div className="code-head">
        <span>{languageOf(children)}</span>
        <button type="button" className="quiet-button" onClick={() => void copy()}>
          <Icon name={isCopied ? 'check' : 'copy'} />
          {isCopied ? 'copied' : 'copy'}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: wide code must scroll by keyboard too */}
      <pre ref={block} tabIndex={0}>
        {children}
      </pre>
    </div>
  );
}
