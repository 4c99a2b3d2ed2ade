import type { MarkdownTheme } from '@earendil-works/pi-tui';
import { bold, cyan, dim, italic, strikethrough, underline, yellow } from '../screen/style.ts';

/** The terminal's own 16 colours only, so that it is readable on dark and light backgrounds. */
export const markdownTheme: MarkdownTheme = {
  heading: cyan,
  link: underline,
  linkUrl: dim,
  code: yellow,
  codeBlock: (text) => text,
  codeBlockBorder: dim,
  quote: dim,
  quoteBorder: dim,
  hr: dim,
  listBullet: cyan,
  bold,
  italic,
  strikethrough,
  underline,
};
