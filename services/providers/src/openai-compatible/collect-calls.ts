import type { BegunCalls } from '../app/vendor/close-answer.ts';
import { mintCallId } from '../app/vendor/mint-call-id.ts';
import { parseToolArguments } from '../app/vendor/parse-tool-arguments.ts';
import { wireName } from '../app/vendor/read-wire.ts';
import type { VendorPart } from '../app/vendor/vendor-port.ts';

/** A piece of a tool call as hosts really send it: everything may be missing or null. */
export interface ChatToolDelta {
  readonly index?: number | null;
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: unknown } | null;
}

interface OpenCall {
  /** What its pieces have in common: their index, else their place in the list of deltas. */
  readonly slot: number | string;
  id: string;
  name: string;
  json: string;
  isShown: boolean;
}

/** Collects the tool calls of one chat answer. */
export class CallCollector {
  readonly #calls: OpenCall[] = [];

  add(piece: ChatToolDelta, position: number): VendorPart[] {
    const call = this.#callOf(piece, position);
    if (!call.isShown) {
      call.id ||= wireName(piece.id) ?? '';
      call.name ||= wireName(piece.function?.name) ?? '';
    }
    const written = toJsonText(piece.function?.arguments);
    // Some hosts write an empty object first and the real arguments behind it.
    if (call.json === '' && written.trim() === '{}') return this.#show(call);
    call.json += written;
    if (!call.isShown) return this.#show(call);
    return written ? [{ type: 'tool-call-delta', id: call.id, json: written }] : [];
  }

  /** The calls that are whole; complete or not is known at the end of the answer only. */
  close(): { readonly parts: readonly VendorPart[]; readonly calls: BegunCalls } {
    const broken: string[] = [];
    const parts = this.#calls.flatMap(({ id, name, json, isShown }): VendorPart[] => {
      const parsed = parseToolArguments(json);
      if (parsed && isShown) return [{ type: 'tool-call', call: { id, name, arguments: parsed } }];
      broken.push(name || 'a tool without a name');
      return [];
    });
    return { parts, calls: { complete: parts.length, broken } };
  }

  /** By index, else by id. Hosts that give every call index 0 begin a new one with a new id. */
  #callOf({ index, id, function: called }: ChatToolDelta, position: number): OpenCall {
    const slot = index ?? wireName(id) ?? position;
    const known = this.#calls.findLast((call) => call.slot === slot);
    const isAnother = known?.id && wireName(id) && known.id !== id && wireName(called?.name);
    if (known && !isAnother) return known;
    const call = { slot, id: '', name: '', json: '', isShown: false };
    this.#calls.push(call);
    return call;
  }

  /** The name may come late: until then there is nothing to tell. */
  #show(call: OpenCall): VendorPart[] {
    if (call.isShown || !call.name) return [];
    call.isShown = true;
    call.id ||= mintCallId();
    const start: VendorPart = { type: 'tool-call-start', id: call.id, name: call.name };
    return call.json ? [start, { type: 'tool-call-delta', id: call.id, json: call.json }] : [start];
  }
}

/** Arguments come as pieces of text, or whole as an object. */
function toJsonText(written: unknown): string {
  if (typeof written === 'string') return written;
  return written === null || written === undefined ? '' : JSON.stringify(written);
}
