import { MosaicError, type ToolCall, type ToolGrant, type ToolSpec } from '@mosaic/proto';
import type { Logger } from '@mosaic/service-kit';
import { isOffered, noSuchTool } from '../app/policy/judge-call.ts';
import type { ToolRun } from '../app/ports.ts';
import { cutResult } from './results/cut-result.ts';
import type { ResultStore } from './results/result-store.ts';
import type { Tool, ToolContext } from './tool.ts';
import { wireName } from './wire-name.ts';

export interface Toolbox {
  /** The tools that a list could let through, as a model sees them. */
  specs(grants: readonly ToolGrant[]): ToolSpec[];
  /** What we call a tool by the name that a model called it; an unknown one stays as it is. */
  nameOf(called: string): string;
  runsAlone(name: string): boolean;
  /** Makes one call that was let through; every failure becomes a sentence for the model. */
  run(call: ToolCall, context: ToolContext): Promise<ToolRun>;
}

export interface ToolboxParts {
  /** All tools there are now: servers behind some of them come and go. */
  readonly tools: () => readonly Tool[];
  readonly results: ResultStore;
  /** Hears what broke inside a tool; the model hears only that it did. */
  readonly log: Pick<Logger, 'error'>;
}

export function makeToolbox({ tools, results, log }: ToolboxParts): Toolbox {
  const find = (name: string) => tools().find((tool) => tool.name === name);
  return {
    specs: (grants) =>
      tools()
        .filter(({ name }) => isOffered(grants, name))
        .map(specOf),
    nameOf: (called) => tools().find(({ name }) => wireName(name) === called)?.name ?? called,
    runsAlone: (name) => find(name)?.runsAlone ?? false,
    async run(call, context) {
      const tool = find(call.name);
      if (tool === undefined) return { output: noSuchTool(call.name), outcome: 'refused' };
      const told = (err: unknown) => log.error({ tool: tool.name, err }, 'a tool failed');
      const done = await runTool(tool, call, { ...context, told });
      return { ...done, output: await cutResult(results, { tool, output: done.output }, context) };
    },
  };
}

/** Ends at the deadline and when the turn is stopped, whether or not the tool listens. */
async function runTool(
  tool: Tool,
  call: ToolCall,
  { told, ...context }: ToolContext & { readonly told: (thrown: unknown) => void },
): Promise<ToolRun> {
  const deadline = AbortSignal.timeout(tool.deadlineMs);
  const signal = AbortSignal.any([context.signal, deadline]);
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const output = await Promise.race([tool.run(call.arguments, { ...context, signal }), stopped]);
    return { output, outcome: 'ran' };
  } catch (thrown) {
    if (context.signal.aborted) return { output: 'The turn was stopped.', outcome: 'stopped' };
    if (deadline.aborted) {
      const seconds = Math.ceil(tool.deadlineMs / 1_000);
      return { output: `${tool.name} took longer than ${seconds} s.`, outcome: 'timed-out' };
    }
    if (thrown instanceof MosaicError) return { output: thrown.message, outcome: 'failed' };
    told(thrown);
    return { output: `${tool.name} failed.`, outcome: 'failed' };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function specOf({ name, description, parameters }: Tool): ToolSpec {
  return { name: wireName(name), description, parameters };
}
