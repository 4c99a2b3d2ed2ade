import { type AnswerView, answerText } from '@mosaic/proto/client';
import { neutraliseControls } from './neutralise-controls.ts';

/** Cuts a growing answer into the pieces that are new, for output that can only be appended to. */
export class AnswerStream {
  #run: string | null = null;
  #shown = 0;

  /** What to append now. `isRestart` is true once when another run began to write anew. */
  next(answer: AnswerView): { readonly chunk: string; readonly isRestart: boolean } {
    const isRestart = this.#run !== null && this.#run !== answer.id;
    if (this.#run !== answer.id) {
      this.#run = answer.id;
      this.#shown = 0;
    }
    const text = wholeCharacters(answerText(answer));
    const chunk = neutraliseControls(text.slice(this.#shown));
    this.#shown = text.length;
    return { chunk, isRestart };
  }
}

/** Pieces are cut between UTF-16 code units: half an emoji at the end waits for its other half. */
function wholeCharacters(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}
