import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const routesDir = join(import.meta.dirname, '../../services/gateway/src/routes');

/** Where a route is declared: file, method and the path as the code writes it. */
export function declaredRoutes(): readonly string[] {
  const files = readdirSync(routesDir, { recursive: true, encoding: 'utf8' }).sort();
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(routesDir, file), 'utf8');
      const found = text.matchAll(
        /\brouter\.(get|post|patch|put|delete|all)\(\s*(?:'([^']*)'|(\w+))/g,
      );
      return [...found].map(([, method = '', path, variable]) => {
        return `${file} ${method.toUpperCase()} ${path ?? `[${variable}]`}`;
      });
    });
}

const jobsDir = join(import.meta.dirname, '../../services/jobs/src/jobs');

/** Names of the jobs as their files declare them, in order. */
export function declaredJobs(): readonly string[] {
  const names = readdirSync(jobsDir).flatMap((file) => {
    const text = readFileSync(join(jobsDir, file), 'utf8');
    return [...text.matchAll(/defineJob\(\{\s*name: '([^']+)'/g)].map(([, name = '']) => name);
  });
  return names.sort();
}
