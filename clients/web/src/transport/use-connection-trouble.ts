import { useEffect, useState } from 'react';
import { useTransport } from './client-context.ts';

/** Shorter losses heal by themselves before a person could read about them. */
const patienceMs = 2_000;

/** True when the gateway has been out of reach for longer than two seconds. */
export function useConnectionTrouble(): boolean {
  const isOpen = useTransport((state) => state.link === 'open');
  const [isTroubled, setTroubled] = useState(false);
  useEffect(() => {
    if (isOpen) {
      setTroubled(false);
      return undefined;
    }
    const timer = setTimeout(() => setTroubled(true), patienceMs);
    return () => clearTimeout(timer);
  }, [isOpen]);
  return isTroubled;
}
