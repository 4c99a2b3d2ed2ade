import { StreamingMarkdown } from './streaming-markdown.ts';

/** A finished text as lines. */
export function renderMarkdown(text: string, width: number): readonly string[] {
  return new StreamingMarkdown().render(text, { width, isFinal: true }).closed;
}
