// What the pages claim is true: the drawn folders, the listed dependencies, the shown commands, the
// links and the variables.
import { resolve } from 'node:path';
import {
  checkArchitecture,
  checkCommands,
  checkDependencyPage,
  checkLinks,
} from './rules/documentation-rules.ts';
import { checkEnvironmentPage } from './rules/environment-rules.ts';
import { checkLockedPlatforms } from './rules/lock-rules.ts';
import { checkRegistryHosts } from './rules/registry-rules.ts';
import { reportFindings } from './rules/report-findings.ts';

const root = resolve(process.argv[2] ?? `${import.meta.dirname}/..`);

reportFindings(
  [
    ...checkArchitecture(root),
    ...checkDependencyPage(root),
    ...checkCommands(root),
    ...checkLinks(root),
    ...checkEnvironmentPage(root),
    ...checkRegistryHosts(root),
    ...checkLockedPlatforms(root),
  ],
  'the pages tell the truth',
);
