// The fault claims of test/faults with outages of 10 s, a client frozen for 30 s and 50 turns a second.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');
const files = ['kills', 'outages'].map((name) => join(root, 'test/faults', `${name}.test.ts`));
const child = spawn(process.execPath, ['--test', '--test-concurrency=1', ...files], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, FAULTS_LENGTH: 'full' },
});
const [code] = await once(child, 'exit');
process.exitCode = typeof code === 'number' ? code : 1;
