import { loadavg } from 'node:os';
import { launchMosaic } from '@mosaic/test-kit';
import { measureAnswer } from './measure-answer.ts';
import { measurePrompt, measureVersion } from './measure-prompt.ts';

/** What a terminal takes of a person's time and machine; `-- --quick` does each once. */
const isQuick = process.argv.includes('--quick');
const load = () => loadavg()[0]?.toFixed(1);

const mosaic = await launchMosaic({ timeoutMs: 300_000 });
try {
  console.log(`Load at the beginning ${load()}.\n`);
  console.log('| What | Median |\n| --- | --- |');
  measureVersion(isQuick ? 3 : 15);
  await measurePrompt(mosaic, isQuick ? 1 : 7);
  await measureAnswer(mosaic, isQuick ? 1 : 3);
  console.log(`\nLoad at the end ${load()}.`);
} finally {
  await mosaic.stop();
}
