import type { Turn } from '@mosaic/proto';
import type { FileRules, VendorCard } from '../vendor/vendor-port.ts';
import { withoutLoneSurrogates } from './clean-text.ts';

type UserTurn = Extract<Turn, { role: 'user' }>;
type UserPart = UserTurn['content'][number];
type MediaPart = Exclude<UserPart, { type: 'text' }>;

export interface MediaOptions {
  readonly card: Pick<VendorCard, 'name' | 'capabilities'>;
  readonly files: FileRules;
}

/** What all five vendors can look at; a vendor answers 400 to others. */
const imageTypes = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

/** Kinds of text that do not begin with `text/`. */
const textTypes =
  /^(text\/|application\/(json|xml|yaml|x-yaml|javascript|toml|sql|[\w.-]+\+(json|xml))$)/;

/**
 * Leaves the images and files that the model can read, writes out the words of text files for those
 * that take no files, and puts a note in place of the rest.
 */
export function replaceMedia(
  turns: readonly Turn[],
  options: MediaOptions,
): { readonly turns: readonly Turn[]; readonly warnings: readonly string[] } {
  const missed = new Map<string, number>();
  const miss = (what: string) => missed.set(what, (missed.get(what) ?? 0) + 1);
  const replaced = turns.map((turn): Turn => {
    if (turn.role !== 'user') return turn;
    const content = turn.content.map((part) =>
      part.type === 'text' ? part : replacePart(part, { ...options, miss }),
    );
    return { ...turn, content };
  });
  const warnings = [...missed].map(
    ([what, count]) =>
      `${options.card.name} cannot read ${what}: it got a note instead (${count}×).`,
  );
  return { turns: replaced, warnings };
}

function replacePart(
  part: MediaPart,
  options: MediaOptions & { readonly miss: (what: string) => void },
): UserPart {
  const { card, files, miss } = options;
  const mediaType = plainType(part.mediaType);
  const base64 = cleanBase64(part.base64);
  const canSee = card.capabilities.includes('vision');
  const name = withoutLoneSurrogates(part.type === 'file' ? part.name : 'image') || 'file';
  const words = textTypes.test(mediaType) ? readWords(base64) : undefined;
  if (base64 === '' || words?.trim() === '') return say(`[The file "${name}" is empty.]`);
  if (mediaType.startsWith('image/')) {
    if (canSee && imageTypes.has(mediaType)) return { type: 'image', mediaType, base64 };
    miss(canSee ? `images of the type ${mediaType}` : 'images');
    return canSee
      ? note(`An image (${mediaType})`, 'cannot read it')
      : note('An image', 'cannot see images');
  }
  if (takesFile(mediaType, { files, canSee })) return { type: 'file', mediaType, base64, name };
  if (words !== undefined) return say(`File "${name}":\n\n${words}`);
  miss(`files of the type ${mediaType}`);
  return note(`The file "${name}"`, 'cannot read it');
}

function takesFile(
  mediaType: string,
  { files, canSee }: { readonly files: FileRules; readonly canSee: boolean },
): boolean {
  if (mediaType !== 'application/pdf') {
    return files.others.some((beginning) => mediaType.startsWith(beginning));
  }
  return files.pdf === 'always' || (files.pdf === 'with-vision' && canSee);
}

/** Without parameters and in small letters; `image/jpg` is no registered type, but common. */
function plainType(mediaType: string): string {
  const plain = (mediaType.split(';')[0] ?? '').trim().toLowerCase();
  return plain === 'image/jpg' ? 'image/jpeg' : plain;
}

/** The words of a text file; bytes that are not UTF-8 become replacement characters. */
export function readWords(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

/** Base64 as the vendors take it: in one line; empty when it is no base64 at all. */
function cleanBase64(text: string): string {
  const joined = text.replaceAll(/\s/g, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(joined) ? joined : '';
}

function note(what: string, why: string): UserPart {
  return say(`[${what} was here; this model ${why}.]`);
}

function say(text: string): UserPart {
  return { type: 'text', text };
}
