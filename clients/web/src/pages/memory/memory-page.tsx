import { type Memory, toMosaicError } from '@mosaic/proto';
import { type FormEvent, useState } from 'react';
import { Icon } from '../../elements/icon.tsx';
import { useQuery } from '../../navigation/use-path.ts';
import {
  changeMemory,
  fetchMemories,
  pauseMemory,
  removeMemory,
  saveMemory,
} from '../../rest/memories.ts';
import { useReading } from '../use-reading.ts';
import { View } from '../view.tsx';
import { MemoryLine } from './memory-line.tsx';

function holdsAll({ kind, text }: Memory, words: string): boolean {
  const held = `${kind} ${text}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => held.includes(word));
}

/** What is remembered of the person who looks: to read, correct, add to, forget and pause. */
export function MemoryPage() {
  const asked = useQuery();
  const [words, setWords] = useState(asked);
  const [refused, setRefused] = useState<string | null>(null);
  const { value, problem, refresh } = useReading(fetchMemories);
  const attempt = (work: Promise<unknown>): void => {
    setRefused(null);
    work.then(refresh, (error: unknown) => setRefused(toMosaicError(error).message));
  };
  const shown = value?.memories.filter((memory) => holdsAll(memory, words)) ?? [];
  return (
    <View problem={refused ?? problem} isLoading={value === null}>
      <p className="text-dim">
        Preferences and instructions are part of every conversation of yours; facts and events are
        found when they are needed. Nobody else can see them. A conversation that is incognito (
        <code>/incognito</code>) neither adds to them nor uses them.
      </p>
      {value !== null && (
        <PauseSwitch isPaused={value.isPaused} onChange={(next) => attempt(pauseMemory(next))} />
      )}
      <AddForm onAdd={(text) => attempt(saveMemory(text))} />
      <label className="search-box">
        <Icon name="search" />
        <span className="sr-only">Search memories</span>
        <input
          type="search"
          placeholder="Search memories"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      </label>
      <ul className="lines" aria-label="Memories">
        {shown.map((memory) => (
          <li key={memory.id}>
            <MemoryLine
              memory={memory}
              onChange={(change) => attempt(changeMemory(memory.id, change))}
              onForget={() => attempt(removeMemory(memory.id))}
            />
          </li>
        ))}
      </ul>
      {value !== null && shown.length === 0 && (
        <p className="text-dim">
          {words === '' ? 'Nothing is remembered of you yet.' : 'Nothing that is remembered fits.'}
        </p>
      )}
    </View>
  );
}

interface PauseSwitchProps {
  readonly isPaused: boolean;
  readonly onChange: (isPaused: boolean) => void;
}

function PauseSwitch({ isPaused, onChange }: PauseSwitchProps) {
  return (
    <label className="flex items-center gap-2">
      <input
        type="checkbox"
        role="switch"
        aria-checked={isPaused}
        checked={isPaused}
        onChange={(event) => onChange(event.target.checked)}
      />
      Pause: remember nothing new, and use nothing that is remembered
    </label>
  );
}

function AddForm({ onAdd }: { onAdd: (text: string) => void }) {
  const [text, setText] = useState('');
  const add = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() === '') return;
    onAdd(text.trim());
    setText('');
  };
  return (
    <form className="view-bar" onSubmit={add}>
      <input
        className="field min-w-0 flex-1"
        aria-label="Something to remember"
        placeholder="Something to remember"
        maxLength={2_000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="outline-button" disabled={text.trim() === ''}>
        Remember
      </button>
    </form>
  );
}
