// The layout rules of this repository that neither the linter nor the arrows can see.
// Function length, parameters and default exports are the linter's (biome.json).
import { resolve } from 'node:path';
import {
  findBadNames,
  findFullFolders,
  findLongFiles,
  findScatteredEnvironment,
} from './rules/layout-rules.ts';
import { reportFindings } from './rules/report-findings.ts';
import { findIncompleteServices, findIncompleteVendors } from './rules/service-rules.ts';
import { readSourceFiles } from './rules/source-files.ts';
import { findStatementsOutside } from './rules/statement-rules.ts';
import { listWorkspaces } from './rules/workspaces.ts';

const root = resolve(process.argv[2] ?? `${import.meta.dirname}/..`);
const files = readSourceFiles(root);
const workspaces = listWorkspaces(root);

reportFindings(
  [
    ...findLongFiles(files),
    ...findFullFolders(files),
    ...findBadNames(files),
    ...findScatteredEnvironment(files, workspaces),
    ...findIncompleteServices(files, workspaces),
    ...findIncompleteVendors(files),
    ...findStatementsOutside(files),
  ],
  `${files.length} source files laid out as agreed`,
);
