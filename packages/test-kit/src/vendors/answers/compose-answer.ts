import type { Answer } from '../wire/answer.ts';
import { splitIntoTokens } from '../wire/answer.ts';
import type { SeenRequest } from '../wire/seen-request.ts';
import type { VendorName } from '../wire/vendor-name.ts';
import { answerAsJson } from './answer-as-json.ts';
import { answerInWords } from './answer-in-words.ts';
import { answerTitle, isTitleRequest } from './answer-title.ts';
import { chooseToolCalls, reportToolResults } from './answer-with-tools.ts';
import { withOwnWords } from './own-words.ts';
import { simulatedNotice } from './simulated-notice.ts';

export interface Speaker {
  readonly vendor: VendorName;
  /** Makes the ids of tool calls differ between requests. */
  readonly id: string;
}

function think(request: SeenRequest): string {
  if (!request.wantsThinking) return '';
  const question = request.turns.findLast(({ role }) => role === 'user')?.text ?? '';
  return `The user asks: "${question.slice(0, 120)}". No model is behind this, so I say what I was shown.`;
}

/**
 * The answer of the simulated model: honest about being one, and made from the request, so that
 * people see that history, system prompt and tools arrive. Same request, same words.
 */
export function composeAnswer(seen: SeenRequest, speaker: Speaker): Omit<Answer, 'usage'> {
  const request = withOwnWords(seen);
  const thinking = splitIntoTokens(think(request));
  const say = (text: string) => ({
    thinking,
    text: splitIntoTokens(text),
    calls: [],
    stop: 'stop' as const,
  });
  if (request.jsonSchema !== undefined) return say(answerAsJson(request, request.jsonSchema));
  if (isTitleRequest(request)) return say(answerTitle(request));
  const calls = chooseToolCalls(request, speaker.id);
  if (calls.length > 0) return { thinking, text: [], calls, stop: 'tool-calls' };
  const notice = simulatedNotice(request.model, speaker.vendor);
  return say(`${notice}\n\n${reportToolResults(request) ?? answerInWords(request)}`);
}
