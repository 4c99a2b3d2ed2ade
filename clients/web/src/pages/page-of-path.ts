import type { ReactNode } from 'react';
import {
  costPath,
  memoryPath,
  providersPath,
  rulesPath,
  searchPath,
  storagePath,
} from '../navigation/page-paths.ts';
import { ProvidersPage } from '../providers/providers-page.tsx';
import { CostPage } from './cost/cost-page.tsx';
import { MemoryPage } from './memory/memory-page.tsx';
import { RulesPage } from './rules/rules-page.tsx';
import { SearchPage } from './search/search-page.tsx';
import { StoragePage } from './storage/storage-page.tsx';

interface PageOfPath {
  readonly path: string;
  readonly title: string;
  readonly Page: () => ReactNode;
}

/** The pages beside the conversations, in the order in which they are linked. */
export const pages: readonly PageOfPath[] = [
  { path: memoryPath, title: 'Memory', Page: MemoryPage },
  { path: rulesPath, title: 'Rules', Page: RulesPage },
  { path: costPath, title: 'Cost', Page: CostPage },
  { path: storagePath, title: 'Storage', Page: StoragePage },
  { path: providersPath, title: 'Providers', Page: ProvidersPage },
  { path: searchPath, title: 'Search', Page: SearchPage },
];

/** The page that a path names; undefined for conversations. */
export function pageOfPath(path: string): PageOfPath | undefined {
  return pages.find((page) => page.path === path);
}
