import { type RefObject, useEffect, useRef, useState } from 'react';
import { useEscape } from '../elements/use-escape.ts';
import { onNavigate } from '../navigation/use-path.ts';

interface Drawer {
  readonly isOpen: boolean;
  readonly open: () => void;
  readonly close: () => void;
  /** The button that opens it. */
  readonly opener: RefObject<HTMLButtonElement | null>;
  readonly drawer: RefObject<HTMLElement | null>;
}

/** On a phone the list is a drawer: open it has the focus, closed it gives it back. */
export function useDrawer(): Drawer {
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const drawer = useRef<HTMLElement>(null);
  const wasOpen = useRef(false);
  const close = (): void => setOpen(false);
  useEffect(() => onNavigate(() => setOpen(false)), []);
  useEscape(close, isOpen);
  useEffect(() => {
    const { activeElement, body } = document;
    const isLeftBehind = activeElement === body || drawer.current?.contains(activeElement) === true;
    if (isOpen) drawer.current?.querySelector('button')?.focus();
    else if (wasOpen.current && isLeftBehind) opener.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  return { isOpen, open: () => setOpen(true), close, opener, drawer };
}
