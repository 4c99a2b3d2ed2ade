import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

it('runs as a process of its own: one line with the URLs, answers, ends at SIGTERM', async () => {
  const child = spawn(process.execPath, [main, '--pace-ms', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const { urls, environment } = JSON.parse(line);
    const tags = await fetch(`${urls.ollama}/api/tags`);
    assert.equal(tags.status, 200);
    await tags.text();
    assert.equal(environment.ANTHROPIC_BASE_URL, urls.anthropic);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  } finally {
    child.kill('SIGKILL');
  }
});
