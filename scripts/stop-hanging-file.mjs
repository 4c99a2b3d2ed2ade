// Loaded into the process of every test file: ends it, as failed, when something keeps it alive too
// long (the runner's own timeout looks at tests, and they may all be done). The timer itself keeps
// nothing alive.
const limitMs = 900_000;

setTimeout(() => {
  const open = process.getActiveResourcesInfo().join(', ');
  console.error(`${process.argv[1]} was still running after ${limitMs / 1000} s: ${open}`);
  process.exit(1);
}, limitMs).unref();
