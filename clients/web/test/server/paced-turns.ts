import {
  type ConversationEvent,
  type LiveDelta,
  makeId,
  noUsage,
  type RouteDecision,
} from '@mosaic/proto';

type EventBody = ConversationEvent extends infer Event
  ? Event extends ConversationEvent
    ? Omit<Event, 'conversationId' | 'seq' | 'at'>
    : never
  : never;

/** Where a turn writes what happens. */
export interface TurnLog {
  readonly append: (body: EventBody) => void;
  readonly tell: (delta: Omit<LiveDelta, 'conversationId'>) => void;
}

export interface RunningTurn {
  readonly run: string;
  readonly stop: () => void;
  /** Lets a turn that is held write on. */
  readonly goOn: () => void;
  /** Writes all the rest at once. */
  readonly finish: () => void;
  /** What was written so far. */
  readonly textSoFar: () => string;
}

const cut = {
  cost: { usd: null, source: 'unknown' },
  failure: {
    code: 'provider_cut',
    message: 'The provider ended the stream early.',
    isRetryable: true,
  },
} as const;
const price = { usd: 0.0042, source: 'table' } as const;

/** A decision as the router makes it, for a model pinned or not. */
export function decisionFor(pinned: string | null): RouteDecision {
  const isPinned = pinned !== null;
  const [, model = 'claude-sonnet-4-6'] = (pinned ?? '').split('/');
  return {
    provider: isPinned ? 'openai' : 'anthropic',
    model: isPinned ? model : 'claude-sonnet-4-6',
    modelName: isPinned ? model : 'Claude Sonnet 4.6',
    rule: isPinned ? 'pinned' : 'Moderate code',
    authority: isPinned ? 'pinned' : 'system-rule',
    reason: isPinned
      ? `You pinned ${model} for this conversation.`
      : 'Moderate coding task (a code block, “refactor”), so the rule “Moderate code” chose it.',
    profile: {
      task: 'coding',
      confidence: 0.87,
      complexity: 'moderate',
      domain: 'backend',
      language: 'en',
      needs: [],
      cues: ['a code block', 'the word “refactor”'],
      promptTokens: 412,
    },
    alternatives: [{ provider: 'openai', model: 'gpt-5.4' }],
    skipped: [{ provider: 'zai', model: 'glm-5', why: 'no key is set' }],
    considered: [
      { rule: 'Complex code', failed: 'complexity is moderate, not complex' },
      { rule: 'Moderate code', failed: null },
    ],
    expectedCostUsd: 0.005,
    policyVersion: 'test',
    tookUs: 214,
  };
}

/** Numbered words, so that one lost or doubled is seen, in markdown of several kinds. */
export function scriptedAnswer(lines: number): string {
  const word = (index: number): string => `w${String(index).padStart(4, '0')}`;
  const body = Array.from({ length: lines }, (_, index) =>
    index % 6 === 5
      ? `- **${word(index)}** in a list\n- and [a link](https://example.org)`
      : `Line ${word(index)} says something *calm* about \`code\` and goes on for a while.`,
  );
  return [
    '## A heading',
    'The cache keeps one promise per key:',
    '```ts\nconst load = (key: string) => pending.get(key) ?? start(key);\n```',
    ...body,
    '| before | after |\n|---|---|\n| two loads | one load |',
    '<b onclick="x">not bold</b>',
  ].join('\n\n');
}

export interface TurnOptions {
  readonly lines: number;
  /** Pause between two pieces; null writes nothing until `finish`. */
  readonly everyMs: number | null;
  readonly pinned: string | null;
  readonly isFailing: boolean;
  /** Pieces behind which it writes nothing until `goOn`; it is not held when left out. */
  readonly holdAfter?: number;
  readonly onEnd: () => void;
}

const pieceChars = 24;

/** Plays one turn into the log, a few characters at a time. */
export function startTurn(log: TurnLog, messageId: string, options: TurnOptions): RunningTurn {
  const run = makeId();
  const text = scriptedAnswer(options.lines);
  const decision = decisionFor(options.pinned);
  let isRouted = false;
  let written = 0;
  let holdAt = (options.holdAfter ?? Number.POSITIVE_INFINITY) * pieceChars;
  const answered = () => ({
    run,
    messageId,
    step: 0,
    text: text.slice(0, written),
    usage: { ...noUsage, inputTokens: 412, outputTokens: Math.ceil(written / 4) },
    timings: { firstTokenMs: 420, totalMs: 3_210 },
    isSimulated: true,
  });
  const end = (body: EventBody): void => {
    clearInterval(timer);
    log.append(body);
    options.onEnd();
  };
  const route = (): void => {
    if (!isRouted) {
      log.append({ type: 'turn.routed', run, messageId, agent: 'assistant', decision });
    }
    isRouted = true;
  };
  const finish = (): void => {
    route();
    written = text.length;
    const { provider, model, rule, reason } = decision;
    const stop = { unified: 'stop', raw: 'end_turn' } as const;
    const who = { provider, model, rule, reason, stop };
    end({ type: 'turn.completed', ...answered(), cost: price, ...who });
  };
  const writeOn = (): void => {
    route();
    if (written >= holdAt) return;
    const piece = text.slice(written, written + pieceChars);
    log.tell({ run, step: 0, kind: 'text', offset: written, text: piece });
    written += piece.length;
    if (options.isFailing && written > 60) end({ type: 'turn.failed', ...answered(), ...cut });
    else if (written === text.length) finish();
  };
  const timer = options.everyMs === null ? undefined : setInterval(writeOn, options.everyMs);
  return {
    run,
    textSoFar: () => text.slice(0, written),
    goOn: () => {
      holdAt = Number.POSITIVE_INFINITY;
    },
    stop: () => end({ type: 'turn.cancelled', ...answered(), cost: price }),
    finish,
  };
}
