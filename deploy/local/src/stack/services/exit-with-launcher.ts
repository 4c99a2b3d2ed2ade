import { enableCompileCache } from 'node:module';

// Preloaded into every service that runs as a process of its own: a launcher that was killed takes its
// services along, so that none of them keeps a port or works on beside its successor.
process.once('disconnect', () => process.exit(1));
process.channel?.unref();
// Six processes read much the same code; the launcher's cache serves them too.
enableCompileCache();
