import type { Answer } from './subject.ts';
import type { Wire } from './wires.ts';

export interface HttpTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly wire: Wire;
}

/** Asks and reads the whole answer. Throws when it is no success, or a stream without its last event. */
export async function askHttp(target: HttpTarget, isStreamed: boolean): Promise<Answer> {
  const startedAt = performance.now();
  const response = await fetch(target.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...target.headers },
    body: JSON.stringify(target.wire.body(isStreamed)),
  });
  if (!response.ok) throw new Error(`${response.status} ${(await response.text()).slice(0, 300)}`);
  if (isStreamed && response.body) return readStream(response.body, target.wire, startedAt);
  const text = target.wire.textOfBody(await response.json());
  const totalMs = performance.now() - startedAt;
  return { text, firstByteMs: totalMs, totalMs };
}

async function readStream(
  body: AsyncIterable<Uint8Array>,
  wire: Wire,
  startedAt: number,
): Promise<Answer> {
  const decoder = new TextDecoder();
  let firstByteMs: number | undefined;
  let rest = '';
  let text = '';
  let isComplete = false;
  for await (const chunk of body) {
    firstByteMs ??= performance.now() - startedAt;
    const events = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = events.pop() ?? '';
    for (const data of events.map(dataOf)) {
      if (data === undefined) continue;
      if (wire.isLast(data)) isComplete = true;
      else text += wire.textOfEvent(JSON.parse(data));
    }
  }
  if (!isComplete) throw new Error(`The stream ended early: …${rest.slice(-200)}`);
  const totalMs = performance.now() - startedAt;
  return { text, firstByteMs: firstByteMs ?? totalMs, totalMs };
}

function dataOf(event: string): string | undefined {
  const line = event.split('\n').find((one) => one.startsWith('data: '));
  return line?.slice('data: '.length);
}
