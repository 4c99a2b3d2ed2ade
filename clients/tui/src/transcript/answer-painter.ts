import type { AnswerView, MessageBlock } from '@mosaic/proto';
import { StreamingMarkdown } from '../markdown/streaming-markdown.ts';
import { dim, italic } from '../screen/style.ts';
import { isFinished } from '../state/running-turn.ts';
import { oneLine } from '../text/neutralise-controls.ts';
import { endingLines, restartLines, thoughtLines, toolLines } from './message-lines.ts';

export interface PaintedLines {
  /** To be printed once, for good. */
  readonly commit: readonly string[];
  /** Still changing. */
  readonly live: readonly string[];
}

export interface AnswerContext {
  readonly width: number;
  readonly isThinkingShown: boolean;
  /** Why this run took over, when it did. */
  readonly restartWhy: string | undefined;
}

/** Paints one answer as it grows: every block is handed out once, when it can't change any more. */
export class AnswerPainter {
  #run: string | null = null;
  #blocksDone = 0;
  #markdown = new StreamingMarkdown();
  #lastKind: MessageBlock['type'] | null = null;
  /** As it was when the run began: a change in the middle would shift what counts as done. */
  #isThinkingShown = false;

  paint(answer: AnswerView, context: AnswerContext): PaintedLines {
    const { restartWhy, width } = context;
    const commit: string[] = [];
    if (this.#run !== null && this.#run !== answer.id) {
      commit.push('', ...restartLines(restartWhy, width));
      this.#restart();
    }
    if (this.#run !== answer.id) this.#isThinkingShown = context.isThinkingShown;
    this.#run = answer.id;
    const live: string[] = [];
    const blocks = answer.blocks.filter(
      (block) => this.#isThinkingShown || block.type !== 'reasoning',
    );
    for (const [index, block] of blocks.entries()) {
      if (index < this.#blocksDone) continue;
      if (live.length > 0) {
        live.push(...this.#preview(block, width));
        continue;
      }
      const isClosed = isFinished(answer) || canGrowNoMore(block, blocks[index + 1]);
      const painted = this.#paintBlock(block, { width, isClosed });
      commit.push(...painted.commit);
      live.push(...painted.live);
      if (isClosed) this.#finishBlock();
    }
    if (isFinished(answer)) return { commit: [...commit, ...endingLines(answer, width)], live: [] };
    return { commit, live: this.#isThinkingShown ? live : [...live, ...thinkingLines(answer)] };
  }

  #restart(): void {
    this.#blocksDone = 0;
    this.#markdown = new StreamingMarkdown();
    this.#lastKind = null;
  }

  #finishBlock(): void {
    this.#blocksDone += 1;
    this.#markdown = new StreamingMarkdown();
  }

  #paintBlock(
    block: MessageBlock,
    { width, isClosed }: { width: number; isClosed: boolean },
  ): PaintedLines {
    if (block.type !== 'text') {
      const shown = block.type === 'tool' ? toolLines(block, width) : thoughtLines(block, width);
      const lines = [...this.#gapBefore(block.type), ...shown];
      if (isClosed) this.#lastKind = block.type;
      return isClosed ? { commit: lines, live: [] } : { commit: [], live: lines };
    }
    const { closed, open } = this.#markdown.render(block.text, { width, isFinal: isClosed });
    const gap = this.#gapBefore('text');
    if (closed.length > 0) {
      this.#lastKind = 'text';
      return { commit: [...gap, ...closed], live: open };
    }
    return { commit: [], live: open.length === 0 ? [] : [...gap, ...open] };
  }

  /** A blank line, except inside a text and between two tool calls. */
  #gapBefore(kind: MessageBlock['type']): string[] {
    return kind === this.#lastKind ? [] : [''];
  }

  /** A block behind one that is still open. */
  #preview(block: MessageBlock, width: number): readonly string[] {
    return block.type === 'tool' ? toolLines(block, width) : [];
  }
}

/** The text of a step may grow until the step's tools are called or the next step begins. */
function canGrowNoMore(block: MessageBlock, next: MessageBlock | undefined): boolean {
  return block.type === 'tool' ? block.output !== null : next !== undefined;
}

function thinkingLines(answer: AnswerView): string[] {
  const last = answer.blocks.at(-1);
  if (last?.type !== 'reasoning') return [];
  return ['', dim(italic(`thinking: …${oneLine(last.text.slice(-400)).slice(-70)}`))];
}
