import type { ToolBlock } from '@mosaic/proto';
import { ApprovalQuestion } from './approval-question.tsx';
import { inOneLine, stateOf, visibleText } from './describe-call.ts';

/** One call of a tool; arguments and result are folded away, unless a person must decide about it. */
export function ToolCard({ block }: { block: ToolBlock }) {
  const { approval } = block;
  if (approval?.state === 'waiting') {
    return (
      <section className="tool-card" data-waiting="true">
        <ApprovalQuestion block={{ ...block, approval }} />
      </section>
    );
  }
  return (
    <details className="tool-card" data-error={block.isError}>
      <summary>
        <span className="font-mono font-medium">{block.name}</span>
        <span className="truncate font-mono text-dim">{inOneLine(block.arguments)}</span>
        <span className="ml-auto shrink-0 text-dim">{stateOf(block)}</span>
      </summary>
      <pre>{visibleText(block.arguments)}</pre>
      {block.output !== null && <pre>{block.output}</pre>}
    </details>
  );
}
