import { type Cue, cues } from '../cues.ts';
import { hashFeature } from './hash-feature.ts';
import type { ScopedText } from './scope-text.ts';

interface SlottedCue extends Cue {
  readonly slot: number;
}

const slottedCues: readonly SlottedCue[] = cues.map((cue) => ({
  ...cue,
  slot: hashFeature('cue', `${cue.task} ${cue.says}`),
}));

/** The cues seen in the request, and the slots that they count in. */
export function cuesIn(instruction: string): readonly SlottedCue[] {
  return slottedCues.filter(({ pattern }) => pattern.test(instruction));
}

const looks = (
  [
    ['question', /[?？]\s*$/],
    ['question inside', /[?？]/],
    ['several lines', /\n/],
    ['options', /(?:^|\n)\s*\(?[A-Da-d][).:]\s/],
    ['list', /(?:^|\n)\s*(?:[-*•]|\d+[.)])\s/],
    ['quoted', /["“«「《][^"”»」》]{12}/],
    ['colon then text', /:\s*\n|:\s+["“]/],
    ['formula', /\d\s*[-+*/^=×÷]\s*\(?\d|\b[a-z]\s*=\s*|\\[a-z]+\{|\$[^$\n]{1,80}\$/],
    ['blank to fill', /_{1,}|\[MASK\]/],
    ['file name', /\b[\w-]+\.(?:ts|js|py|go|rs|java|md|json|yml|sh|css|html)\b/i],
    ['link', /https?:\/\//i],
    ['han', /\p{Script=Han}/u],
    ['exclamation', /!/],
    ['role given', /^(?:act as|you are|i want you to act|imagine you)/i],
  ] as const
).map(([name, pattern]) => ({ pattern, slot: hashFeature('flag', name) }));

/** Words that point at something pasted; without one, what lies beside the request is no part of it. */
const points =
  /\b(?:this|that|these|those|it|its|them|following|below|above|here|attached|given|my|errors?|logs?|code|table|data|text|output|trace|file|fix|why|wrong|fails?|diese\w*|folgende\w*|dies|ce|cette|suivante?|est[ea]|siguiente)\b|[这此该以下面上述]/iu;

/** Words of a message that says too little by itself to leave aside what was pasted with it. */
const fewWords = 6;

/** The kinds of what was pasted, as far as the request may be about it. */
export function attachedTo({ instruction, attachments }: ScopedText, words: number): string[] {
  const isPointing = words <= fewWords || points.test(instruction);
  return isPointing ? [...new Set(attachments.map(({ kind }) => `with ${kind}`))] : [];
}

interface Look {
  readonly attached: readonly string[];
  readonly words: number;
}

/** Slots that tell how a message of so many words looks, and what lies beside it. */
export function flagsOf({ own }: ScopedText, { attached, words }: Look): number[] {
  const digits = (own.match(/\d+/g) ?? []).length;
  const sizes = [
    `words ${words === 0 ? 0 : Math.min(8, Math.ceil(Math.log2(words + 1)))}`,
    `numbers ${digits > 9 ? 'many' : digits > 2 ? 'some' : digits}`,
  ];
  return [
    ...looks.filter(({ pattern }) => pattern.test(own)).map(({ slot }) => slot),
    ...[...attached, ...sizes].map((name) => hashFeature('flag', name)),
  ];
}
