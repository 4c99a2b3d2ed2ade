import type { MessageBlock } from '@mosaic/proto';
import { memo } from 'react';
import { MarkdownText } from '../markdown/markdown-text.tsx';
import { ToolCard } from './tool-card.tsx';

interface AnswerBlockProps {
  readonly block: MessageBlock;
  readonly isGrowing: boolean;
}

/** One piece of an answer: text, thoughts or a tool call. */
export const AnswerBlock = memo(function AnswerBlock({ block, isGrowing }: AnswerBlockProps) {
  switch (block.type) {
    case 'text':
      return <MarkdownText text={block.text} isGrowing={isGrowing} />;
    case 'reasoning':
      return (
        <details className="thoughts">
          <summary>{isGrowing ? 'thinking …' : 'thoughts'}</summary>
          <p>{block.text}</p>
        </details>
      );
    case 'tool':
      return <ToolCard block={block} />;
    default:
      return block satisfies never;
  }
});
