import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '../../src/index.ts';

function logged(fields: object): Record<string, unknown> {
  const lines: string[] = [];
  const log = createLogger('info', { write: (line: string) => void lines.push(line) });
  log.child({ service: 'memory' }).info(fields, 'happened');
  return JSON.parse(lines[0] ?? '{}');
}

test('lines are JSON with level, time, service and message', () => {
  const { time, ...line } = logged({ count: 2 });
  assert.deepEqual(line, { level: 'info', service: 'memory', count: 2, msg: 'happened' });
  assert.match(String(time), /^\d{4}-\d\d-\d\dT.*Z$/);
});

test('keys and what people wrote never reach the log', () => {
  const line = JSON.stringify(
    logged({
      text: 'a secret thought',
      config: { apiKey: 'sk-leak', seed: 'SUleak' },
      event: { message: { text: 'another thought', token: 'leak' } },
    }),
  );
  assert.doesNotMatch(line, /thought|leak/);
  assert.match(line, /\[redacted\]/);
});
