import { useEffect, useRef } from 'react';
import { OptionLine } from '../composer/option-line.tsx';
import type { MenuItem } from './menu-items.ts';

interface CommandMenuProps {
  readonly id: string;
  readonly items: readonly MenuItem[];
  readonly active: number;
  readonly onChoose: (item: MenuItem) => void;
}

/** What a beginning slash may become; the keys belong to the field below it. */
export function CommandMenu({ id, items, active, onChoose }: CommandMenuProps) {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another line became active
  useEffect(() => {
    list.current?.querySelector('[data-active="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div
      id={id}
      ref={list}
      role="listbox"
      aria-label="Commands"
      className="command-menu"
      tabIndex={0}
    >
      {items.map((item, index) => (
        <OptionLine
          key={item.typed}
          id={`${id}-${index}`}
          option={item}
          isActive={index === active}
          isSelected={index === active}
          onPoint={() => undefined}
          onChoose={() => onChoose(item)}
        />
      ))}
    </div>
  );
}
