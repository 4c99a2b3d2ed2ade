import { measureChain } from './measure-chain.ts';
import { measureRouting } from './measure-routing.ts';
import { measureRules } from './measure-rules.ts';
import { measureStart } from './measure-start.ts';

/** Every measurement prints one table; `npm run bench -- chain` runs only that one. */
const measurements: Readonly<Record<string, () => Promise<void>>> = {
  chain: measureChain,
  routing: measureRouting,
  rules: measureRules,
  start: measureStart,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in measurements));
if (unknown.length > 0) {
  console.error(
    `No measurement ${unknown.join(', ')}. There are: ${Object.keys(measurements).join(', ')}.`,
  );
  process.exit(2);
}
for (const [name, measure] of Object.entries(measurements)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n## ${name}\n`);
  await measure();
}
