import { constants, type FileHandle } from 'node:fs/promises';
import { MosaicError } from '@mosaic/proto';
import { type HeldFolder, maxFileBytes, openFile } from './open-inside.ts';

/** The text of a file. Throws `body_too_large`, and `bad_request` for what is no UTF-8 text. */
export async function readText(workspace: HeldFolder, path: string): Promise<string> {
  await using file = await openFile(workspace, path, { flags: constants.O_RDONLY });
  const { size } = await file.stat();
  if (size > maxFileBytes) {
    throw new MosaicError('body_too_large', `The file has ${size} bytes, at most ${maxFileBytes}.`);
  }
  const bytes = await file.readFile();
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Said below.
  }
  throw new MosaicError('bad_request', 'This file is no text.');
}

/** Replaces the whole text of a file, which is made with its folders where it is not there. */
export async function writeText(workspace: HeldFolder, path: string, text: string): Promise<void> {
  if (Buffer.byteLength(text) > maxFileBytes) {
    throw new MosaicError('body_too_large', `A file may have ${maxFileBytes} bytes.`);
  }
  const flags = constants.O_WRONLY | constants.O_CREAT;
  await using file = await openFile(workspace, path, { flags, makesFolders: true });
  await replaceText(file, text);
}

/** Empties it only now that it is known to be a plain file of the workspace. */
async function replaceText(file: FileHandle, text: string): Promise<void> {
  await file.truncate(0);
  await file.writeFile(text);
}
