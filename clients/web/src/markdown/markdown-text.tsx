import { useRef } from 'react';
import remend from 'remend';
import { MarkdownBlock } from './markdown-block.tsx';
import { emptySplit, type SplitText, splitBlocks } from './split-blocks.ts';

/** Markdown that may still be growing: closed blocks stay as they are, only the last one is redone. */
export function MarkdownText({ text, isGrowing }: { text: string; isGrowing: boolean }) {
  const earlier = useRef<SplitText>(emptySplit);
  const split = splitBlocks(text, earlier.current);
  earlier.current = split;
  const open = isGrowing ? remend(split.open, { linkMode: 'text-only' }) : split.open;
  return (
    <div className="prose" data-growing={isGrowing}>
      {split.closed.map((source, index) => (
        // A closed block never moves: its place is its identity.
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks are only ever appended
        <MarkdownBlock key={index} source={source} />
      ))}
      <MarkdownBlock key={split.closed.length} source={open} />
    </div>
  );
}
