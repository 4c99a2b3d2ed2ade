import assert from 'node:assert/strict';

export type Json = Readonly<Record<string, unknown>>;

export function object(value: unknown): Json {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value), String(value));
  return { ...value };
}

export function list(value: unknown): readonly unknown[] {
  assert.ok(Array.isArray(value), `a list, not ${JSON.stringify(value)}`);
  return value;
}

export function texts(value: unknown): readonly string[] {
  return value === undefined ? [] : list(value).map(String);
}

/** JSON.stringify writes half of a surrogate pair as an escape; a whole one it writes as it is. */
export function wellFormed(json: string): void {
  assert.doesNotMatch(json, /(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]/, 'no half of a surrogate pair');
}

export function between(value: unknown, [least, most]: readonly [number, number]): void {
  if (value === undefined) return;
  assert.ok(Number(value) >= least && Number(value) <= most, `${value} in ${least}…${most}`);
}
