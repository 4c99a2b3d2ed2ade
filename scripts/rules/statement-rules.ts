import type { Finding } from './layout-rules.ts';
import { isTestFile, type SourceFile } from './source-files.ts';

/** Ways to a database beside `asUser` and `asService`, and the files that may go them. */
const ways: readonly { readonly is: RegExp; readonly what: string; readonly in: RegExp }[] = [
  {
    is: /\bnew\s+(?:pg\.)?(?:Pool|Client)\s*\(|\bnew\s+Kysely\b/,
    what: 'opens a way to the database of its own',
    in: /^packages\/service-kit\/src\/database\/open-database\.ts$/,
  },
  {
    is: /\b(?:pool|client|connection)\??\.query\s*\(/i,
    what: 'sends a statement by itself',
    in: /^packages\/service-kit\/src\/database\/(?:migrate-schema|open-database|role-connection)\.ts$/,
  },
  {
    is: /\.guarded\b/,
    what: 'lets statements run one by one',
    in: /^services\/gateway\/src\/adapters\/auth\/accounts\.ts$/,
  },
  {
    is: /set_config\s*\(\s*'(?:role|app\.user_id)'|\bset\s+(?:local\s+)?role\b/i,
    what: 'changes for whom statements run',
    in: /^packages\/service-kit\/src\/database\/(?:session-statements|migrate-schema)\.ts$/,
  },
];

const shipped = /^(?:packages\/service-kit|services\/[^/]+|bridges\/[^/]+|deploy\/[^/]+)\/src\//;

/**
 * Statements outside of a transaction that has set role and user: on PGlite they would run as the
 * superuser, for whom there is no row level security.
 */
export function findStatementsOutside(files: readonly SourceFile[]): readonly Finding[] {
  return files.flatMap(({ path, text }) => {
    if (!shipped.test(path) || isTestFile(path)) return [];
    return ways.flatMap((way) => {
      const line = text
        .split('\n')
        .findIndex((one) => way.is.test(one) && !/^\s*(?:\*|\/\/)/.test(one));
      if (line === -1 || way.in.test(path)) return [];
      const message = `line ${line + 1} ${way.what}: do it inside database.asUser or database.asService, in the stores/ of the service`;
      return [{ path, message }];
    });
  });
}
