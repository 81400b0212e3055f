/** Editing a message of one's own, in its place. */
import { type KeyboardEvent, useState } from 'react';
import type { MessageSeen } from '../face/wire.ts';
import { sourceOf } from './mrkdwn.ts';
import { useAround } from './show.tsx';

interface EditorProps {
  readonly message: MessageSeen;
  readonly channel: string;
  readonly close: () => void;
}

export function MessageEditor({ message, channel, close }: EditorProps) {
  const { client, person, names } = useAround();
  const [text, setText] = useState(() =>
    sourceOf(message.text, { ...names, person: (id) => person(id)?.name ?? id }),
  );
  const save = async (): Promise<void> => {
    if (text.trim() === '') return;
    if ((await client.do({ do: 'edit', channel, ts: message.ts, text })) !== null) close();
  };
  const typed = (event: KeyboardEvent): void => {
    // The input method's own Enter and Escape.
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void save();
    }
  };
  return (
    <div className="editor">
      <textarea
        className="control"
        aria-label="Edit message"
        autoFocus
        rows={Math.min(8, text.split('\n').length + 1)}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={typed}
      />
      <div className="editor-foot">
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          className="button button-primary"
          disabled={text.trim() === ''}
          onClick={() => void save()}
        >
          Save
        </button>
      </div>
    </div>
  );
}
