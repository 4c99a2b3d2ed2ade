import { fileURLToPath } from 'node:url';
import type { Agent } from '@mosaic/proto';
import { temporaryDirectory } from '@mosaic/test-kit';
import { openPty, type Pty } from '@mosaic/test-kit/pty';
import { modelCard } from '../example-turns.ts';
import { GatewayPeer, type PeerOptions, peerToken } from '../gateway-peer.ts';

export const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export const peerOptions: PeerOptions = {
  models: [
    modelCard({ model: 'claude-opus-4-6' }),
    modelCard({ model: 'claude-sonnet-4-6' }),
    modelCard({
      model: 'gpt-5.4',
      provider: 'openai',
      isAvailable: false,
      unavailableReason: 'No key is set.',
    }),
  ],
  agents: [agent('assistant', 'General help'), agent('coding-agent', 'Writes code')],
};

function agent(name: string, description: string): Agent {
  return { name, description, systemPrompt: '', model: null, tools: [], scope: 'system' };
}

export interface RunningTui extends AsyncDisposable {
  readonly pty: Pty;
  readonly peer: GatewayPeer;
}

export interface TuiProgramOptions {
  readonly cols?: number;
  readonly rows?: number;
  readonly args?: readonly string[];
  readonly token?: string;
  readonly peer?: PeerOptions;
}

/** The real program in a real pseudo-terminal, against a peer of its own. */
export async function startTui(options: TuiProgramOptions = {}): Promise<RunningTui> {
  const peer = new GatewayPeer({ ...peerOptions, ...options.peer });
  const url = await peer.listen();
  const directory = await temporaryDirectory();
  const command = [
    process.execPath,
    program,
    'tui',
    '--url',
    url,
    ...(options.args ?? []),
  ] as const;
  const pty = openPty(command, {
    cols: options.cols ?? 100,
    rows: options.rows ?? 30,
    env: {
      MOSAIC_DATA_DIR: directory.path,
      MOSAIC_TOKEN: options.token ?? peerToken,
      TERM_PROGRAM: 'vscode',
      NO_COLOR: '',
    },
  });
  return {
    pty,
    peer,
    async [Symbol.asyncDispose]() {
      await pty.close();
      await peer[Symbol.asyncDispose]();
      await directory.remove();
    },
  };
}
