import { useState } from 'react';
import { Icon } from '../elements/icon.tsx';
import { IconButton } from '../elements/icon-button.tsx';
import { useFocusBack } from '../elements/use-focus-back.ts';
import { formatFullMoment, formatMoment } from '../format/format-time.ts';
import { ConversationLink } from './conversation-link.tsx';
import { DeleteQuestion } from './delete-question.tsx';
import type { ListLine } from './list-lines.ts';
import { RenameForm } from './rename-form.tsx';

interface ConversationRowProps {
  readonly line: ListLine;
  readonly isShown: boolean;
  readonly onRename: (id: string, title: string) => void;
  readonly onDelete: (id: string) => void;
}

/** One conversation of the list, to open, rename or delete. */
export function ConversationRow({ line, isShown, onRename, onDelete }: ConversationRowProps) {
  const [mode, setMode] = useState<'shown' | 'renaming' | 'deleting'>('shown');
  const renameButton = useFocusBack(mode === 'renaming');
  const deleteButton = useFocusBack(mode === 'deleting');
  const { id, isPinned, title, updatedAt } = line;
  if (mode === 'renaming') {
    const rename = (next: string): void => {
      setMode('shown');
      if (next !== '' && next !== title) onRename(id, next);
    };
    return <RenameForm title={title} onDone={rename} onCancel={() => setMode('shown')} />;
  }
  if (mode === 'deleting') {
    const keep = (): void => setMode('shown');
    return <DeleteQuestion title={title} onKeep={keep} onDelete={() => onDelete(id)} />;
  }
  return (
    <div className="row" data-shown={isShown}>
      <ConversationLink id={id} isShown={isShown}>
        <span className="truncate">{title}</span>
        {isPinned && (
          <span className="self-center text-accent" title="pinned">
            <Icon name="pin" />
            <span className="sr-only">pinned</span>
          </span>
        )}
        {updatedAt !== null && (
          <time dateTime={updatedAt} title={formatFullMoment(updatedAt)}>
            {formatMoment(updatedAt)}
          </time>
        )}
      </ConversationLink>
      <span className="row-actions">
        <IconButton
          icon="pencil"
          label={`Rename ${title}`}
          ref={renameButton}
          onPress={() => setMode('renaming')}
        />
        <IconButton
          icon="trash"
          label={`Delete ${title}`}
          ref={deleteButton}
          onPress={() => setMode('deleting')}
        />
      </span>
    </div>
  );
}
