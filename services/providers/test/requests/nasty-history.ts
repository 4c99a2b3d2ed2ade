import type { ModelRef, Turn } from '@mosaic/proto';
import fc from 'fast-check';

type UserTurn = Extract<Turn, { role: 'user' }>;
type AssistantTurn = Extract<Turn, { role: 'assistant' }>;
type Reasoning = Extract<AssistantTurn['content'][number], { type: 'reasoning' }>;

/** Stands in every good thought and in every seal, so that a test can see whose it is. */
export function sealMark(by: ModelRef): string {
  return `seal-of-${by.provider}/${by.model}`;
}

/** A seal in the form in which the vendor's translation keeps it. */
export function sealOf(by: ModelRef): string | undefined {
  const mark = sealMark(by);
  if (by.provider === 'anthropic') return mark;
  if (by.provider === 'openai') return JSON.stringify({ id: 'rs_1', sealed: mark });
  if (by.provider !== 'openrouter') return undefined;
  return JSON.stringify([{ type: 'reasoning.encrypted', data: mark }]);
}

const oddText = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 20, unit: 'grapheme' }) },
  fc.constantFrom(
    '',
    ' ',
    '\n\t',
    'half \ud83d pair',
    '\udc00',
    '"\\u0000',
    '👩‍👩‍👧',
    'x'.repeat(3_000),
  ),
);

/** Few enough that calls and results meet, and that ids are used twice. */
const oddId = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'call_1', 'toolu_01A', 'functions.clock:0') },
  fc.string({ minLength: 1, maxLength: 200, unit: 'binary' }),
  fc.constantFrom('x'.repeat(64), 'x'.repeat(65), 'y'.repeat(200), '🎉', '\ud800'),
);
const oddName = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('clock', 'weather') },
  fc.constantFrom('functions.clock', 'größe', 'n'.repeat(100)),
);

const textPart = oddText.map((text) => ({ type: 'text' as const, text }));
const mediaPart = fc.oneof(
  fc
    .constantFrom('image/png', 'image/jpg', 'image/heic', 'IMAGE/WEBP; q=1')
    .map((mediaType) => ({ type: 'image' as const, mediaType, base64: 'iVBORw==' })),
  fc
    .record({
      mediaType: fc.constantFrom('application/pdf', 'text/csv', 'text/x-odd', 'application/zip'),
      base64: fc.constantFrom('JVBERg==', '', 'IA==', '/////w=='),
      name: fc.constantFrom('a.pdf', 'half\ud83d.csv', 'n'.repeat(255)),
    })
    .map((file) => ({ type: 'file' as const, ...file })),
);
const userTurn: fc.Arbitrary<UserTurn> = fc
  .array(fc.oneof({ weight: 3, arbitrary: textPart }, mediaPart), { minLength: 1, maxLength: 3 })
  .map((content) => ({ role: 'user', content }));

function reasoning(by: ModelRef): fc.Arbitrary<Reasoning> {
  return fc.record({ text: oddText, isSealed: fc.boolean() }).map(({ text, isSealed }) => {
    const signature = isSealed ? sealOf(by) : undefined;
    return { type: 'reasoning', text, ...(signature && { signature }) };
  });
}

function assistantTurn(authors: readonly ModelRef[]): fc.Arbitrary<AssistantTurn> {
  const call = fc.record({ id: oddId, name: oddName, said: oddText }).map(({ id, name, said }) => ({
    type: 'tool-call' as const,
    id,
    name,
    arguments: { [said]: [said, { deep: said }] },
  }));
  return fc.constantFrom(...authors).chain((by) =>
    fc
      .record({
        content: fc.array(fc.oneof(textPart, reasoning(by), call), { maxLength: 5 }),
        isSigned: fc.boolean(),
      })
      .map(({ content, isSigned }) => ({ role: 'assistant', content, ...(isSigned && { by }) })),
  );
}

const toolTurn: fc.Arbitrary<Turn> = fc
  .array(fc.record({ callId: oddId, name: oddName, output: oddText, isError: fc.boolean() }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((results) => ({ role: 'tool', results }));

/** Histories as nobody should have them: orphans, doubles, foreign seals, roles in any order. */
export function nastyHistory(authors: readonly ModelRef[]): fc.Arbitrary<Turn[]> {
  const turn = fc.oneof(userTurn, assistantTurn(authors), toolTurn);
  return fc.array(turn, { minLength: 1, maxLength: 10 });
}

/** What a model answers when all goes well: a thought, a call with its result, and words. */
export function goodAnswer(by: ModelRef, step: number): Turn[] {
  const id = `call_${by.provider}_${step}`;
  const signature = sealOf(by);
  const thought: Reasoning = {
    type: 'reasoning',
    text: `Thinking ${step}: ${sealMark(by)}`,
    ...(signature && { signature }),
  };
  return [
    {
      role: 'assistant',
      by,
      content: [thought, { type: 'tool-call', id, name: 'clock', arguments: { step } }],
    },
    { role: 'tool', results: [{ callId: id, name: 'clock', output: 'noon', isError: false }] },
    { role: 'assistant', by, content: [{ type: 'text', text: `It is noon (${step}).` }] },
  ];
}

export function words(text: string): Turn {
  return { role: 'user', content: [{ type: 'text', text }] };
}
