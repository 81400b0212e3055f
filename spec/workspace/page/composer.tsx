/** Where somebody writes: Enter sends, Shift+Enter begins a line; people, channels, commands and emoji are completed. */
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import type { ChannelSeen } from '../face/wire.ts';
import { type Completion, commandOf, completionAt, type Offer, taken } from './completion.ts';
import { CompletionList } from './completion-list.tsx';
import { withEmoji } from './emoji.ts';
import { CloseIcon, PlusIcon, SendIcon } from './icons.tsx';
import { Invitation } from './invitation.tsx';
import { Menu } from './menu.tsx';
import { useShow } from './show.tsx';

/** What was begun and not sent, by show, person and place. */
const drafts = new Map<string, string>();

interface ComposerProps {
  readonly channel: ChannelSeen;
  readonly thread: string | null;
}

export function Composer({ channel, thread }: ComposerProps) {
  const { client, state, trouble } = useShow();
  const frame = useRef<HTMLDivElement>(null);
  const key = `${state.show} ${state.me.id} ${channel.id} ${thread ?? ''}`;
  const goOn = (): void =>
    frame.current?.querySelector<HTMLElement>(':is(.composer-text, .composer-off button)')?.focus();
  // With whoever joins or leaves goes the button that they pressed.
  const before = useRef({ id: channel.id, isMember: channel.isMember });
  useLayoutEffect(() => {
    const { id, isMember } = before.current;
    before.current = { id: channel.id, isMember: channel.isMember };
    const isOther = id === channel.id && isMember !== channel.isMember;
    if (isOther && document.activeElement === document.body) goOn();
  }, [channel.id, channel.isMember]);
  return (
    <div ref={frame} className="composer-frame">
      {trouble !== null && state.views.length === 0 && (
        <p className="trouble" role="alert">
          <span>{trouble}</span>
          <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => client.say(null)}>
            <CloseIcon />
          </button>
        </p>
      )}
      <Invitation channel={channel} thread={thread} goOn={goOn} />
      <Inside key={key} draft={key} channel={channel} thread={thread} />
    </div>
  );
}

function Inside({ channel, thread, draft }: ComposerProps & { readonly draft: string }) {
  const { state, client } = useShow();
  const name = channel.isIm ? channel.name : `#${channel.name}`;
  if (state.stage.kind === 'export')
    return <p className="composer-off">This is an export: it can be read, not written to.</p>;
  if (channel.isMember) return <Writing channel={channel} thread={thread} draft={draft} />;
  return (
    <div className="composer-off">
      <span>
        {state.me.realName} is not in {name}.
      </span>
      <button
        type="button"
        className="button button-primary"
        onClick={() => void client.do({ do: 'join', channel: channel.id })}
      >
        Join {name}
      </button>
    </div>
  );
}

function Writing({ channel, thread, draft }: ComposerProps & { readonly draft: string }) {
  const { client, state } = useShow();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  /** Where the caret goes once the text is drawn. */
  const caret = useRef<number | null>(null);
  const [text, setText] = useState(drafts.get(draft) ?? '');
  const [completion, setCompletion] = useState<Completion | null>(null);
  const [chosen, setChosen] = useState(0);
  const [isBroadcast, setBroadcast] = useState(false);
  const name = channel.isIm ? channel.name : `#${channel.name}`;
  const label = thread === null ? `Message ${name}` : `Reply in thread`;
  const isEmpty = text.trim() === '';

  useLayoutEffect(() => {
    const shown = area.current;
    if (shown === null) return;
    if (caret.current !== null) {
      // Before the next key is pressed.
      shown.focus();
      shown.setSelectionRange(caret.current, caret.current);
      caret.current = null;
    }
    shown.style.height = 'auto';
    shown.style.height = `${shown.scrollHeight}px`;
  }, [text]);

  const write = (next: string, at: number): void => {
    setText(next);
    drafts.set(draft, next);
    setCompletion(completionAt(next, at, thread === null ? state : { ...state, commands: [] }));
    setChosen(0);
  };

  const take = (offer: Offer): void => {
    if (completion === null) return;
    const done = taken(text, completion, offer);
    write(done.text, done.caret);
    setCompletion(null);
    caret.current = done.caret;
  };

  const send = async (): Promise<void> => {
    if (isEmpty) return;
    const whole = withEmoji(text.trim());
    write('', 0);
    // Slack takes no command in a thread: it is sent as any text, and refused with the reason.
    const command = thread === null ? commandOf(whole, state) : null;
    const done = await client.do(
      command !== null
        ? { do: 'slash', channel: channel.id, ...command }
        : {
            do: 'say',
            channel: channel.id,
            text: whole,
            ...(thread === null ? {} : { thread, broadcast: isBroadcast }),
          },
    );
    // What was refused is given back, unless something else is being written by now.
    const isRefused = done === null || done.error !== undefined;
    if (isRefused && (drafts.get(draft) ?? '') === '') write(text, text.length);
    else setBroadcast(false);
  };

  const typed = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.nativeEvent.isComposing) return;
    const offers = completion?.offers ?? [];
    const offer = offers[chosen];
    if (offer !== undefined) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step !== undefined) {
        event.preventDefault();
        setChosen((chosen + step + offers.length) % offers.length);
        return;
      }
      if (event.key === 'Enter' || event.key === 'Tab') {
        event.preventDefault();
        take(offer);
        return;
      }
      if (event.key === 'Escape') {
        event.preventDefault();
        event.stopPropagation();
        setCompletion(null);
        return;
      }
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void send();
    }
  };

  const shortcuts = state.shortcuts.filter(({ kind }) => kind === 'global');
  return (
    <div className="composer">
      {completion !== null && (
        <CompletionList
          id={`${id}-list`}
          completion={completion}
          chosen={chosen}
          choose={setChosen}
          take={take}
        />
      )}
      <textarea
        ref={area}
        className="composer-text"
        aria-label={label}
        placeholder={label}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={`${id}-list`}
        {...(completion === null ? {} : { 'aria-activedescendant': `${id}-list-${chosen}` })}
        rows={1}
        value={text}
        onChange={(event) => write(event.target.value, event.target.selectionStart)}
        onKeyDown={typed}
        onBlur={() => setCompletion(null)}
      />
      <div className="composer-foot">
        {shortcuts.length > 0 && (
          <Menu
            label="Shortcuts"
            face={<PlusIcon />}
            entries={shortcuts.map(({ callbackId, name: words }) => ({
              label: words,
              about: 'TrIAge',
              act: () => void client.do({ do: 'shortcut', callbackId }),
            }))}
          />
        )}
        {thread !== null && !channel.isIm && (
          <label className="box composer-broadcast">
            <input type="checkbox" checked={isBroadcast} onChange={() => setBroadcast(!isBroadcast)} />
            <span>Also send to {name}</span>
          </label>
        )}
        <span className="composer-hint">as {state.me.realName}</span>
        <button
          type="button"
          className="send"
          aria-label="Send"
          title="Send (Enter)"
          disabled={isEmpty}
          onClick={() => void send()}
        >
          <SendIcon />
        </button>
      </div>
    </div>
  );
}
