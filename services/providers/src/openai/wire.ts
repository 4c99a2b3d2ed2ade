import { createHash } from 'node:crypto';
import type { OutputFormat, Turn } from '@mosaic/proto';
import type OpenAI from 'openai';
import type { VendorRequest, VendorRules } from '../app/vendor/vendor-port.ts';
import { isStrictSchema, supportOfSchema } from '../openai-compatible/strict-schema.ts';

type Params = OpenAI.Responses.ResponseCreateParamsStreaming;
type InputItem = OpenAI.Responses.ResponseInputItem;
type UserPart = Extract<Turn, { role: 'user' }>['content'][number];

export const openAiRules: VendorRules = {
  callIdMaxLength: 64,
  needsAlternatingRoles: false,
  needsToolsForCalls: false,
  toolChoices: 'every',
  thinksWhenForced: true,
  // The Responses API has no stop sequences, no seed and no penalties.
  parameters: {
    temperature: { least: 0, most: 2 },
    topP: { least: 0, most: 1 },
    mostStops: 0,
    takesBlankStops: false,
    takesSeed: false,
    takesPenalties: false,
    takesParallelSwitch: true,
  },
  takesJsonFormat: true,
  supportOfSchema,
  files: {
    pdf: 'with-vision',
    others: [
      'text/plain',
      'text/markdown',
      'text/html',
      'text/csv',
      'application/json',
      'application/vnd.openxmlformats-officedocument.',
    ],
  },
  // Models that don't reason answer 400 to an effort, and the list does not say which do.
  defaultReasoning: null,
  defaultMaxOutputTokens: null,
  leastOutputTokens: 16,
  mustOutputFit: false,
};

/** Our request as the Responses API takes it. Nothing is stored there: the history is ours. */
export function toWire(request: VendorRequest): Params {
  const { effort, outputFormat, temperature, toolChoice, tools, topP } = request;
  return {
    model: request.model,
    input: [...askForJson(outputFormat), ...request.turns.flatMap(toItems)],
    stream: true,
    store: false,
    // Without storage the model's reasoning has to travel with us, sealed.
    ...(request.card.capabilities.includes('reasoning') && {
      include: ['reasoning.encrypted_content' as const],
    }),
    ...(request.system !== null && { instructions: request.system }),
    ...(tools.length > 0 && {
      tools: tools.map((tool) => ({ ...tool, type: 'function' as const, strict: false })),
      tool_choice:
        typeof toolChoice === 'string' ? toolChoice : { type: 'function' as const, ...toolChoice },
    }),
    ...(tools.length > 0 &&
      request.parallelToolCalls !== undefined && {
        parallel_tool_calls: request.parallelToolCalls,
      }),
    ...(outputFormat && { text: { format: toFormat(outputFormat) } }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(request.maxOutputTokens && { max_output_tokens: request.maxOutputTokens }),
    ...(effort && { reasoning: { effort } }),
    ...(request.conversationId && { prompt_cache_key: toCacheKey(request.conversationId) }),
  };
}

/** The API answers 400 to its JSON mode when no message has the word in it; instructions don't count. */
function askForJson(format: OutputFormat | undefined): InputItem[] {
  return format?.type === 'json' ? [{ role: 'developer', content: 'Answer in JSON.' }] : [];
}

function toFormat(format: OutputFormat): OpenAI.Responses.ResponseFormatTextConfig {
  if (format.type === 'json') return { type: 'json_object' };
  const { description, name, schema } = format;
  const strict = isStrictSchema(schema);
  return { type: 'json_schema', name, schema, strict, ...(description && { description }) };
}

const cacheKeyMaxLength = 64;

function toCacheKey(conversationId: string): string {
  if (conversationId.length <= cacheKeyMaxLength) return conversationId;
  return createHash('sha256').update(conversationId).digest('hex');
}

function toItems(turn: Turn): InputItem[] {
  switch (turn.role) {
    case 'user':
      return [{ role: 'user', content: turn.content.map(toInput) }];
    case 'tool':
      return turn.results.map((result) => ({
        type: 'function_call_output',
        call_id: result.callId,
        output: result.output,
      }));
    case 'assistant':
      return turn.content.flatMap((part, index): InputItem[] => {
        if (part.type === 'text') return [{ role: 'assistant', content: part.text }];
        if (part.type === 'reasoning') {
          // A reasoning item must be followed by what it led to.
          const rest = turn.content.slice(index + 1);
          return rest.some(({ type }) => type !== 'reasoning') ? toReasoning(part.signature) : [];
        }
        const { id: call_id, name } = part;
        const written = JSON.stringify(part.arguments);
        return [{ type: 'function_call', call_id, name, arguments: written }];
      });
    default:
      return turn satisfies never;
  }
}

function toInput(part: UserPart): OpenAI.Responses.ResponseInputContent {
  if (part.type === 'text') return { type: 'input_text', text: part.text };
  const data = `data:${part.mediaType};base64,${part.base64}`;
  return part.type === 'image'
    ? { type: 'input_image', detail: 'auto', image_url: data }
    : { type: 'input_file', filename: part.name, file_data: data };
}

/** Our signature of a reasoning item holds what the vendor wants back: its id and sealed content. */
function toReasoning(signature: string | undefined): InputItem[] {
  if (!signature) return [];
  try {
    const { id, sealed } = JSON.parse(signature) as { id?: unknown; sealed?: unknown };
    if (typeof id !== 'string' || typeof sealed !== 'string') return [];
    return [{ type: 'reasoning', id, summary: [], encrypted_content: sealed }];
  } catch {
    return [];
  }
}
