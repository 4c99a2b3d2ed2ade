/** Prices are strings in US dollars per token, as OpenRouter writes them. */
export interface ListedModel {
  readonly id: string;
  readonly name: string;
  readonly context: number;
  readonly maxOutput: number;
  readonly prompt: string;
  readonly completion: string;
  /** The upstream that serves it, named in every chunk. */
  readonly upstream: string;
}

export const listedModels: readonly ListedModel[] = [
  {
    id: 'anthropic/claude-sonnet-4.6',
    name: 'Anthropic: Claude Sonnet 4.6',
    context: 1_000_000,
    maxOutput: 128_000,
    prompt: '0.000003',
    completion: '0.000015',
    upstream: 'Anthropic',
  },
  {
    id: 'z-ai/glm-5',
    name: 'Z.AI: GLM 5',
    context: 204_800,
    maxOutput: 131_072,
    prompt: '0.000001',
    completion: '0.0000032',
    upstream: 'Z.AI',
  },
  {
    id: 'openai/gpt-5.4',
    name: 'OpenAI: GPT-5.4',
    context: 1_050_000,
    maxOutput: 128_000,
    prompt: '0.0000025',
    completion: '0.000015',
    upstream: 'OpenAI',
  },
];

/** An entry of GET /models. */
export function describeModel(model: ListedModel) {
  return {
    id: model.id,
    canonical_slug: model.id,
    name: model.name,
    created: 1_771_286_400,
    description: `${model.name} by way of OpenRouter.`,
    context_length: model.context,
    architecture: {
      modality: 'text->text',
      input_modalities: ['text'],
      output_modalities: ['text'],
      tokenizer: 'Other',
      instruct_type: null,
    },
    pricing: { prompt: model.prompt, completion: model.completion, request: '0', image: '0' },
    top_provider: {
      context_length: model.context,
      max_completion_tokens: model.maxOutput,
      is_moderated: false,
    },
    per_request_limits: null,
    supported_parameters: ['max_tokens', 'reasoning', 'temperature', 'tool_choice', 'tools'],
  };
}

/** Cost of a request in US dollars, by the listed prices. */
export function costOf(id: string, tokens: { input: number; output: number }): number {
  const model = listedModels.find((listed) => listed.id === id);
  if (model === undefined) return 0;
  const cost = tokens.input * Number(model.prompt) + tokens.output * Number(model.completion);
  return Number(cost.toFixed(9));
}
