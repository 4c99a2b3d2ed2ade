// The fault claims of test/faults with outages of 10 s, a client frozen for 30 s and 50 turns a second.
// `--file kills` or `--file outages` runs one of the two, `--only <pattern>` with it the claims whose name
// fits, `--turns-per-second <n>` is for machines that do not answer 50. A file none of whose claims fits
// would start its Mosaic and never end it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    file: { type: 'string' },
    only: { type: 'string' },
    'turns-per-second': { type: 'string', default: '50' },
  },
});
const root = join(import.meta.dirname, '..', '..', '..');
const files = ['kills', 'outages']
  .filter((name) => values.file === undefined || values.file === name)
  .map((name) => join(root, 'test/faults', `${name}.test.ts`));
const chosen = values.only === undefined ? [] : [`--test-name-pattern=${values.only}`];
const child = spawn(process.execPath, ['--test', '--test-concurrency=1', ...chosen, ...files], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    FAULTS_LENGTH: 'full',
    FAULTS_TURNS_PER_SECOND: values['turns-per-second'],
  },
});
const [code] = await once(child, 'exit');
process.exitCode = typeof code === 'number' ? code : 1;
