import { type AnsweredCall, splitArguments } from '../wire/answer.ts';

export function callId(id: string): string {
  return id.startsWith('call_') ? id : `call_${id}`;
}

/** Tool calls as a unary answer carries them. */
export function wholeCalls(calls: readonly AnsweredCall[]) {
  return calls.map((call) => ({
    id: callId(call.id),
    type: 'function',
    function: { name: call.name, arguments: call.argumentsJson },
  }));
}

/** Deltas of one call: the first names it, the others bring its arguments piece by piece. */
export function callDeltas(call: AnsweredCall, index: number): readonly object[] {
  const opening = {
    index,
    id: callId(call.id),
    type: 'function',
    function: { name: call.name, arguments: '' },
  };
  const pieces = splitArguments(call.argumentsJson);
  return [opening, ...pieces.map((piece) => ({ index, function: { arguments: piece } }))];
}
