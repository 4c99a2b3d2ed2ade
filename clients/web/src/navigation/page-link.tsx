import type { ComponentProps, MouseEvent } from 'react';
import { navigate } from './use-path.ts';

interface PageLinkProps extends ComponentProps<'a'> {
  readonly path: string;
  readonly isShown: boolean;
}

/** A real link, so that a new tab works; a plain click stays on the page. */
export function PageLink({ path, isShown, ...link }: PageLinkProps) {
  const onClick = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    navigate(path);
  };
  return <a href={path} aria-current={isShown ? 'page' : undefined} onClick={onClick} {...link} />;
}
