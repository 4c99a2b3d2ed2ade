import { isTestFile, type SourceFile } from './source-files.ts';

/** One finding: where it is, what is wrong, and what to do instead. */
export interface Finding {
  readonly path: string;
  readonly message: string;
}

const maxLines = 300;
const maxTestLines = 400;
const maxFilesPerFolder = 12;
const kebabCase = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const emptyNames = /(?:^|-)(?:utils?|helpers?|common|misc|manager|impl)$|^base$/;

function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

/** Files which have grown too long to be read in one sitting. */
export function findLongFiles(files: readonly SourceFile[]): readonly Finding[] {
  return files.flatMap(({ path, text }) => {
    const limit = isTestFile(path) ? maxTestLines : maxLines;
    const lines = countLines(text);
    if (lines <= limit) return [];
    const message = `${lines} lines, at most ${limit}: split it by what its parts do, each part in a file named for that`;
    return [{ path, message }];
  });
}

/** Folders of a src/ tree that hold too many files to be grasped at a glance. */
export function findFullFolders(files: readonly SourceFile[]): readonly Finding[] {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    if (isTestFile(path)) continue;
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > maxFilesPerFolder)
    .map(([path, count]) => ({
      path: path || '.',
      message: `${count} source files, at most ${maxFilesPerFolder}: group those that change together into a folder named for what they do`,
    }));
}

function judgeName(name: string): string | undefined {
  if (emptyNames.test(name)) {
    return `"${name}" says nothing: name it for what it does (choose-route, parse-retry-after)`;
  }
  if (!kebabCase.test(name)) return `"${name}" is not kebab-case: write it like choose-route`;
  return undefined;
}

/** Names that carry no meaning, or are not written in kebab-case. */
export function findBadNames(files: readonly SourceFile[]): readonly Finding[] {
  const judged = new Map<string, string>();
  for (const { path } of files) {
    const segments = path.split('/');
    segments.forEach((segment, index) => {
      if (segment.startsWith('.')) return;
      const isFile = index === segments.length - 1;
      const stem = isFile ? (segment.split('.')[0] ?? segment) : segment;
      const message = judgeName(stem);
      if (message !== undefined) judged.set(segments.slice(0, index + 1).join('/'), message);
    });
  }
  return [...judged].map(([path, message]) => ({ path, message }));
}

const environmentRead = /\bprocess\.env\b|\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b/;

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

/** Workspaces that read the environment in more than one file. */
export function findScatteredEnvironment(
  files: readonly SourceFile[],
  workspaces: readonly string[],
): readonly Finding[] {
  return workspaces.flatMap((workspace) => {
    const readers = files.filter(
      ({ path, text }) =>
        path.startsWith(`${workspace}/src/`) && environmentRead.test(withoutComments(text)),
    );
    if (readers.length <= 1) return [];
    const names = readers.map(({ path }) => path.slice(workspace.length + 1)).join(', ');
    const message = `process.env is read in ${readers.length} files (${names}): read it once, in the configuration file, and pass the frozen value on`;
    return [{ path: workspace, message }];
  });
}
