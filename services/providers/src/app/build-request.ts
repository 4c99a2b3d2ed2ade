import type { ModelRef } from '@mosaic/proto';
import { prepareTurns, withoutLoneSurrogates } from './prepare-turns.ts';
import type {
  CompletionRequest,
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
  { candidate, card, rules }: BuildOptions,
): { readonly request: VendorRequest; readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const keepIf = <Value>(value: Value | undefined, isAccepted: boolean, name: string) => {
    if (value !== undefined && !isAccepted) warnings.push(`${card.name} takes no ${name}.`);
    return isAccepted ? value : undefined;
  };
  const can = (capability: VendorCard['capabilities'][number]) =>
    card.capabilities.includes(capability);
  const canUseTools = card.capabilities.length === 0 || can('tools');
  const tools = keepIf(request.tools.length > 0 ? request.tools : undefined, canUseTools, 'tools');
  const wanted = request.maxOutputTokens;
  const limit = card.maxOutputTokens;
  return {
    request: {
      model: candidate.model,
      card,
      system: request.system === null ? null : withoutLoneSurrogates(request.system),
      turns: prepareTurns(request.turns, { target: candidate, rules, canSeeImages: can('vision') }),
      tools: tools ?? [],
      toolChoice: request.toolChoice,
      temperature: keepIf(
        request.temperature,
        card.acceptsTemperature && rules.takesTemperature,
        'temperature',
      ),
      maxOutputTokens: wanted && limit ? Math.min(wanted, limit) : wanted,
      // Effort is a preference of the router for whatever model answers: leaving it out is no news.
      effort: card.acceptsEffort ? request.effort : undefined,
      conversationId: request.conversationId,
      isPrefixReused: request.purpose === 'turn' || request.purpose === 'door',
    },
    warnings,
  };
}
