import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

/** As near to the end as this, the view follows what is written. */
const nearPx = 100;

interface StickyBottom {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  readonly isAtEnd: boolean;
  readonly goToEnd: () => void;
}

/**
 * Keeps a growing list at its end while the reader is near it, and lets go as soon as they scroll up.
 * `beginsAtEnd`: false where the reader comes for something further up. `hasEnd`: false while what is
 * shown ends before the list does, and is only added to when the reader comes near.
 */
export function useStickyBottom(beginsAtEnd: boolean, hasEnd: boolean): StickyBottom {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isFollowing = useRef(beginsAtEnd);
  // Going to a message of the conversation that is shown already lets go of its end too;
  // sending one goes back to it.
  useEffect(() => {
    isFollowing.current = beginsAtEnd;
  }, [beginsAtEnd]);
  const isFollowable = useRef(hasEnd);
  isFollowable.current = hasEnd;
  const [isAtEnd, setAtEnd] = useState(true);

  const goToEnd = useCallback((): void => {
    isFollowing.current = true;
    setAtEnd(true);
    const box = scroller.current;
    if (box !== null) box.scrollTop = box.scrollHeight;
  }, []);

  useEffect(() => {
    const box = scroller.current;
    const list = content.current;
    if (box === null || list === null) return undefined;
    let lastTop = box.scrollTop;
    const distance = (): number => box.scrollHeight - box.clientHeight - box.scrollTop;
    const onScroll = (): void => {
      const top = box.scrollTop;
      if (top < lastTop - 1) isFollowing.current = isFollowable.current && distance() < 4;
      else if (top > lastTop && distance() < nearPx) isFollowing.current = isFollowable.current;
      lastTop = top;
      setAtEnd(distance() < nearPx);
    };
    const follow = (): void => {
      if (isFollowing.current && isFollowable.current) box.scrollTop = box.scrollHeight;
      else setAtEnd(distance() < nearPx);
    };
    const observer = new ResizeObserver(follow);
    observer.observe(list);
    observer.observe(box);
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', onScroll);
    };
  }, []);

  return { scroller, content, isAtEnd, goToEnd };
}
