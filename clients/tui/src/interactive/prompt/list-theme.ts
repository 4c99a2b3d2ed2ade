import type { SelectListTheme } from '@earendil-works/pi-tui';
import { bold, cyan, dim } from '../../screen/style.ts';

export const listTheme: SelectListTheme = {
  selectedPrefix: cyan,
  selectedText: (text) => bold(cyan(text)),
  description: dim,
  scrollInfo: dim,
  noMatch: dim,
};
