import { composeAnswer } from '../answers/compose-answer.ts';
import {
  type Answer,
  type AnsweredCall,
  type AnsweredUsage,
  splitIntoTokens,
} from '../wire/answer.ts';
import { countInputTokens, countTokens, type SeenRequest } from '../wire/seen-request.ts';
import type { VendorName } from '../wire/vendor-name.ts';
import type { Script } from './script.ts';

type Said = Omit<Answer, 'usage'>;

const SPOKEN_FIELDS = ['reply', 'chunks', 'toolCalls'] as const;

function scriptedAnswer(script: Script, id: string): Said {
  const calls = (script.toolCalls ?? []).map(
    (call, index): AnsweredCall => ({
      id: call.id ?? `${id.slice(0, 22)}${index}`,
      name: call.name,
      argumentsJson: JSON.stringify(call.arguments),
    }),
  );
  return {
    thinking: splitIntoTokens(script.thinking ?? ''),
    text: script.chunks ?? splitIntoTokens(script.reply ?? ''),
    calls,
    stop: script.stop ?? (calls.length > 0 ? 'tool-calls' : 'stop'),
  };
}

/** Cuts the text at the request's limit, as a vendor does, and says so in the stop reason. */
function respectLimit(said: Said, { maxTokens }: SeenRequest): Said {
  if (maxTokens === undefined || said.calls.length > 0) return said;
  const text = said.text.join('');
  if (countTokens(text) <= maxTokens) return said;
  return { ...said, text: splitIntoTokens(text.slice(0, maxTokens * 4)), stop: 'length' };
}

function measure(request: SeenRequest, said: Said, wanted: Script['usage']): AnsweredUsage {
  const reasoningTokens = countTokens(said.thinking.join(''));
  const calls = said.calls.map(({ name, argumentsJson }) => name + argumentsJson).join('');
  const spoken = countTokens(said.text.join('')) + countTokens(calls);
  return {
    inputTokens: wanted?.inputTokens ?? countInputTokens(request),
    cacheReadTokens: wanted?.cacheReadTokens ?? 0,
    cacheWriteTokens: wanted?.cacheWriteTokens ?? 0,
    outputTokens: wanted?.outputTokens ?? Math.max(1, spoken + reasoningTokens),
    reasoningTokens: wanted?.reasoningTokens ?? reasoningTokens,
  };
}

export interface Situation {
  readonly vendor: VendorName;
  readonly id: string;
  readonly script: Script | undefined;
}

/** What the model says: the script's words if it has some, else a composed answer. */
export function simulateAnswer(request: SeenRequest, { vendor, id, script }: Situation): Answer {
  const isScripted = SPOKEN_FIELDS.some((field) => script?.[field] !== undefined);
  const said =
    script !== undefined && isScripted
      ? scriptedAnswer(script, id)
      : respectLimit(composeAnswer(request, { vendor, id }), request);
  const stopped = script?.stop === undefined ? said : { ...said, stop: script.stop };
  return { ...stopped, usage: measure(request, stopped, script?.usage) };
}
