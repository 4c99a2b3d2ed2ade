import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { MosaicError } from '@mosaic/proto';
import { defaultManners, type Tool } from '../tool.ts';
import { resultText } from './result-text.ts';

export type OfferedTool = Awaited<ReturnType<Client['listTools']>>['tools'][number];

/** Does some work with the client that a person's calls go over. */
export type CallThrough = <Result>(
  userId: string,
  work: (client: Client) => Promise<Result>,
) => Promise<Result>;

export interface ToolOfServer {
  readonly server: string;
  readonly deadlineMs: number;
  readonly callThrough: CallThrough;
}

/** The server checks the arguments itself: it knows its schema better than anybody. */
export function serverTool(offered: OfferedTool, of: ToolOfServer): Tool {
  const { callThrough, deadlineMs, server } = of;
  return {
    ...defaultManners,
    name: `mcp:${server}:${offered.name}`,
    server,
    description: (offered.description ?? offered.title ?? offered.name).slice(0, 4_000),
    parameters: offered.inputSchema,
    defaultPolicy: 'ask',
    deadlineMs,
    async run(args, { caller, signal }) {
      const options = { signal, timeout: deadlineMs, maxTotalTimeout: deadlineMs };
      const call = { name: offered.name, arguments: { ...args } };
      const result = await callThrough(caller.userId, (client) =>
        client.callTool(call, undefined, options),
      ).catch((cause: unknown) => {
        if (cause instanceof MosaicError) throw cause;
        const why = cause instanceof Error ? cause.message.slice(0, 500) : 'it did not answer';
        throw new MosaicError('service_unavailable', `${server}: ${why}`, { cause });
      });
      return resultText(result);
    },
  };
}
