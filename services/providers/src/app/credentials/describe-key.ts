import { hintOf } from '../keys/identify-key.ts';

/** How a key is called in sentences. */
export function nameOfKey(secret: string): string {
  const hint = hintOf(secret);
  return hint === null ? 'The key' : `The key …${hint}`;
}

/** A text that was cut inside a key may end with the first part of it; shorter ones give nothing away. */
const shortestPart = 6;

/** Some vendors and proxies repeat the key in their errors: nobody may read it there. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .reduce((rest, secret) => withoutCutEnd(rest.replaceAll(secret, '(the key)'), secret), text);
}

function withoutCutEnd(text: string, secret: string): string {
  for (let length = secret.length - 1; length >= shortestPart; length -= 1) {
    if (text.endsWith(secret.slice(0, length))) return `${text.slice(0, -length)}(the key)`;
  }
  return text;
}
