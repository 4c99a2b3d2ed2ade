import { subjectPrefix } from './contract.ts';

/** Values for the `{name}` tokens of a subject pattern. */
export type SubjectTokens = Readonly<Record<string, string>>;

const safeToken = /^[A-Za-z0-9_-]{1,64}$/;
const placeholder = /\{([a-zA-Z]+)\}/g;

/**
 * Fills the `{name}` tokens of a pattern and puts the versioned prefix in front.
 * Throws a TypeError for a missing token or one that could widen the subject (dots, wildcards, blanks).
 */
export function subjectFor(pattern: string, tokens: SubjectTokens = {}): string {
  const filled = pattern.replace(placeholder, (_match, name: string) => {
    const value = tokens[name];
    if (value === undefined || !safeToken.test(value)) {
      throw new TypeError(`subject ${pattern}: token {${name}} is missing or not a safe token`);
    }
    return value;
  });
  return `${subjectPrefix}.${filled}`;
}

/** The pattern with every open token as the bus's one-token wildcard; given tokens are filled in. */
export function subjectFilter(pattern: string, tokens: SubjectTokens = {}): string {
  const wide = pattern.replace(placeholder, (match, name: string) =>
    tokens[name] === undefined ? '*' : match,
  );
  return subjectFor(wide, tokens);
}

/** Reads the tokens of a concrete subject back; undefined when the subject is not of this pattern. */
export function subjectTokens(pattern: string, subject: string): SubjectTokens | undefined {
  const want = `${subjectPrefix}.${pattern}`.split('.');
  const have = subject.split('.');
  if (want.length !== have.length) return undefined;
  const tokens: Record<string, string> = {};
  for (const [index, part] of want.entries()) {
    const value = have[index] ?? '';
    const name = /^\{([a-zA-Z]+)\}$/.exec(part)?.[1];
    if (name !== undefined) tokens[name] = value;
    else if (part !== value) return undefined;
  }
  return tokens;
}
