import type { ErrorCode, Failure } from '@mosaic/proto';
import { oneLine } from './neutralise-controls.ts';

/** The sentence of a failed answer, and what the reader can do about it. */
export function failureLines(failure: Failure): string[] {
  const advice = advices[failure.code] ?? (failure.isRetryable ? tryAgain : '');
  return [...sentencesOf(failure), ...(advice === '' ? [] : [advice])];
}

/** The same for a command that failed: nothing was sent, so there is nothing to send again. */
export function commandFailureLines(failure: Pick<Failure, 'code' | 'message'>): string[] {
  const advice = advices[failure.code];
  return [...sentencesOf(failure), ...(advice === undefined ? [] : [advice])];
}

/** What is said of several candidates has a line for each. */
function sentencesOf({ code, message }: Pick<Failure, 'code' | 'message'>): string[] {
  const [first = '', ...more] = message.split('\n').map(oneLine);
  return [`✗ ${first} (${code})`, ...more.filter((line) => line !== '').map((line) => `  ${line}`)];
}

const tryAgain = 'Send the message again to try once more (Up brings it back).';

const advices: Partial<Record<ErrorCode, string>> = {
  missing_key:
    '`mosaic providers set <name>` takes a key of yours. Or choose another model with /model.',
  provider_auth:
    '`mosaic providers set <name>` takes a key of yours. Or choose another model with /model.',
  provider_forbidden:
    'The key is right: ask for access at the provider, or choose another model with /model.',
  provider_quota: 'Top up the account at the provider, or choose another model with /model.',
  budget_exceeded: 'Choose a cheaper or a local model with /model, or ask an administrator.',
  provider_rate_limited: 'Wait a moment and send it again, or choose another model with /model.',
  provider_content_filter: 'Say it in other words, or choose another model with /model.',
  provider_refused: 'Choose another model with /model, or say it in other words.',
  provider_cut: 'What arrived is kept. Write "go on" to let it continue.',
  context_too_long: 'Start afresh with /new, or choose a model that reads more with /model.',
  no_model_available:
    '/model says why each one cannot be used now; `mosaic providers set <name>` takes a key of yours.',
  unknown_model: '/model lists the models there are.',
  unknown_agent: '/agent lists the agents there are.',
  step_limit: 'What arrived is kept. Write "go on" to let it continue.',
  unauthenticated: 'Start Mosaic again for a new owner token, or set MOSAIC_TOKEN.',
};
