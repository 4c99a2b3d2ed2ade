import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { installApart } from '../../install-apart.ts';
import { processTree } from '../processes.ts';
import { askHttp } from './ask-http.ts';
import { directChat } from './start-subjects.ts';
import { endProcess, type VendorProcess } from './start-vendor.ts';
import type { Subject } from './subject.ts';
import { chatWire } from './wires.ts';

const version = '1.15.2';
const loopbackOnly = fileURLToPath(new URL('loopback-only.mjs', import.meta.url));

/**
 * Portkey's gateway, which is in TypeScript too, without its console and in production mode. It would
 * listen on every address; here it is only on loopback. Undefined when it can't be installed.
 */
export async function startPeer(vendor: VendorProcess): Promise<Subject | undefined> {
  const installed = await installApart({
    name: 'portkey',
    dependencies: { '@portkey-ai/gateway': version },
    // With newer ones, which its own ranges allow, every streamed answer is an error on Node 24.
    overrides: { '@hono/node-server': '1.13.5', hono: '4.9.7' },
  });
  if (installed === undefined) return undefined;
  const program = `${installed}/@portkey-ai/gateway/build/start-server.js`;
  const child = fork(program, ['--headless', '--port=0'], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production' },
    execArgv: ['--import', loopbackOnly],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const target = {
    url: `http://127.0.0.1:${port}/v1/chat/completions`,
    headers: {
      authorization: 'Bearer sk-test-key',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': vendor.url,
    },
    wire: chatWire(),
  };
  return {
    name: `Portkey gateway ${version}`,
    over: directChat,
    processes: processTree(child.pid ?? 0, 'gateway'),
    hasUnary: true,
    ask: (isStreamed) => askHttp(target, isStreamed),
    [Symbol.asyncDispose]: () => endProcess(child),
  };
}
