import { killDuringWrites } from './kill-during-writes.ts';

const kills = Number(process.argv[2] ?? 50);
const tell = (kill: number) => process.stderr.write(`kill ${kill} of ${kills}\n`);
const found = await killDuringWrites({ kills, tell });
console.log(JSON.stringify(found));
if (found.lostMemories > 0 || found.wrongProjections > 0) process.exitCode = 1;
