import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { readableText } from './readable-text.ts';

const { html, address } = z.object({ html: z.string(), address: z.string() }).parse(workerData);
parentPort?.postMessage(readableText(html, address));
