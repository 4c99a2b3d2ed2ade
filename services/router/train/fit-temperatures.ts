import { taskTypes } from '@mosaic/proto';

/** A prompt that was not learned from: the scores of all tasks, and which one is true. */
export interface JudgedPrompt {
  readonly scores: Float64Array;
  readonly wanted: number;
}

/** A task that fewer prompts were taken for has the temperature of all. */
const fewestPrompts = 40;

/** For each task the temperature that fits the prompts which are taken for it. */
export function fitTemperatures(judged: readonly JudgedPrompt[]): Float32Array {
  const ofAll = fitTemperature(judged);
  return Float32Array.from(taskTypes, (_, task) => {
    const taken = judged.filter(({ scores }) => scores.indexOf(Math.max(...scores)) === task);
    return taken.length < fewestPrompts ? ofAll : fitTemperature(taken);
  });
}

/** The temperature under which the true tasks of these prompts are likeliest; 1 without any. */
function fitTemperature(judged: readonly JudgedPrompt[]): number {
  let best = { temperature: 1, loss: Number.POSITIVE_INFINITY };
  if (judged.length === 0) return best.temperature;
  for (let temperature = 0.4; temperature <= 4; temperature += 0.05) {
    let loss = 0;
    for (const { scores, wanted } of judged) {
      const top = Math.max(...scores);
      const sum = scores.reduce((total, score) => total + Math.exp((score - top) / temperature), 0);
      loss += Math.log(sum) - ((scores[wanted] ?? 0) - top) / temperature;
    }
    if (loss < best.loss) best = { temperature, loss };
  }
  return best.temperature;
}
