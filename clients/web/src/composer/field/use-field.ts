import { type RefObject, useEffect } from 'react';

/** Focuses the field where a keyboard is likely, and lets it grow with its text. */
export function useField(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, [field]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    const area = field.current;
    if (area === null || CSS.supports('field-sizing', 'content')) return;
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight}px`;
  }, [text]);
}
