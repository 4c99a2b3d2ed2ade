import { type Memory, type MemoryKind, memoryKindSchema } from '@mosaic/proto';
import { type FormEvent, useState } from 'react';
import { FormFoot } from '../../elements/form-foot.tsx';
import { RemoveButton } from '../../elements/remove-button.tsx';
import { useFocusBack } from '../../elements/use-focus-back.ts';
import { formatFullMoment } from '../../format/format-time.ts';
import { pathOfMessage } from '../../navigation/conversation-path.ts';
import { PageLink } from '../../navigation/page-link.tsx';

interface MemoryLineProps {
  readonly memory: Memory;
  readonly onChange: (change: { readonly text: string; readonly kind: MemoryKind }) => void;
  readonly onForget: () => void;
}

const extractors: Readonly<Record<Memory['extractor'], string>> = {
  person: 'written by you',
  tool: 'saved by a model',
  rules: 'heard in a message',
  model: 'read from a conversation',
};

/** One memory: what it says, where it is from, and how to correct or forget it. */
export function MemoryLine({ memory, onChange, onForget }: MemoryLineProps) {
  const [isEditing, setEditing] = useState(false);
  const editButton = useFocusBack(isEditing);
  const { extractor, kind, source, text, updatedAt } = memory;
  if (isEditing) {
    const save: MemoryLineProps['onChange'] = (change) => {
      setEditing(false);
      onChange(change);
    };
    return <EditForm memory={memory} onSave={save} onCancel={() => setEditing(false)} />;
  }
  const [heard] = source?.messageIds ?? [];
  return (
    <>
      <p>{text}</p>
      <div className="line-foot">
        <span className="badge">{kind}</span>
        <span>
          {extractors[extractor]}, {formatFullMoment(updatedAt)}
        </span>
        {source !== null && (
          <PageLink
            className="link-button"
            path={pathOfMessage(source.conversationId, heard)}
            isShown={false}
          >
            where
          </PageLink>
        )}
        <span className="line-actions">
          <button
            type="button"
            ref={editButton}
            className="quiet-button"
            aria-label={`Edit “${text}”`}
            onClick={() => setEditing(true)}
          >
            edit
          </button>
          <RemoveButton label={`Forget “${text}”`} verb="forget" onRemove={onForget} />
        </span>
      </div>
    </>
  );
}

interface EditFormProps {
  readonly memory: Memory;
  readonly onSave: MemoryLineProps['onChange'];
  readonly onCancel: () => void;
}

function EditForm({ memory, onSave, onCancel }: EditFormProps) {
  const [text, setText] = useState(memory.text);
  const [kind, setKind] = useState<MemoryKind>(memory.kind);
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() !== '') onSave({ text: text.trim(), kind });
  };
  return (
    <form className="grid gap-2" onSubmit={save}>
      <textarea
        className="field"
        aria-label="What is remembered"
        rows={3}
        maxLength={2_000}
        // biome-ignore lint/a11y/noAutofocus: opened by the person's own press
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <FormFoot save="Save" isReady={text.trim() !== ''} onCancel={onCancel}>
        <label className="text-sm">
          as{' '}
          <select
            value={kind}
            onChange={(event) => setKind(memoryKindSchema.parse(event.target.value))}
          >
            {memoryKindSchema.options.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
      </FormFoot>
    </form>
  );
}
