import { MosaicError } from '@mosaic/proto';

const maxDepth = 40;

/**
 * The names on the way to a place in a workspace, from the top. Refuses absolute paths, `..`, NUL and
 * what no file can be named; an empty list is the workspace itself.
 */
export function readPath(path: string): string[] {
  const names = path.split(/[\\/]/).filter((name) => name !== '' && name !== '.');
  const isAbsolute = /^[\\/]|^[a-zA-Z]:/.test(path);
  const isTooLong = names.length > maxDepth || names.some((name) => Buffer.byteLength(name) > 255);
  if (isAbsolute || isTooLong || path.includes('\0') || names.includes('..')) throw outside(path);
  return names;
}

/** The same for a path that must name a file. */
export function readFilePath(path: string): { readonly folders: string[]; readonly name: string } {
  const folders = readPath(path);
  const name = folders.pop();
  if (name === undefined) throw outside(path);
  return { folders, name };
}

function outside(path: string): MosaicError {
  const shown = path.slice(0, 200);
  return new MosaicError('forbidden', `"${shown}" is not a relative path inside the workspace.`);
}
