import type { Effort, ModelRef, Turn } from '@mosaic/proto';
import { estimateInputTokens } from './count-usage.ts';
import { withoutLoneSurrogates } from './history/clean-text.ts';
import { replaceMedia } from './history/replace-media.ts';
import { prepareTurns } from './prepare-turns.ts';
import { chooseEffort, fitBudget } from './request/choose-effort.ts';
import { chooseFormat } from './request/choose-format.ts';
import { fitOutput } from './request/fit-output.ts';
import { reduceSampling } from './request/reduce-sampling.ts';
import { knowsTools, reduceTools } from './request/reduce-tools.ts';
import type {
  CompletionRequest,
  ReasoningControl,
  VendorCard,
  VendorRequest,
  VendorRules,
} from './vendor/vendor-port.ts';

export interface BuildOptions {
  readonly candidate: ModelRef;
  readonly card: VendorCard;
  readonly rules: VendorRules;
}

/** Reduces a request to what this model takes, and says in sentences what was left out. */
export function buildRequest(
  request: CompletionRequest,
  options: BuildOptions,
): { readonly request: VendorRequest; readonly warnings: readonly string[] } {
  const { candidate, card, rules } = options;
  const media = replaceMedia(request.turns, { card, files: rules.files });
  const turns = prepareTurns(media.turns, {
    target: candidate,
    rules,
    knowsTools: knowsTools(card),
  });
  const { warnings: toolWarnings, ...tools } = reduceTools(request, { card, rules, turns });
  const format = chooseFormat(request.outputFormat, { card, rules });
  const system = joinSystem(request.system, format.instruction);
  const output = fitOutput(request.maxOutputTokens, {
    card,
    rules,
    inputTokens: estimateInputTokens({ system, turns, tools: tools.tools }),
  });
  const thinking = chooseThinking(request.effort, {
    ...options,
    turns,
    isForced: tools.toolChoice !== 'auto' && tools.toolChoice !== 'none',
    maxOutputTokens: output.maxOutputTokens,
  });
  const sampling = reduceSampling(request, {
    card,
    rules: rules.parameters,
    effort: thinking.effort,
  });
  return {
    request: {
      model: candidate.model,
      card,
      system,
      turns,
      ...tools,
      ...sampling.parameters,
      outputFormat: format.outputFormat,
      maxOutputTokens: output.maxOutputTokens,
      isLimitAsked: request.maxOutputTokens !== undefined,
      effort: sampling.effort,
      thinkingTokens: thinking.thinkingTokens,
      conversationId: request.conversationId,
      isPrefixReused: request.purpose === 'turn' || request.purpose === 'door',
    },
    warnings: [
      ...media.warnings,
      ...toolWarnings,
      ...format.warnings,
      ...output.warnings,
      ...thinking.warnings,
      ...sampling.warnings,
    ],
  };
}

/** The instructions; the form of the answer comes last, so that what is before can be cached. */
function joinSystem(system: string | null, instruction: string | null): string | null {
  const texts = [withoutLoneSurrogates(system ?? ''), instruction ?? ''];
  const joined = texts.filter((text) => text.trim() !== '').join('\n\n');
  return joined === '' ? null : joined;
}

interface ThinkingOptions extends BuildOptions {
  readonly turns: readonly Turn[];
  readonly isForced: boolean;
  readonly maxOutputTokens: number | undefined;
}

/** How much the model thinks about this request, and what kept it from thinking as asked. */
function chooseThinking(wanted: Effort | undefined, options: ThinkingOptions) {
  const { card, rules, maxOutputTokens } = options;
  const control = controlOf(card, rules);
  const chosen = chooseEffort(wanted, { name: card.name, control });
  const thinksUnasked = card.quirks?.includes('thinks-unasked') === true;
  const thinks = chosen.effort === undefined ? thinksUnasked : chosen.effort !== 'none';
  const quiet = (why: string) => ({
    // One that thinks unasked has to be told not to.
    effort: thinksUnasked ? ('none' as const) : undefined,
    thinkingTokens: undefined,
    warnings:
      chosen.effort === undefined ? [] : [`${card.name} does not think about this: ${why}.`],
  });
  if (!thinks || control === null) return { ...chosen, thinkingTokens: undefined };
  // Thinking allows no forced call at Anthropic's, so the call wins.
  if (options.isForced && !rules.thinksWhenForced) return quiet('it must call a tool');
  if (control.how !== 'budget') return { ...chosen, thinkingTokens: undefined };
  if (!isLoopThoughtful(options.turns)) return quiet('the steps before were made without thinking');
  const thinkingTokens = fitBudget(control.tokens[chosen.effort ?? 'none'], maxOutputTokens);
  if (thinkingTokens === undefined) return quiet('the answer is limited to too few tokens');
  return { ...chosen, thinkingTokens };
}

function controlOf(card: VendorCard, rules: VendorRules): ReasoningControl | null {
  if (card.reasoning) return card.reasoning;
  return card.capabilities.includes('reasoning') ? rules.defaultReasoning : null;
}

/**
 * True unless a tool loop is running whose first step came without a sealed thought. With a budget
 * the API wants such a loop to begin with one, and the thoughts of another model were dropped. Words
 * of the user behind results travel in one message with them, so they do not end the loop.
 */
function isLoopThoughtful(turns: readonly Turn[]): boolean {
  const isInside = (index: number) => turns[index - 1]?.role === 'tool';
  const last = turns.length - 1;
  if (turns[last]?.role !== 'tool' && !isInside(last)) return true;
  const asked = turns.findLastIndex((turn, index) => turn.role === 'user' && !isInside(index));
  const step = turns[asked + 1];
  const first = step?.role === 'assistant' ? step.content[0] : undefined;
  return first?.type === 'reasoning' && Boolean(first.signature);
}
