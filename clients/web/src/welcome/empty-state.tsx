import { examplePrompts } from './example-prompts.ts';

/** The first screen of a new conversation: what Mosaic does, shown by three messages to try. */
export function EmptyState({ onSend }: { onSend: (text: string) => void }) {
  return (
    <div className="empty-state">
      <h2>One question, the right model.</h2>
      <p>
        Each message goes to the model that suits it. Under every answer you see which one wrote it,
        why, and what it cost.
      </p>
      <ul>
        {examplePrompts.map(({ kind, text }) => (
          <li key={kind}>
            <button type="button" onClick={() => onSend(text)}>
              <span className="example-kind">
                {/* Not laid yet: which vendor's stone it becomes is for the router to say. */}
                <span className="tessera tessera-open" />
                {kind}
              </span>
              <span className="example-text">{text}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
