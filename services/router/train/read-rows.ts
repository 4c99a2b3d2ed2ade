import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type TaskType, taskTypes } from '@mosaic/proto';

export interface TaskRow {
  readonly prompt: string;
  readonly task: TaskType;
  readonly source: string;
  /** False for rows without a stated licence: they measure and never train. */
  readonly mayTrain: boolean;
  /** True for the smaller collection, of which figures are made. */
  readonly isBalanced?: boolean;
  /** Weight of a prompt that is one wording of several; 1 without. */
  readonly share?: number;
}

export interface DifficultyRow {
  readonly prompt: string;
  readonly source: string;
  /** What it is about, within its source. */
  readonly subject: string;
  readonly strongOk: boolean;
  readonly weakOk: boolean;
  readonly mayTrain: boolean;
}

/** Where public prompts may lie, beside the repository; never part of it. */
export const dataFolder = join(import.meta.dirname, '../../../../shared/routing-data');
export const ownSource = 'own exemplars';

type Raw = Readonly<Record<string, unknown>>;

function readLines(path: string): Raw[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Raw);
}

function isPermitted(row: Raw): boolean {
  return !/none stated|no licen[cs]e stated|evaluation only/i.test(String(row['licence']));
}

const isTask = (name: string): name is TaskType => taskTypes.some((task) => task === name);

/** Labelled prompts of the public data; empty where it is absent. */
export function readTaskRows(): TaskRow[] {
  return ['task-dev.jsonl', 'task-dev-extra.jsonl'].flatMap((file) =>
    readLines(join(dataFolder, file)).flatMap((row) => {
      const task = String(row['task']);
      if (!isTask(task)) return [];
      const source = String(row['source']);
      const isBalanced = file === 'task-dev.jsonl';
      return [
        { prompt: String(row['prompt']), task, source, mayTrain: isPermitted(row), isBalanced },
      ];
    }),
  );
}

/** Prompts with whether a strong and a weak model got them right; empty where the data is absent. */
export function readDifficultyRows(): DifficultyRow[] {
  return readLines(join(dataFolder, 'strong-weak-dev.jsonl.gz')).map((row) => ({
    prompt: String(row['prompt']),
    source: String(row['source']),
    subject: String(row['domain']),
    strongOk: row['strong_ok'] === true,
    weakOk: row['weak_ok'] === true,
    mayTrain: isPermitted(row),
  }));
}

/** A question of the MT-bench, and by how many points of ten the strong model was better. */
export interface BenchQuestion {
  readonly prompt: string;
  readonly lead: number;
}

/** They only measure; empty where the data is absent. */
export function readBenchQuestions(): BenchQuestion[] {
  const mean = (scores: unknown) => {
    const all = scores as readonly number[];
    return all.reduce((sum, score) => sum + score, 0) / Math.max(1, all.length);
  };
  return readLines(join(dataFolder, 'mt-bench-dev.jsonl')).map((row) => ({
    prompt: String(row['prompt']),
    lead: mean(row['strong_scores']) - mean(row['weak_scores']),
  }));
}
