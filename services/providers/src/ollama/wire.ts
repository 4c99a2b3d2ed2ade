import type { Turn } from '@mosaic/proto';
import type { ChatRequest, Message, Options, Tool } from 'ollama';
import type { VendorRequest, VendorRules } from '../app/vendor/vendor-port.ts';

export const ollamaRules: VendorRules = {
  callIdMaxLength: 64,
  needsAlternatingRoles: false,
  needsToolsForCalls: false,
  // The server knows no tool choice: "none" means sending no tools.
  toolChoices: 'auto-or-none',
  thinksWhenForced: true,
  parameters: {
    temperature: { least: 0, most: 2 },
    topP: { least: 0, most: 1 },
    mostStops: 16,
    takesBlankStops: true,
    takesSeed: true,
    takesPenalties: true,
    takesParallelSwitch: false,
  },
  takesJsonFormat: true,
  supportOfSchema: () => 'promised',
  files: { pdf: 'never', others: [] },
  defaultReasoning: { how: 'switch' },
  defaultMaxOutputTokens: null,
  leastOutputTokens: 1,
  mustOutputFit: false,
};

/** The context a model is loaded with; the same for every call, because a change loads it again. */
export function chooseContext(request: VendorRequest, longestTokens: number): number {
  return Math.min(request.card.contextTokens ?? longestTokens, longestTokens);
}

/** Our request as /api/chat takes it. Without `num_ctx` the server would quietly cut the history. */
export function toWire(
  request: VendorRequest,
  longestContextTokens: number,
): ChatRequest & { stream: true } {
  const system: Message[] =
    request.system === null ? [] : [{ role: 'system', content: request.system }];
  return {
    model: request.model,
    messages: [...system, ...request.turns.flatMap(toMessages)],
    stream: true,
    options: { num_ctx: chooseContext(request, longestContextTokens), ...toOptions(request) },
    ...(request.tools.length > 0 &&
      request.toolChoice !== 'none' && {
        tools: request.tools.map(
          // The SDK's type knows a few schema words only; the server takes any JSON Schema.
          (tool) => ({ type: 'function', function: tool }) as Tool,
        ),
      }),
    ...(request.outputFormat && {
      format: request.outputFormat.type === 'json' ? 'json' : request.outputFormat.schema,
    }),
    ...(request.effort && { think: toThink(request) }),
  };
}

function toOptions(request: VendorRequest): Partial<Options> {
  const { frequencyPenalty, presencePenalty, seed, stop, temperature, topP } = request;
  return {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(stop.length > 0 && { stop: [...stop] }),
    ...(seed !== undefined && { seed }),
    ...(presencePenalty !== undefined && { presence_penalty: presencePenalty }),
    ...(frequencyPenalty !== undefined && { frequency_penalty: frequencyPenalty }),
    ...(request.maxOutputTokens && { num_predict: request.maxOutputTokens }),
  };
}

/** A level for the models that have some, else on or off. */
function toThink({ card, effort }: VendorRequest): NonNullable<ChatRequest['think']> {
  const isLevel = effort === 'low' || effort === 'medium' || effort === 'high';
  return card.reasoning?.how === 'effort' && isLevel ? effort : effort !== 'none';
}

function toMessages(turn: Turn): Message[] {
  switch (turn.role) {
    case 'user': {
      const text = turn.content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
      // As bytes: the SDK takes a string for the path of a file on this machine, if there is one.
      const images = turn.content.flatMap((part) =>
        part.type === 'image' ? [Uint8Array.from(Buffer.from(part.base64, 'base64'))] : [],
      );
      const content = text.join('\n\n');
      return [{ role: 'user', content, ...(images.length > 0 && { images }) }];
    }
    case 'tool':
      return turn.results.map((result) => ({
        role: 'tool',
        content: result.output,
        tool_name: result.name,
      }));
    case 'assistant':
      return [toAssistantMessage(turn)];
    default:
      return turn satisfies never;
  }
}

function toAssistantMessage(turn: Extract<Turn, { role: 'assistant' }>): Message {
  const message: Message = { role: 'assistant', content: '' };
  for (const part of turn.content) {
    if (part.type === 'text') message.content += part.text;
    else if (part.type === 'reasoning') message.thinking = (message.thinking ?? '') + part.text;
    else {
      message.tool_calls ??= [];
      message.tool_calls.push({ function: { name: part.name, arguments: part.arguments } });
    }
  }
  return message;
}
