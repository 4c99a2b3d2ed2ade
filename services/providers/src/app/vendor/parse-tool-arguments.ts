import { makeFault } from './vendor-fault.ts';
import type { VendorPart } from './vendor-port.ts';

/**
 * Reads the arguments of a complete call, given as JSON text or as an object; nothing at all is `{}`.
 * Text that is no JSON object ends the stream: a tool must never run on half of its arguments.
 */
export function parseToolArguments(
  call: { readonly id: string; readonly name: string },
  written: unknown,
): VendorPart {
  const { id, name } = call;
  const value = typeof written === 'string' ? parseJson(written) : (written ?? {});
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const message = `The model called ${name} with arguments that are not a JSON object.`;
    return { type: 'failed', fault: makeFault('provider_failed', message) };
  }
  return { type: 'tool-call', call: { id, name, arguments: { ...value } } };
}

function parseJson(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
