const paths = {
  bad: 'M7 4h11l2 8-1 2h-6l1 6h-2l-5-7zM7 4v9H4V4z',
  check: 'M4 12.5l5 5L20 6.5',
  chevron: 'M6 9l6 6 6-6',
  close: 'M5 5l14 14M19 5L5 19',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  down: 'M12 4v15M6 13l6 6 6-6',
  good: 'M7 20h11l2-8-1-2h-6l1-6h-2l-5 7zM7 20v-9H4v9z',
  archive: 'M4 5h16v4H4zM6 9v10h12V9M10 13h4',
  menu: 'M4 7h16M4 12h16M4 17h10',
  pencil: 'M4 20h4L19 9l-4-4L4 16z',
  pin: 'M9 4h6l-1 6 3 3H7l3-3zM12 13v7',
  plus: 'M12 5v14M5 12h14',
  retry: 'M20 11a8 8 0 1 0-2.3 6.3M20 4v7h-7',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20 20',
  slash: 'M15 4L9 20',
  send: 'M12 20V5M5 12l7-7 7 7',
  stop: 'M6 6h12v12H6z',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  warning: 'M12 4L2.5 20h19zM12 10v5M12 17.5v.5',
} as const;

export type IconName = keyof typeof paths;

/** A line drawing beside a label; never the only name of anything. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
