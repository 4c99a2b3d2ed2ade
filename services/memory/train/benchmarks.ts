import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A message of a benchmark, as it goes into the service. */
export interface BenchmarkMessage {
  /** As the benchmark writes it: answers name it so. */
  readonly id: string | number;
  /** Messages of one conversation share it. */
  readonly talk: string;
  readonly role: 'user' | 'assistant';
  readonly speaker: string | null;
  readonly atMs: number;
  readonly text: string;
}

export interface BenchmarkQuestion {
  readonly text: string;
  readonly category: string;
  /** Ids of the messages that answer it; for scoring alone. */
  readonly evidence: readonly (string | number)[];
}

/** Everything one person said, and questions about it: one user of the service. */
export interface Sample {
  readonly name: string | number;
  readonly set: 'locomo' | 'beam';
  readonly messages: readonly BenchmarkMessage[];
  readonly questions: readonly BenchmarkQuestion[];
  /** When the questions are asked: after everything. */
  readonly askedAtMs: number;
}

/** Where public conversations may lie, beside the repository; never part of it. */
export const dataFolder = join(import.meta.dirname, '../../../../shared/memory-data');
export const locomoFile = join(dataFolder, 'locomo-dev.json');
export const beamFile = join(dataFolder, 'beam-128k-dev.json.gz');

function readJson(path: string): unknown {
  const bytes = readFileSync(path);
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return JSON.parse((isPacked ? gunzipSync(bytes) : bytes).toString('utf8'));
}

interface LocomoTurn {
  readonly speaker: string;
  readonly dia_id: string;
  readonly text?: string;
  readonly blip_caption?: string;
}

interface LocomoSample {
  readonly sample_id?: string;
  readonly conversation: Readonly<Record<string, unknown>>;
  readonly qa: readonly {
    readonly question: string;
    readonly evidence?: readonly string[];
    readonly category: number;
  }[];
}

/** Two friends who chat, each session a conversation. Answers and observations are not read. */
export function readLocomo(path = locomoFile): readonly Sample[] {
  if (!existsSync(path)) return [];
  // The file is what its README says; the answers in it are left alone.
  const samples = readJson(path) as readonly LocomoSample[];
  return samples.map(({ sample_id, conversation, qa }, index) => {
    const messages = sessionsOf(conversation).flatMap(({ number, turns, atMs }) =>
      turns.map((turn, place) => toMessage(turn, number, atMs + place * 60_000)),
    );
    const questions = qa.map(({ question, category, evidence }) => ({
      text: question,
      category: String(category),
      evidence: evidenceOf(evidence ?? []),
    }));
    const askedAtMs = Math.max(0, ...messages.map(({ atMs }) => atMs));
    return { name: sample_id ?? index, set: 'locomo', messages, questions, askedAtMs };
  });
}

function sessionsOf(conversation: LocomoSample['conversation']) {
  return Object.keys(conversation)
    .flatMap((key) => {
      const number = /^session_(\d+)$/.exec(key)?.[1];
      const turns = conversation[key];
      if (number === undefined || !Array.isArray(turns)) return [];
      const said = String(conversation[`${key}_date_time`] ?? '');
      return [{ number: Number(number), turns: turns as readonly LocomoTurn[], atMs: toMs(said) }];
    })
    .sort((left, right) => left.number - right.number);
}

function toMessage(turn: LocomoTurn, session: number, atMs: number): BenchmarkMessage {
  const caption = turn.blip_caption === undefined ? '' : `\n[shares ${turn.blip_caption}]`;
  return {
    id: turn.dia_id,
    talk: `session-${session}`,
    role: 'user',
    speaker: turn.speaker,
    atMs,
    text: `${turn.text ?? ''}${caption}`.trim(),
  };
}

/** "1:56 pm on 8 May, 2023" in UTC. */
function toMs(text: string): number {
  const found = /(\d+):(\d+)\s*(am|pm) on (\d+ \w+),? (\d+)/i.exec(text);
  if (found === null) return Number.isNaN(Date.parse(text)) ? 0 : Date.parse(text);
  const [, hour, minute, half, day, year] = found;
  const midnight = Date.parse(`${day} ${year} 00:00 UTC`);
  const hours = (Number(hour) % 12) + (half?.toLowerCase() === 'pm' ? 12 : 0);
  return midnight + (hours * 60 + Number(minute)) * 60_000;
}

/** The key is dirty: several ids in one string, leading zeros, a missing colon. */
function evidenceOf(evidence: readonly string[]): readonly string[] {
  const found = [...evidence.join(' ').matchAll(/D:?(\d+):(\d+)/g)];
  return [...new Set(found.map(([, session, turn]) => `D${Number(session)}:${Number(turn)}`))];
}

interface BeamChat {
  readonly chat: string | number;
  readonly messages: readonly {
    readonly id: string | number;
    readonly role: string;
    readonly content: string;
  }[];
  readonly questions: readonly {
    readonly category: string;
    readonly question: string;
    readonly evidence?: readonly (string | number)[] | null;
  }[];
}

/** Chats name no time: one after the other from here, ten minutes between messages. */
const beamFromMs = Date.UTC(2024, 0, 1);
const beamStepMs = 600_000;

/** Chats of a user with an assistant. */
export function readBeam(path = beamFile): readonly Sample[] {
  if (!existsSync(path)) return [];
  const chats = readJson(path) as readonly BeamChat[];
  return chats.map((chat) => {
    const messages = chat.messages.map(({ id, role, content }, place): BenchmarkMessage => {
      const isUser = role === 'user';
      // The benchmark's own marks stand at the end of what users say.
      const text = isUser ? content.replace(/->->.*/s, '').trim() : content;
      const atMs = beamFromMs + place * beamStepMs;
      return { id, talk: 'chat', role: isUser ? 'user' : 'assistant', speaker: null, atMs, text };
    });
    return {
      name: chat.chat,
      set: 'beam',
      messages,
      questions: chat.questions.map(({ question, category, evidence }) => ({
        text: question,
        category,
        evidence: evidence ?? [],
      })),
      askedAtMs: beamFromMs + messages.length * beamStepMs,
    };
  });
}
