import type { CompletionPart } from '@mosaic/proto';
import {
  emptyMessage,
  type MessageIdentity,
  stopReason,
  toMessageUsage,
} from './anthropic-answer.ts';

/** One event of the stream; its `type` is also the name of the server-sent event. */
export interface MessageEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

type Block =
  | { readonly kind: 'text' | 'thinking' }
  | { readonly kind: 'tool'; readonly id: string };

/** Turns our parts into the events of a streamed message, one after the other. */
export class MessageEvents {
  readonly #identity: MessageIdentity;
  #index = -1;
  #open: Block | undefined;
  /** Calls that have a block, open or closed. */
  readonly #begun = new Set<string>();
  #hasPieces = false;

  constructor(identity: MessageIdentity) {
    this.#identity = identity;
  }

  take(part: CompletionPart): readonly MessageEvent[] {
    switch (part.type) {
      case 'start':
        return [{ type: 'message_start', message: emptyMessage(this.#identity) }];
      case 'text':
        return [...this.#words('text'), this.#delta({ type: 'text_delta', text: part.text })];
      case 'reasoning':
        return this.#think(part);
      case 'tool-call-start':
        return this.#beginCall(part.id, part.name);
      case 'tool-call-delta':
        return this.#addJson(part.id, part.json);
      case 'tool-call':
        return this.#endCall(part.call);
      case 'end':
        return [...this.#close(), ...closing(part)];
      case 'usage':
      case 'warning':
      case 'error':
        return [];
      default:
        return part satisfies never;
    }
  }

  #think(part: Extract<CompletionPart, { type: 'reasoning' }>): readonly MessageEvent[] {
    const { signature, text } = part;
    const events = [...this.#words('thinking')];
    if (text !== '') events.push(this.#delta({ type: 'thinking_delta', thinking: text }));
    if (signature !== undefined) events.push(this.#delta({ type: 'signature_delta', signature }));
    return events;
  }

  #words(kind: 'text' | 'thinking'): readonly MessageEvent[] {
    if (this.#open?.kind === kind) return [];
    const block =
      kind === 'text'
        ? { type: 'text', text: '' }
        : { type: 'thinking', thinking: '', signature: '' };
    return [...this.#close(), this.#begin({ kind }, block)];
  }

  /** Blocks never overlap: a call that begins inside another one comes whole, at its end. */
  #beginCall(id: string, name: string): readonly MessageEvent[] {
    if (this.#open?.kind === 'tool' || this.#begun.has(id)) return [];
    this.#begun.add(id);
    this.#hasPieces = false;
    const block = { type: 'tool_use', id, name, input: {} };
    return [...this.#close(), this.#begin({ kind: 'tool', id }, block)];
  }

  #addJson(id: string, json: string): readonly MessageEvent[] {
    if (this.#open?.kind !== 'tool' || this.#open.id !== id) return [];
    this.#hasPieces = true;
    return [this.#delta({ type: 'input_json_delta', partial_json: json })];
  }

  #endCall(call: Extract<CompletionPart, { type: 'tool-call' }>['call']): readonly MessageEvent[] {
    const isOpen = this.#open?.kind === 'tool' && this.#open.id === call.id;
    if (isOpen && this.#hasPieces) return this.#close();
    const between = isOpen ? [] : [...this.#close(), ...this.#beginCall(call.id, call.name)];
    return [
      ...between,
      ...this.#addJson(call.id, JSON.stringify(call.arguments)),
      ...this.#close(),
    ];
  }

  #begin(open: Block, block: object): MessageEvent {
    this.#open = open;
    this.#index += 1;
    return { type: 'content_block_start', index: this.#index, content_block: block };
  }

  #close(): readonly MessageEvent[] {
    if (this.#open === undefined) return [];
    this.#open = undefined;
    return [{ type: 'content_block_stop', index: this.#index }];
  }

  #delta(delta: object): MessageEvent {
    return { type: 'content_block_delta', index: this.#index, delta };
  }
}

function closing(part: Extract<CompletionPart, { type: 'end' }>): readonly MessageEvent[] {
  const delta = { stop_reason: stopReason(part.stop.unified), stop_sequence: null };
  return [
    { type: 'message_delta', delta, usage: toMessageUsage(part.usage) },
    { type: 'message_stop' },
  ];
}
