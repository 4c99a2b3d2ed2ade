import {
  type CompletionPart,
  type Cost,
  type JudgeWord,
  judgeSettingSchema,
  type ModelRef,
  routingJudgeKey,
  streamCompletion,
} from '@mosaic/proto';
import type { Bus, Logger, PreferenceWatch, Received } from '@mosaic/service-kit';
import type { Deciding } from '../../app/choice/deciding.ts';
import { judgeQuestion, readJudgement } from '../../app/judge/judge-question.ts';
import { isJudgeable, whoJudges } from '../../app/judge/who-judges.ts';

/** A judge says two words; who says more than this says something else. */
const longestAnswer = 2_000;

export interface JudgeParts {
  readonly bus: Bus;
  readonly log: Logger;
  readonly preferences: Pick<PreferenceWatch, 'of'>;
  readonly nowUs: () => number;
}

type Asker = Pick<Received, 'caller' | 'trace' | 'signal'>;
type Heard = Pick<JudgeWord, 'answer' | 'costUsd' | 'outcome'>;

/**
 * Asks what a message is where the router is not sure, the caller has set a model for it, and whoever
 * asks lets it. Undefined when nothing was to be asked. Never throws, and never takes longer than the
 * setting says: without an answer the router's own word stands.
 */
export function makeJudge({ bus, log, nowUs, preferences }: JudgeParts) {
  return async (deciding: Deciding, asker: Asker): Promise<JudgeWord | undefined> => {
    if (!isJudgeable(deciding)) return undefined;
    const { complexity, confidence, task } = deciding.profile;
    const settings = await preferences.of(asker.caller);
    const value = settings.find(({ key }) => key === routingJudgeKey)?.value;
    const judge = judgeSettingSchema.safeParse(value).data;
    if (judge === undefined || judge === 'off' || confidence >= judge.below) return undefined;
    const startedUs = nowUs();
    const who = whoJudges(deciding, judge);
    const asked = 'asked' in who ? who.asked : null;
    const heard: Heard =
      'asked' in who
        ? await hear(deciding.question.text, who.asked, { ...asker, timeoutMs: judge.timeoutMs })
        : { outcome: who.outcome, answer: null, costUsd: 0 };
    const before = { task, complexity, confidence };
    return { asked, ...heard, before, tookUs: Math.round(nowUs() - startedUs) };
  };

  async function hear(
    text: string,
    asked: ModelRef,
    { caller, signal, timeoutMs, trace }: Asker & { readonly timeoutMs: number },
  ): Promise<Heard> {
    const late = AbortSignal.timeout(timeoutMs);
    const options = { caller, trace, signal: AbortSignal.any([signal, late]) };
    const reading = read(bus.stream(streamCompletion, judgeQuestion(text, asked), options));
    reading.catch(() => undefined);
    try {
      return await Promise.race([reading, rejection(late)]);
    } catch (err) {
      const outcome = late.aborted ? 'late' : 'failed';
      log.debug({ err, outcome }, 'no judgement; the classifier’s own word stands');
      return { outcome, answer: null, costUsd: null };
    }
  }
}

async function read(parts: AsyncIterable<CompletionPart>): Promise<Heard> {
  let text = '';
  for await (const part of parts) {
    if (part.type === 'text' && text.length <= longestAnswer) text += part.text;
    if (part.type === 'error') return { outcome: 'failed', answer: null, costUsd: costOf(part) };
    if (part.type === 'end') {
      const answer = readJudgement(text);
      return {
        outcome: answer === null ? 'unreadable' : 'answered',
        answer,
        costUsd: costOf(part),
      };
    }
  }
  return { outcome: 'failed', answer: null, costUsd: null };
}

const costOf = ({ cost }: { readonly cost: Cost }) => cost.usd;

/** Rejects when the time is up, whether or not anybody notices the signal. */
function rejection(late: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    late.addEventListener('abort', () => reject(late.reason), { once: true });
  });
}
