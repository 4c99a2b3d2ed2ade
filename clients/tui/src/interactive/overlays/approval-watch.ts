import type { ApprovalAnswer } from '@mosaic/proto';
import { waitingApprovals } from '@mosaic/proto/client';
import type { ChatSession } from '../../session/chat-session.ts';
import type { ChatState } from '../../state/chat-state.ts';
import type { PromptScreen } from '../prompt/prompt-screen.ts';
import { ApprovalDialog } from './approval-dialog.ts';

export interface ApprovalWatchOptions {
  readonly screen: Pick<PromptScreen, 'hasOverlay' | 'hint' | 'setOverlay'>;
  readonly session: Pick<ChatSession, 'answerApproval'>;
  onStop(): void;
  onDetails(): void;
}

/** Opens the question of the oldest call that waits, and takes it away when it is decided anywhere. */
export class ApprovalWatch {
  readonly #options: ApprovalWatchOptions;
  #dialog: ApprovalDialog | null = null;
  /** Answered here; the event that says so is on its way. */
  #answered = '';

  constructor(options: ApprovalWatchOptions) {
    this.#options = options;
  }

  follow({ conversation, isLive }: ChatState): void {
    const { screen } = this.#options;
    const [call] = isLive ? waitingApprovals(conversation) : [];
    if (this.#dialog !== null && this.#dialog.callId !== call?.callId) this.#close();
    if (call === undefined) this.#answered = '';
    else if (!screen.hasOverlay && call.callId !== this.#answered) {
      const { onDetails, onStop } = this.#options;
      const { callId } = call;
      this.#dialog = new ApprovalDialog({
        call,
        onDetails,
        onStop,
        onAnswer: (answer) => this.#answer(callId, answer),
      });
      screen.setOverlay(this.#dialog);
    }
  }

  #answer(callId: string, answer: ApprovalAnswer): void {
    const { screen, session } = this.#options;
    if (!session.answerApproval(callId, answer)) {
      screen.hint('Not connected; answer again when it is.');
      return;
    }
    this.#answered = callId;
    this.#close();
  }

  #close(): void {
    this.#dialog = null;
    this.#options.screen.setOverlay(null);
  }
}
