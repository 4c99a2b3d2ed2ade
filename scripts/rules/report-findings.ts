import type { Finding } from './layout-rules.ts';

/** Prints the findings, one per line, and ends with exit code 1 when there are any. */
export function reportFindings(findings: readonly Finding[], allWell: string): void {
  for (const { path, message } of findings) console.log(`${path}: ${message}`);
  if (findings.length === 0) console.log(allWell);
  else process.exitCode = 1;
}
