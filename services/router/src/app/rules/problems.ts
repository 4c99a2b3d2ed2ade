import { nearestName } from '@mosaic/proto';

/** Something in a draft that can't be read, and where: `when.0.any.1.op`. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** Collects everything that is wrong with a draft, so that a person mends it in one go. */
export interface Problems {
  readonly found: readonly Problem[];
  add(path: string, message: string): void;
}

/** Nobody reads more of them, and an answer has to stay small. */
const maxProblems = 50;

export function collectProblems(): Problems {
  const found: Problem[] = [];
  return {
    found,
    add(path, message) {
      if (found.length < maxProblems) found.push({ path, message });
    },
  };
}

/** `There is no field "taskTyp". Did you mean "taskType"? There are: …` */
export function noSuch(what: string, name: unknown, names: readonly string[]): string {
  const near = typeof name === 'string' ? nearestName(name, names) : undefined;
  return unknownName(what, name, { near, names });
}

export function unknownName(
  what: string,
  name: unknown,
  { near, names }: { readonly near: string | undefined; readonly names: readonly string[] },
): string {
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return `There is no ${what} ${inQuotes(name)}.${hint} There are: ${names.join(', ')}.`;
}

function inQuotes(name: unknown): string {
  return `"${(typeof name === 'string' ? name : (JSON.stringify(name) ?? '')).slice(0, 80)}"`;
}

/** The fields of an object; others are problems. Undefined for what is no object. */
export function fieldsOf(
  value: unknown,
  at: { readonly path: string; readonly what: string; readonly names: readonly string[] },
  problems: Problems,
): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.add(at.path, `${at.what} is an object, such as {"${at.names[0]}": …}.`);
    return undefined;
  }
  for (const name of Object.keys(value)) {
    if (at.names.includes(name)) continue;
    problems.add(below(at.path, name), noSuch(`field of ${at.what}`, name, at.names));
  }
  return { ...value };
}

export function below(path: string, name: string | number): string {
  return path === '' ? String(name) : `${path}.${name}`;
}
