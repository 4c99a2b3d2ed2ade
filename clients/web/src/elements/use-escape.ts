import { useEffect, useRef } from 'react';

/** Who listens for Escape, innermost last: only that one gets it. */
const listening: object[] = [];

/** Runs `act` on Escape anywhere on the page, unless something nearer makes use of the key. */
export function useEscape(act: () => void, isOn: boolean): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    if (!isOn) return undefined;
    const self = {};
    listening.push(self);
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
      if (listening.at(-1) !== self) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      listening.splice(listening.indexOf(self), 1);
      window.removeEventListener('keydown', onKeyDown);
    };
  }, [isOn]);
}
