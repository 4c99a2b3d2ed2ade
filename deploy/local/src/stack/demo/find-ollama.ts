const answerLimitMs = 300;
const defaultPort = '11434';

/** The address under which Ollama would be, from its own variables; `OLLAMA_HOST` may lack scheme and port. */
export function ollamaAddress(baseUrl: string | undefined, host: string | undefined): string {
  if (baseUrl !== undefined) return baseUrl.replace(/\/+$/, '');
  const text = host === undefined || host === '' ? '127.0.0.1' : host;
  const url = new URL(text.includes('://') ? text : `http://${text}`);
  // 0.0.0.0 is where a server listens, not where one finds it.
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.port === '' && !text.includes('://')) url.port = defaultPort;
  return url.href.replace(/\/+$/, '');
}

/** Whether an Ollama answers there within 300 ms. */
export async function ollamaAnswers(address: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(answerLimitMs);
    const answer = await fetch(`${address}/api/version`, { signal });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
