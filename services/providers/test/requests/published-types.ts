// The request types that the vendors publish, under names of ours, for `published-schemas.ts`.
import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
import type { ChatRequest$Outbound } from '@openrouter/sdk/models/chatrequest';
import type { ChatRequest } from 'ollama';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { ResponseCreateParamsStreaming } from 'openai/resources/responses/responses';

export type AnthropicRequest = MessageCreateParamsStreaming;
export type OpenAiRequest = ResponseCreateParamsStreaming;
export type OpenRouterRequest = ChatRequest$Outbound;
/** Z.ai publishes no client for TypeScript; it speaks OpenAI's chat format. */
export type ZaiRequest = ChatCompletionCreateParamsStreaming;
export type OllamaRequest = ChatRequest;
