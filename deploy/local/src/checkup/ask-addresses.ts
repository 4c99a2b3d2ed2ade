import { createConnection } from 'node:net';
import type { OllamaFact } from './facts.ts';

const limitMs = 1_500;

/** Whether anything at all answers HTTP there; a refusal is an answer. */
export async function answersHttp(address: string): Promise<boolean> {
  try {
    const answer = await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(limitMs) });
    await answer.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

/** Whether the port of an address accepts a connection. */
export function acceptsConnections(address: string, usualPort: number): Promise<boolean> {
  return new Promise((resolve) => {
    const [first = ''] = address.split(',');
    if (!URL.canParse(first)) return resolve(false);
    const { hostname, port } = new URL(first);
    const socket = createConnection({ host: hostname, port: Number(port) || usualPort });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(limitMs, () => finish(false));
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

/** Whether Ollama is there, and the names of its models. */
export async function askOllama(address: string): Promise<OllamaFact> {
  try {
    const answer = await fetch(`${address}/api/tags`, { signal: AbortSignal.timeout(limitMs) });
    const body: unknown = await answer.json();
    return { address, answers: answer.ok, models: namesIn(body) };
  } catch {
    return { address, answers: false, models: [] };
  }
}

function namesIn(body: unknown): readonly string[] {
  if (typeof body !== 'object' || body === null || !('models' in body)) return [];
  if (!Array.isArray(body.models)) return [];
  return body.models.map((model: unknown) =>
    typeof model === 'object' && model !== null && 'name' in model ? String(model.name) : '',
  );
}
