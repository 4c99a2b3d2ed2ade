import type OpenAI from 'openai';
import type { BegunCalls } from '../app/vendor/close-answer.ts';
import { parseToolArguments } from '../app/vendor/parse-tool-arguments.ts';
import { wireList, wireName, wireText } from '../app/vendor/read-wire.ts';
import type { VendorPart } from '../app/vendor/vendor-port.ts';

type Event = OpenAI.Responses.ResponseStreamEvent;
type Item = OpenAI.Responses.ResponseOutputItem;
type FunctionCall = OpenAI.Responses.ResponseFunctionToolCall;
type Message = OpenAI.Responses.ResponseOutputMessage;

interface Call {
  readonly id: string;
  readonly name: string;
  state: 'open' | 'complete' | 'broken';
}

/** Where a piece of the output is. Some hosts give every event another item id, but not another place. */
interface Place {
  readonly output_index?: number;
  readonly item_id?: string;
  readonly content_index?: number;
}

/**
 * Reads the output of one response. A piece comes in deltas, or only in its own `done` event, or only
 * in that of its item, or only in the whole response at the end: the first to bring it is believed.
 */
export class OutputReader {
  hasRefused = false;
  readonly #calls = new Map<string, Call>();
  /** Texts and seals that were handed over. */
  readonly #shown = new Set<string>();

  next(event: Event): VendorPart[] {
    switch (event.type) {
      case 'response.output_text.delta':
        return this.#addText(event, event.delta);
      case 'response.output_text.done':
        return this.#showOnce(event, event.text);
      case 'response.refusal.delta':
        this.hasRefused = true;
        return this.#addText(event, event.delta);
      case 'response.refusal.done':
        this.hasRefused = true;
        return this.#showOnce(event, event.refusal);
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        return [{ type: 'reasoning', text: wireText(event.delta) }];
      case 'response.output_item.added':
        return event.item.type === 'function_call' ? this.#openCall(event.item, event) : [];
      case 'response.function_call_arguments.delta':
        return this.#addArguments(event, wireText(event.delta));
      case 'response.function_call_arguments.done':
        return this.#complete(this.#calls.get(placeOf(event)), event.arguments);
      case 'response.output_item.done':
        return this.closeItem(event.item, event.output_index);
      default:
        return [];
    }
  }

  /** Takes a whole item; gives what its own events have not brought already. */
  closeItem(item: Item, index: number): VendorPart[] {
    const place: Place = { output_index: index, ...(item.id && { item_id: item.id }) };
    switch (item.type) {
      case 'function_call':
        return [
          ...this.#openCall(item, place),
          ...this.#complete(this.#findCall(item, place), item.arguments),
        ];
      case 'reasoning':
        return this.#seal(item, placeOf(place));
      case 'message':
        return this.#closeMessage(item, place);
      default:
        return [];
    }
  }

  /** What became of the calls that were begun. */
  calls(): BegunCalls {
    const all = [...this.#calls.values()];
    return {
      complete: all.filter(({ state }) => state === 'complete').length,
      broken: all.filter(({ state }) => state !== 'complete').map(({ name }) => name),
    };
  }

  #addText(place: Place, delta: unknown): VendorPart[] {
    for (const key of textKeys(place)) this.#shown.add(key);
    return [{ type: 'text', text: wireText(delta) }];
  }

  #showOnce(place: Place, text: unknown): VendorPart[] {
    if (textKeys(place).some((key) => this.#shown.has(key))) return [];
    return this.#addText(place, text);
  }

  #closeMessage(message: Message, place: Place): VendorPart[] {
    return wireList(message.content).flatMap((content, index) => {
      const isRefusal = content.type === 'refusal';
      this.hasRefused ||= isRefusal;
      const inside = { ...place, content_index: index };
      return this.#showOnce(inside, isRefusal ? content.refusal : content.text);
    });
  }

  /** A reasoning item ends with its seal; our signature holds what the vendor wants back. */
  #seal(item: OpenAI.Responses.ResponseReasoningItem, key: string): VendorPart[] {
    const sealed = wireName(item.encrypted_content);
    if (!sealed || this.#shown.has(`seal ${key}`)) return [];
    this.#shown.add(`seal ${key}`);
    return [{ type: 'reasoning', text: '', signature: JSON.stringify({ id: item.id, sealed }) }];
  }

  #findCall(item: FunctionCall, place: Place): Call | undefined {
    const byId = [...this.#calls.values()].find(({ id }) => id === item.call_id);
    return byId ?? this.#calls.get(placeOf(place));
  }

  #openCall(item: FunctionCall, place: Place): VendorPart[] {
    if (this.#findCall(item, place)) return [];
    const id = wireName(item.call_id);
    const name = wireName(item.name);
    if (id && name) {
      this.#calls.set(placeOf(place), { id, name, state: 'open' });
      return [{ type: 'tool-call-start', id, name }];
    }
    this.#calls.set(placeOf(place), { id: '', name: 'a tool without a name', state: 'broken' });
    return [];
  }

  #addArguments(place: Place, json: string): VendorPart[] {
    const call = this.#calls.get(placeOf(place));
    return call?.state === 'open' ? [{ type: 'tool-call-delta', id: call.id, json }] : [];
  }

  #complete(call: Call | undefined, written: unknown): VendorPart[] {
    if (call?.state !== 'open') return [];
    const parsed = parseToolArguments(written);
    call.state = parsed ? 'complete' : 'broken';
    if (!parsed) return [];
    return [{ type: 'tool-call', call: { id: call.id, name: call.name, arguments: parsed } }];
  }
}

function placeOf({ output_index, item_id }: Place): string {
  return String(output_index ?? item_id);
}

/** One by place and one by id: to say something twice is worse than to miss what came nowhere else. */
function textKeys({ output_index, item_id, content_index = 0 }: Place): string[] {
  const places = [output_index, item_id].filter((place) => place !== undefined);
  return places.map((place) => `text ${place} ${content_index}`);
}
