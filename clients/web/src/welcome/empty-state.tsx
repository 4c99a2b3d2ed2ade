import { examplePrompts } from './example-prompts.ts';

/** The first screen of a new conversation: what Mosaic does, shown by three messages to try. */
export function EmptyState({ onSend }: { onSend: (text: string) => void }) {
  return (
    <div className="empty-state">
      <h1>One question, the right model.</h1>
      <p>
        Each message goes to the model that suits it. Under every answer you see which one wrote it,
        why, and what it cost.
      </p>
      <ul>
        {examplePrompts.map(({ kind, text }) => (
          <li key={kind}>
            <button type="button" onClick={() => onSend(text)}>
              <span className="example-kind">{kind}</span>
              <span className="line-clamp-3">{text}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
