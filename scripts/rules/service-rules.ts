import type { Finding } from './layout-rules.ts';
import type { SourceFile } from './source-files.ts';

const vendors = ['anthropic', 'openai', 'openrouter', 'zai', 'ollama'];
const vendorFiles = {
  'adapter.ts': 'asks the vendor and hands over, no thinking',
  'wire.ts': 'pure functions from our request to theirs',
  'translation.ts': 'a pure state machine from their stream to our parts',
  'models.ts': 'the cards of its models',
};
const maxMainLines = 60;

/** Every service has main.ts (wiring only) and app/ (logic without I/O). */
export function findIncompleteServices(
  files: readonly SourceFile[],
  workspaces: readonly string[],
): readonly Finding[] {
  return workspaces
    .filter((workspace) => workspace.startsWith('services/'))
    .flatMap((service) => {
      const findings: Finding[] = [];
      const main = files.find(({ path }) => path === `${service}/src/main.ts`);
      if (main === undefined) {
        const message = 'has no src/main.ts: add it, it runs the service with runService';
        findings.push({ path: service, message });
      } else if (main.text.trimEnd().split('\n').length > maxMainLines) {
        const message = `over ${maxMainLines} lines: main.ts is wiring only, move logic to app/ and I/O to adapters/`;
        findings.push({ path: main.path, message });
      }
      if (!files.some(({ path }) => path.startsWith(`${service}/src/app/`))) {
        const message = 'has no src/app/: put its logic there, without I/O';
        findings.push({ path: service, message });
      }
      return findings;
    });
}

/** Every vendor is one folder with the same four files. */
export function findIncompleteVendors(files: readonly SourceFile[]): readonly Finding[] {
  const root = 'services/providers/src';
  if (!files.some(({ path }) => path.startsWith(`${root}/`))) return [];
  const present = new Set(files.map(({ path }) => path));
  return vendors.flatMap((vendor) =>
    Object.entries(vendorFiles)
      .filter(([name]) => !present.has(`${root}/${vendor}/${name}`))
      .map(([name, purpose]) => ({
        path: `${root}/${vendor}`,
        message: `has no ${name}: add it (${purpose})`,
      })),
  );
}
