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
  readonly dataDir: string;
}

export interface TuiProgramOptions {
  readonly cols?: number;
  readonly rows?: number;
  readonly args?: readonly string[];
  readonly token?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly peer?: PeerOptions;
}

/** The real program in a real pseudo-terminal, against a peer of its own. */
export async function startTui(options: TuiProgramOptions = {}): Promise<RunningTui> {
  const peer = new GatewayPeer({ ...peerOptions, ...options.peer });
  const url = await peer.listen();
  const directory = await temporaryDirectory();
  const pty = openTui(url, directory.path, options);
  return {
    pty,
    peer,
    dataDir: directory.path,
    async [Symbol.asyncDispose]() {
      await pty.close();
      await peer[Symbol.asyncDispose]();
      await directory.remove();
    },
  };
}

/** One more program for a gateway and a data directory that are there already. */
export function openTui(url: string, dataDir: string, options: TuiProgramOptions = {}): Pty {
  const command = [
    process.execPath,
    program,
    'tui',
    '--url',
    url,
    ...(options.args ?? []),
  ] as const;
  return openPty(command, {
    cols: options.cols ?? 100,
    rows: options.rows ?? 30,
    env: tuiEnvironment(dataDir, options),
  });
}

export function tuiEnvironment(
  dataDir: string,
  options: Pick<TuiProgramOptions, 'env' | 'token'> = {},
): Record<string, string> {
  return {
    MOSAIC_DATA_DIR: dataDir,
    MOSAIC_TOKEN: options.token ?? peerToken,
    TERM_PROGRAM: 'vscode',
    NO_COLOR: '',
    ...options.env,
  };
}
