import type { BetaThinkingConfigParam } from '@anthropic-ai/sdk/resources/beta/messages';
import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
import type { ChatRequest$Outbound } from '@openrouter/sdk/models/chatrequest';
import type { ChatRequest } from 'ollama';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { ResponseCreateParamsStreaming } from 'openai/resources/responses/responses';

/** The request types that the vendors publish; `published-schemas.ts` makes schemas of them. */
export interface PublishedRequests {
  /** `block_binding` is in the type of the beta alone. */
  anthropic: Omit<MessageCreateParamsStreaming, 'thinking'> & {
    thinking?: BetaThinkingConfigParam;
  };
  openai: ResponseCreateParamsStreaming;
  openrouter: ChatRequest$Outbound;
  /** Z.ai publishes no client for TypeScript; it speaks OpenAI's chat format. */
  zai: ChatCompletionCreateParamsStreaming;
  ollama: ChatRequest;
}
