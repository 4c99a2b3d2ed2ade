import { type Need, type TaskProfile, type TaskType, textTokens } from '@mosaic/proto';
import { charsToRead, judgeComplexity } from './classify/judge-complexity.ts';
import { judgeTask, type TaskJudgement, type TaskModel } from './classify/task-model.ts';
import { tellingWords } from './classify/telling-words.ts';
import { detectLanguage } from './detect-language.ts';
import { harderOf, inheritedTurn, type Past } from './inherit-turn.ts';
import { longContextTokens } from './model-catalogue.ts';

export interface ProfileQuestion extends Past {
  readonly text: string;
  readonly contextTokens: number;
  readonly needs: {
    readonly tools: boolean;
    readonly vision: boolean;
    readonly json?: boolean | undefined;
  };
}

/**
 * Says what kind of task the user's own words are: no network, and the same answer for the same
 * words. The cues that speak for the answer are part of it, strongest first. Words that only carry
 * an earlier turn on have that one's task, and are at least as hard.
 */
export function profileTask(question: ProfileQuestion, model: TaskModel): TaskProfile {
  const { text, contextTokens, needs } = question;
  const judged = judgeTask(text, model);
  const own = ownTaskOf(judged, text.length);
  const inherits = inheritedTurn(judged.scoped, question, (words) =>
    ownTaskOf(judgeTask(words, model), words.length),
  );
  const task = inherits?.task ?? own.task;
  const { attachments, instruction } = judged.scoped;
  const promptTokens = contextTokens + textTokens(text);
  return {
    task,
    confidence: inherits === undefined ? hundredths(own.p) : inheritedConfidence,
    complexity:
      inherits === undefined ? own.complexity : harderOf(own.complexity, inherits.complexity),
    domain: domainOf(instruction),
    language: detectLanguage(judged.scoped.own),
    needs: needsOf({ needs, promptTokens, task }),
    cues:
      inherits === undefined
        ? [...signsOf(judged, { task, model }), ...own.because].slice(0, 8)
        : [`goes on with “${inherits.words.slice(0, 50)}”`],
    promptTokens,
    top: judged.ranked.slice(0, 3).map((one) => ({ task: one.task, p: hundredths(one.p) })),
    difficulty: hundredths(judged.difficulty),
    ...(inherits === undefined ? {} : { inherits }),
    ...(attachments.length === 0 ? {} : { attachments: attachments.slice(0, 8) }),
  };
}

/** Follow-ups are told by rules that seldom err; how sure the turn before was is not known. */
const inheritedConfidence = 0.9;

const hundredths = (value: number) => Math.round(value * 100) / 100;

/** What a text is by itself. */
function ownTaskOf(judged: TaskJudgement, chars: number) {
  const { task, p } = likeliest(judged);
  const { level, because } = judgeComplexity({
    task,
    signs: judged.signs,
    chars: charsToRead(chars, judged.scoped.attachments),
    weakFails: judged.weakFails,
    attachments: judged.scoped.attachments,
  });
  return { task, p, complexity: level, because };
}

/** Below this nothing in a short text speaks for any task. */
const silence = 0.3;

/** Without any sign the text is taken as conversation: the default tier, not the cheapest. */
function likeliest({ ranked, features, scoped }: TaskJudgement): { task: TaskType; p: number } {
  const [best] = ranked;
  const saysNothing =
    !features.words.some((word) => /[\p{L}#]/u.test(word)) && scoped.attachments.length === 0;
  if (best === undefined || saysNothing) return { task: 'chat', p: 0.1 };
  const isSilent = best.p < silence && features.words.length <= 3;
  if (!isSilent) return best;
  return ranked.find(({ task }) => task === 'chat') ?? best;
}

/** Cues that people know by name; where none was seen, the words that counted most. */
function signsOf(
  judged: TaskJudgement,
  chosen: { readonly task: TaskType; readonly model: TaskModel },
): string[] {
  const ofTask = judged.features.cues.filter(({ task }) => task === chosen.task);
  const seen = ofTask.map(({ says }) => says);
  const attached = judged.scoped.attachments.map(({ kind }) => `with ${kind}`);
  // Asking every word what it says takes an eighth of the decision: only where nothing else speaks.
  const said = seen.length > 0 ? [] : tellingWords(judged.features, chosen);
  return [...seen, ...said.map((word) => `“${word}”`), ...new Set(attached)];
}

const domains: readonly (readonly [TaskProfile['domain'], RegExp])[] = [
  ['frontend', /\b(?:react|vue|svelte|css|html|tailwind|browser|frontend|component|dom)\b/i],
  ['devops', /\b(?:docker\w*|kubernetes|terraform|ci\/cd|nginx|deploy\w*|helm|ansible|systemd)\b/i],
  ['data', /\b(?:sql|pandas|dataframe|dataset|etl|spark|csv|warehouse)\b/i],
  ['backend', /\b(?:api|endpoint|server|database|backend|express|django|queue|microservice)\b/i],
  ['docs', /\b(?:readme|documentation|docstring|changelog|tutorial)\b/i],
];

function domainOf(words: string): TaskProfile['domain'] {
  return domains.find(([, pattern]) => pattern.test(words))?.[0] ?? 'general';
}

function needsOf(facts: {
  readonly needs: ProfileQuestion['needs'];
  readonly promptTokens: number;
  readonly task: TaskType;
}): Need[] {
  return [
    ...(facts.needs.tools ? (['tools'] as const) : []),
    ...(facts.needs.vision ? (['vision'] as const) : []),
    ...(facts.needs.json === true ? (['json'] as const) : []),
    ...(facts.promptTokens > longContextTokens ? (['long-context'] as const) : []),
    ...(facts.task === 'math' || facts.task === 'reasoning' ? (['reasoning'] as const) : []),
  ];
}
