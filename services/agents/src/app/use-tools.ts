import type { Agent, ToolCall, ToolResult, Turn } from '@mosaic/proto';
import type { StepAnswer } from './answer-step.ts';
import { mineOnly, type RunningTurn, signalOf } from './running-turn.ts';

/** Longest tool output that goes into the log and to the model, in characters. */
const maxToolOutputChars = 20_000;

/** Runs the calls of one step side by side; log order is call order, whatever finished first. */
export async function useTools(
  turn: RunningTurn,
  asked: { readonly agent: Agent; readonly step: number; readonly result: StepAnswer },
): Promise<Turn[]> {
  const { ports, run } = turn;
  const { agent, step, result } = asked;
  const by = turn.tally.answeredBy;
  for (const [index, call] of result.calls.entries()) {
    const { id: callId, name } = call;
    const said = index === 0 ? firstOf(result) : { text: '' };
    await ports.log.append(
      {
        type: 'tool.called',
        run,
        step,
        callId,
        name,
        arguments: call.arguments,
        ...said,
        ...(by && { by }),
      },
      mineOnly(turn),
    );
  }
  turn.partial = { step: step + 1, text: '' };
  const signal = signalOf(turn);
  const timed = await Promise.all(
    result.calls.map(async (call) => {
      const startedMs = ports.nowMs();
      const isGiven = agent.tools.some(({ tool }) => tool === call.name);
      const done = isGiven ? shorten(await ports.runTool(call, signal)) : refuse(call);
      return { done, durationMs: ports.nowMs() - startedMs };
    }),
  );
  for (const { done, durationMs } of timed) {
    await ports.log.append(
      { type: 'tool.finished', run, step, ...done, durationMs },
      mineOnly(turn),
    );
  }
  signal.throwIfAborted();
  return [
    {
      role: 'assistant',
      content: [
        ...result.thoughts.map((thought) => ({ type: 'reasoning' as const, ...thought })),
        ...(result.text === '' ? [] : [{ type: 'text' as const, text: result.text }]),
        ...result.calls.map((call) => ({ type: 'tool-call' as const, ...call })),
      ],
      ...(by && { by }),
    },
    { role: 'tool', results: timed.map(({ done }) => done) },
  ];
}

/** What the model thought and wrote before its calls stands with the first of them. */
function firstOf({ text, thoughts }: StepAnswer) {
  return { text, ...(thoughts.length > 0 && { thoughts: [...thoughts] }) };
}

/** A model may name any tool, whatever it was offered: the agent's list decides. */
function refuse({ id: callId, name }: ToolCall): ToolResult {
  return { callId, name, output: `There is no tool "${name.slice(0, 100)}".`, isError: true };
}

function shorten(result: ToolResult): ToolResult {
  const cut = result.output.length - maxToolOutputChars;
  if (cut <= 0) return result;
  const kept = result.output.slice(0, maxToolOutputChars);
  return { ...result, output: `${kept}\n[${cut} more characters left out]` };
}
