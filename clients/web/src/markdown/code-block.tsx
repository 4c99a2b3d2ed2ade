import { isValidElement, type ReactNode, useRef } from 'react';
import { CopyButton } from '../elements/copy-button.tsx';

function languageOf(code: ReactNode): string {
  if (!isValidElement<{ className?: string }>(code)) return '';
  return /language-(\S+)/.exec(code.props.className ?? '')?.[1] ?? '';
}

/** A block of code with its language and a button that copies it. */
export function CodeBlock({ children }: { children?: ReactNode }) {
  const block = useRef<HTMLPreElement>(null);
  return (
    <div className="code-block">
      <div className="code-head">
        <span>{languageOf(children)}</span>
        <CopyButton label="Copy this code" textOf={() => block.current?.textContent ?? ''} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: wide code must scroll by keyboard too */}
      <pre ref={block} tabIndex={0}>
        {children}
      </pre>
    </div>
  );
}
