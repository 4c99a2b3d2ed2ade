import { truncateToWidth } from '../../screen/pi-tui.ts';
import { dim } from '../../screen/style.ts';

/** The last line of the prompt: how things are, or for a moment a hint. */
export class FooterLine {
  #footer: (width: number) => string = () => '';
  #hint = '';
  #hintUntil = 0;

  set(footer: (width: number) => string): void {
    this.#footer = footer;
  }

  hint(text: string, forMs: number): void {
    this.#hint = text;
    this.#hintUntil = Date.now() + forMs;
  }

  render(width: number): string {
    const isHinting = Date.now() < this.#hintUntil;
    return truncateToWidth(isHinting ? dim(this.#hint) : this.#footer(width), width, '…');
  }
}
