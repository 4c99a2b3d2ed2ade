import { formatDuration, type ToolBlock } from '@mosaic/proto';

function stateOf({ output, isError, durationMs }: ToolBlock): string {
  if (output === null) return 'running …';
  const took = durationMs === null ? '' : formatDuration(durationMs);
  return isError ? `failed after ${took}` : took;
}

/** The arguments on one line, for the closed card. */
function inOneLine(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

/** One call of a tool; arguments and result are folded away. */
export function ToolCard({ block }: { block: ToolBlock }) {
  return (
    <details className="tool-card" data-error={block.isError}>
      <summary>
        <span className="font-mono font-medium">{block.name}</span>
        <span className="truncate font-mono text-dim">{inOneLine(block.arguments)}</span>
        <span className="ml-auto shrink-0 text-dim">{stateOf(block)}</span>
      </summary>
      <pre>{JSON.stringify(block.arguments, null, 2)}</pre>
      {block.output !== null && <pre>{block.output}</pre>}
    </details>
  );
}
