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
