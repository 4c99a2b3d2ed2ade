/** One entry of the folder tree drawn in ARCHITECTURE.md. */
export interface TreeEntry {
  readonly path: string;
  readonly isFolder: boolean;
}

interface Level {
  readonly column: number;
  readonly path: string;
}

const drawing = /^[\s│├└─|+`-]*/;

/** `services/{a,b}` → `services/a`, `services/b`. One brace group per name. */
function expandBraces(name: string): readonly string[] {
  const match = /^(.*?)\{([^{}]*)\}(.*)$/.exec(name);
  if (match === null) return [name];
  const [, before = '', choices = '', after = ''] = match;
  return choices
    .split(',')
    .map((choice) => choice.trim())
    .filter((choice) => choice !== '' && choice !== '…' && choice !== '...')
    .map((choice) => `${before}${choice}${after}`);
}

function parentOf(levels: Level[], column: number): string {
  while (levels.length > 0 && (levels.at(-1)?.column ?? 0) >= column) levels.pop();
  return levels.at(-1)?.path ?? '';
}

function parseBlock(block: string): readonly TreeEntry[] {
  const levels: Level[] = [];
  const entries: TreeEntry[] = [];
  for (const line of block.split('\n')) {
    const column = drawing.exec(line)?.[0].length ?? 0;
    const name = line.slice(column).split(/\s/)[0] ?? '';
    const isFolder = name.endsWith('/');
    if (!isFolder && !/^[\w.-]+\.[a-z]+$/.test(name)) continue;
    const parent = parentOf(levels, column);
    // A first line such as `mosaic/` or `./` draws the repository itself.
    const isRoot = column === 0 && /^(?:\.|mosaic)\/$/.test(name);
    for (const expanded of isRoot ? [] : expandBraces(name)) {
      entries.push({ path: `${parent}${expanded}`.replace(/\/$/, ''), isFolder });
    }
    if (isFolder) levels.push({ column, path: isRoot ? '' : `${parent}${name}` });
  }
  return entries;
}

/**
 * Reads the folder tree out of a Markdown page: the fenced block which holds the most lines that
 * start with a folder's name (`services/`). Deeper lines belong to the folder above them.
 */
export function parseArchitectureTree(markdown: string): readonly TreeEntry[] {
  const blocks = [...markdown.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].map((match) =>
    parseBlock(match[1] ?? ''),
  );
  return blocks.reduce((best, block) => {
    const folders = (entries: readonly TreeEntry[]): number =>
      entries.filter((entry) => entry.isFolder).length;
    return folders(block) > folders(best) ? block : best;
  }, []);
}
