import type { ApprovalAnswer, ToolBlock } from '@mosaic/proto';
import {
  decodeKittyPrintable,
  matchesKey,
  truncateToWidth,
  wrapTextWithAnsi,
} from '../../screen/pi-tui.ts';
import { bold, cyan, dim, yellow } from '../../screen/style.ts';
import { approvalAnswers, approvalQuestion } from '../../text/approval-question.ts';
import type { Overlay } from './overlay.ts';

export interface ApprovalDialogOptions {
  readonly call: ToolBlock;
  onAnswer(answer: ApprovalAnswer): void;
  /** Esc: the whole answer is stopped. */
  onStop(): void;
  onDetails(): void;
}

/**
 * What is typed in the first moment was meant for the editor, whose place the question takes: an Enter
 * must not allow what nobody has read.
 */
const deafMs = 600;

/** Asks whether a tool call may run. "Deny" is marked first, so a stray Enter allows nothing. */
export class ApprovalDialog implements Overlay {
  readonly callId: string;
  readonly #options: ApprovalDialogOptions;
  readonly #openedAt = performance.now();
  #marked = approvalAnswers.length - 1;

  constructor(options: ApprovalDialogOptions) {
    this.#options = options;
    this.callId = options.call.callId;
  }

  render(width: number, rows: number): readonly string[] {
    const { covers, details, title } = approvalQuestion(this.#options.call, Date.now());
    const choices = approvalAnswers.map(({ answer, words }, index) => {
      const what = answer === 'conversation' && covers !== '' ? `${words}: ${covers}` : words;
      const line = `${index + 1}. ${what}`;
      return index === this.#marked ? cyan(`→ ${line}`) : `  ${line}`;
    });
    const keys = dim('1 2 3, or ↑↓ Enter · Ctrl+O shows it whole · Esc stops the answer');
    const room = Math.max(1, rows - choices.length - 2);
    const body = details.flatMap((line) => wrapTextWithAnsi(line, width));
    const isCut = body.length > room;
    const shown = isCut ? [...body.slice(0, room - 1), dim('  … (Ctrl+O)')] : body;
    return [bold(yellow(title)), ...shown, ...choices, keys].map((line) =>
      truncateToWidth(line, width, '…'),
    );
  }

  handleInput(data: string): void {
    if (performance.now() - this.#openedAt < deafMs) return;
    const last = approvalAnswers.length - 1;
    const numbered = approvalAnswers[Number(decodeKittyPrintable(data) ?? data) - 1];
    if (numbered !== undefined) this.#options.onAnswer(numbered.answer);
    else if (matchesKey(data, 'up')) this.#marked = Math.max(0, this.#marked - 1);
    else if (matchesKey(data, 'down')) this.#marked = Math.min(last, this.#marked + 1);
    else if (matchesKey(data, 'ctrl+o')) this.#options.onDetails();
    else if (matchesKey(data, 'escape') || matchesKey(data, 'ctrl+c')) this.#options.onStop();
    else if (matchesKey(data, 'enter')) {
      const marked = approvalAnswers[this.#marked];
      if (marked !== undefined) this.#options.onAnswer(marked.answer);
    }
  }
}
