import { launchMosaic } from '@mosaic/test-kit';
import { percentileRow, tableHead } from './percentiles.ts';

const prompts = [
  'What is the capital of Australia?',
  'Implement a Python class for an LRU cache with TTL, thread safety and unit tests.',
  'Summarize this in one sentence: the council met on Tuesday and agreed on a budget.',
  `Please look at this log and find the fault:\n${'2026-11-24 ERROR worker 3 lost its lease\n'.repeat(200)}`,
  '总结一下这篇文章:会议在周二举行。',
];

/** Time of a decision inside the router, as the record itself says (`tookUs`). */
export async function measureRouting(): Promise<void> {
  await using mosaic = await launchMosaic();
  const tookUs: number[] = [];
  for (let round = 0; round < 400; round += 1) {
    const response = await fetch(`${mosaic.url}/api/routing/explain`, {
      method: 'POST',
      headers: { authorization: `Bearer ${mosaic.ownerToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ text: prompts[round % prompts.length] }),
    });
    const { decision } = (await response.json()) as { decision: { tookUs: number } };
    if (round >= 50) tookUs.push(decision.tookUs);
  }
  console.log(tableHead('µs'));
  console.log(percentileRow('decide', tookUs, 0));
}
