/** The right: a thread. */
import { useRef } from 'react';
import { Composer } from './composer.tsx';
import { CloseIcon } from './icons.tsx';
import { MessageList } from './message-list.tsx';
import { useShow } from './show.tsx';
import { usePaneFocus } from './use-pane-focus.ts';

export function ThreadPane() {
  const { state, thread, place, client, open } = useShow();
  const pane = useRef<HTMLElement>(null);
  usePaneFocus(pane, place.thread);
  const channel = state.channels.find(({ id }) => id === open?.channel);
  const close = (): void => client.go({ thread: null });
  return (
    <aside ref={pane} tabIndex={-1} className="pane side" aria-label="Thread">
      <header className="pane-head">
        <h2 className="pane-title">Thread</h2>
        <span className="pane-about">{channel === undefined || channel.isIm ? '' : `#${channel.name}`}</span>
        <button
          type="button"
          className="icon-button"
          aria-label="Close thread"
          title="Close (Esc)"
          onClick={close}
        >
          <CloseIcon />
        </button>
      </header>
      {thread === null || channel === undefined ? (
        <p className="loading">
          {open === null ? 'Loading…' : 'There is nothing in this thread (any more).'}
        </p>
      ) : (
        <>
          <MessageList
            key={`${state.me.id} ${thread.thread}`}
            seen={thread}
            where="thread"
            label="Messages in the thread"
            empty={null}
          />
          <Composer channel={channel} thread={place.thread} />
        </>
      )}
    </aside>
  );
}
