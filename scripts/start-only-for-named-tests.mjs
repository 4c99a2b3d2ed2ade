// Loaded into every test file when `npm test` is given --name. In a file none of whose tests has the
// name, the runner calls `before` and, without waiting for it, `after` (Node 24.21): what the one
// starts, nobody stops, and the file never ends. Here `before` is called only where a test will run.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { setImmediate as nextTurn } from 'node:timers/promises';

const runner = createRequire(import.meta.url)('node:test');
const pattern = new RegExp(process.env.ONLY_TESTS_NAMED);
let isAnyNamed = false;

function noteName(register) {
  return (name, ...rest) => {
    if (typeof name === 'string' && pattern.test(name)) isAnyNamed = true;
    return register(name, ...rest);
  };
}

function onlyIfNamed(register) {
  return (hook, options) =>
    register(async (context) => {
      // The first test of a file starts its hook before the file has come to the others.
      await nextTurn();
      if (isAnyNamed) await hook(context);
    }, options);
}

/** What a file starts by itself is stopped in any case; what `before` would have started is not there. */
function lenientUnlessNamed(register) {
  return (hook, options) =>
    register(async (context) => {
      try {
        await hook(context);
      } catch (thrown) {
        if (isAnyNamed) throw thrown;
      }
    }, options);
}

Object.assign(runner, {
  test: noteName(runner.test),
  it: noteName(runner.it),
  describe: noteName(runner.describe),
  before: onlyIfNamed(runner.before),
  after: lenientUnlessNamed(runner.after),
});
syncBuiltinESMExports();
