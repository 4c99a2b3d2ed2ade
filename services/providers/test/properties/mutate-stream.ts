import fc from 'fast-check';

/** One way in which a stream may be damaged; places are parts of a thousand. */
export type Mutation =
  | {
      readonly kind: 'flip' | 'truncate' | 'invalid-utf8';
      readonly at: number;
      readonly bit: number;
    }
  | { readonly kind: 'delete' | 'duplicate'; readonly at: number; readonly length: number }
  | { readonly kind: 'insert'; readonly at: number; readonly text: string }
  | { readonly kind: 'drop-event' | 'repeat-event'; readonly at: number }
  | { readonly kind: 'swap-events'; readonly at: number; readonly partner: number }
  | { readonly kind: 'splice'; readonly at: number; readonly other: number; readonly from: number }
  | {
      readonly kind: 'replace-value';
      readonly at: number;
      readonly place: number;
      readonly value: number;
    };

const place = fc.nat(999);

export const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('flip' as const, 'truncate' as const, 'invalid-utf8' as const),
    at: place,
    bit: fc.nat(7),
  }),
  fc.record({
    kind: fc.constantFrom('delete' as const, 'duplicate' as const),
    at: place,
    length: fc.integer({ min: 1, max: 300 }),
  }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: place,
    text: fc.constantFrom(
      '\n',
      '\r\n\r\n',
      '\0',
      'data: ',
      ': x\n\n',
      'event: error\n',
      '"',
      '{}',
      '[DONE]',
    ),
  }),
  fc.record({ kind: fc.constantFrom('drop-event' as const, 'repeat-event' as const), at: place }),
  fc.record({ kind: fc.constant('swap-events' as const), at: place, partner: place }),
  fc.record({ kind: fc.constant('splice' as const), at: place, other: place, from: place }),
  // The likeliest damage of all is a host that means something else by a field.
  fc.record({ kind: fc.constant('replace-value' as const), at: place, place, value: place }),
  fc.record({ kind: fc.constant('replace-value' as const), at: place, place, value: place }),
);

const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

/** JSON texts to put in the place of a value. */
const oddValues = [
  'null',
  '0',
  '-1',
  '7.5',
  '1e300',
  'true',
  '""',
  '"error"',
  '"stop"',
  '{}',
  '[]',
  '[null]',
  '{"message":5}',
  `"${'x'.repeat(200_000)}"`,
  deep,
  `{"a":${deep}}`,
];

export interface Damaging {
  readonly separator: string;
  /** Other streams of the same vendor, to be spliced in. */
  readonly others: readonly Buffer[];
}

/** Damages a stream. */
export function mutateStream(bytes: Buffer, mutation: Mutation, damaging: Damaging): Buffer {
  const at = Math.floor((mutation.at * bytes.length) / 1_000);
  const without = (from: number, until: number, between: Uint8Array = Buffer.alloc(0)) =>
    Buffer.concat([bytes.subarray(0, from), between, bytes.subarray(until)]);
  switch (mutation.kind) {
    case 'flip':
      return without(at, at + 1, Buffer.of((bytes[at] ?? 0) ^ (1 << mutation.bit)));
    case 'truncate':
      return bytes.subarray(0, at);
    case 'invalid-utf8':
      return without(at, at, Buffer.of(0xff, 0xc0 + mutation.bit));
    case 'delete':
      return without(at, at + mutation.length);
    case 'duplicate':
      return without(at, at, bytes.subarray(at, at + mutation.length));
    case 'insert':
      return without(at, at, Buffer.from(mutation.text));
    case 'splice': {
      const other = damaging.others[mutation.other % damaging.others.length] ?? bytes;
      const from = Math.floor((mutation.from * other.length) / 1_000);
      return Buffer.concat([bytes.subarray(0, at), other.subarray(from)]);
    }
    default:
      return mutateEvents(bytes, mutation, damaging.separator);
  }
}

type EventMutation = Extract<
  Mutation,
  { kind: 'drop-event' | 'repeat-event' | 'swap-events' | 'replace-value' }
>;

function mutateEvents(bytes: Buffer, mutation: EventMutation, separator: string): Buffer {
  const events = bytes.toString().split(separator);
  const at = mutation.at % events.length;
  const event = events[at] ?? '';
  switch (mutation.kind) {
    case 'drop-event':
      events.splice(at, 1);
      break;
    case 'repeat-event':
      events.splice(at, 0, event);
      break;
    case 'replace-value':
      events[at] = replaceValue(event, mutation);
      break;
    default: {
      const other = mutation.partner % events.length;
      events[at] = events[other] ?? '';
      events[other] = event;
    }
  }
  return Buffer.from(events.join(separator));
}

/** Puts something else in the place of one value of the JSON in an event. */
function replaceValue(
  event: string,
  { place, value }: EventMutation & { kind: 'replace-value' },
): string {
  const values = [...event.matchAll(/:("(?:[^"\\]|\\.)*"|[-\d.]+|null|true|false|\{\}|\[\])/g)];
  // Whole objects and lists are values too: what opens one after a colon.
  const chosen = values[place % Math.max(1, values.length)];
  const odd = oddValues[value % oddValues.length] ?? 'null';
  if (!chosen) return event;
  const from = chosen.index + 1;
  return event.slice(0, from) + odd + event.slice(from + (chosen[1]?.length ?? 0));
}
