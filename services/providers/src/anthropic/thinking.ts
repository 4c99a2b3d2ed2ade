import type Anthropic from '@anthropic-ai/sdk';
import type { VendorRequest } from '../app/vendor/vendor-port.ts';
import { toFormatSchema } from './output-format.ts';

type Params = Anthropic.MessageCreateParamsStreaming;

/** Lets `block_binding` in. https://platform.claude.com/docs/en/build-with-claude/preserved-thinking */
const bindingControls = 'thinking-binding-controls-2026-08-01';

/** Thinking and the form of the answer share one field of the API. */
export function toThinking(request: VendorRequest): Pick<Params, 'thinking' | 'output_config'> {
  const { card, effort, outputFormat, thinkingTokens } = request;
  const format = outputFormat?.type === 'json-schema' && {
    format: { type: 'json_schema' as const, schema: toFormatSchema(outputFormat.schema) },
  };
  // The API knows no `minimal`; no card offers it.
  const named = effort === 'none' || effort === 'minimal' ? undefined : effort;
  const level = card.reasoning?.how === 'effort' && named ? { effort: named } : false;
  const isAdaptive = level !== false || thinksUnasked(request);
  return {
    ...(effort === 'none' && { thinking: { type: 'disabled' as const } }),
    ...(thinkingTokens && {
      thinking: { type: 'enabled' as const, budget_tokens: thinkingTokens, ...shown },
    }),
    ...(isAdaptive && { thinking: adaptive(request) }),
    ...((format || level) && { output_config: { ...format, ...level } }),
  };
}

/** Headers that a request of this kind needs besides the SDK's own. */
export function toHeaders(request: VendorRequest): Record<string, string> {
  return isBound(request) ? { 'anthropic-beta': bindingControls } : {};
}

/** Newer models leave the text of thoughts out unless told otherwise, and of what they say between calls. */
const shown = { display: 'summarized' as const };

/**
 * Without `block_binding` a request whose system prompt, tools or earlier turns are no longer those that
 * a thought came after is refused with a 400. Here they do change: by another agent, by what memory
 * recalls, by a summary in place of old turns. So the vendor may drop such a thought.
 */
function adaptive(request: VendorRequest) {
  const binding = { block_binding: { prefix_mismatch_behavior: 'drop_block' as const } };
  return { type: 'adaptive' as const, ...shown, ...(isBound(request) && binding) };
}

function thinksUnasked({ card, effort }: VendorRequest): boolean {
  return effort === undefined && card.quirks?.includes('thinks-unasked') === true;
}

/** `disabled` takes no binding, and then the vendor leaves thoughts aside by itself. */
function isBound({ card, effort, turns }: VendorRequest): boolean {
  if (effort === 'none' || !card.quirks?.includes('binds-thoughts')) return false;
  return turns.some(
    (turn) =>
      turn.role === 'assistant' &&
      turn.content.some((part) => part.type === 'reasoning' && part.signature !== undefined),
  );
}
