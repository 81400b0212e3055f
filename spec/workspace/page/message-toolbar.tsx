/** What can be done with a message, beside it. */
import type { MessageSeen } from '../face/wire.ts';
import { EMOJI_NAMES, emojiOf, meaningOf, QUICK_REACTIONS } from './emoji.ts';
import { MoreIcon, ReplyIcon, SmileIcon } from './icons.tsx';
import { type Entry, Menu } from './menu.tsx';
import { useAround } from './show.tsx';

interface ToolbarProps {
  readonly message: MessageSeen;
  readonly channel: string;
  readonly isInThread: boolean;
  readonly edit: () => void;
  /** Stays while one of its menus is open. */
  readonly hold: (isOpen: boolean) => void;
}

export function MessageToolbar({ message, channel, isInThread, edit, hold }: ToolbarProps) {
  const { client, me, shortcuts, confirm } = useAround();
  const ref = { channel, ts: message.ts };
  const mine = new Set(
    message.reactions?.filter(({ users }) => users.includes(me.id)).map(({ name }) => name),
  );
  const react = (name: string): void => void client.do({ do: 'react', ...ref, name, on: !mine.has(name) });
  const isOwn = message.user === me.id && message.bot_id === undefined;

  const remove = async (): Promise<void> => {
    const isSure = await confirm({
      title: 'Delete message',
      text: 'Delete this message for everybody? TrIAge is told of it, as it would be by Slack.',
      confirm: 'Delete',
      deny: 'Cancel',
      isDangerous: true,
    });
    if (isSure) await client.do({ do: 'remove', ...ref });
  };

  const more: readonly Entry[] = [
    ...shortcuts
      .filter(({ kind }) => kind === 'message')
      .map(({ callbackId, name }) => ({
        label: name,
        about: 'TrIAge',
        act: () => void client.do({ do: 'shortcut', callbackId, ...ref }),
      })),
    ...(isOwn
      ? [
          { label: 'Edit message', act: edit },
          { label: 'Delete message…', isDangerous: true, act: () => void remove() },
        ]
      : []),
  ];

  return (
    <div className="toolbar-rail">
      <div className="toolbar" role="toolbar" aria-label="Message actions">
        {QUICK_REACTIONS.map((name) => {
          const meaning = meaningOf(name);
          const label = `React with :${name}:`;
          return (
            <button
              key={name}
              type="button"
              className="icon-button toolbar-emoji"
              aria-label={label}
              title={meaning === null ? label : `${label}, which tells TrIAge: ${meaning}`}
              aria-pressed={mine.has(name)}
              onClick={() => react(name)}
            >
              {emojiOf(name)}
            </button>
          );
        })}
        <Menu
          label="Add another reaction"
          face={<SmileIcon />}
          isGrid
          onOpen={hold}
          entries={EMOJI_NAMES.map((name) => ({
            label: `:${name}:`,
            sign: emojiOf(name) ?? '',
            act: () => react(name),
          }))}
        />
        {!isInThread && (
          <button
            type="button"
            className="icon-button"
            aria-label="Reply in thread"
            title="Reply in thread"
            onClick={() => client.go({ thread: message.thread_ts ?? message.ts })}
          >
            <ReplyIcon />
          </button>
        )}
        {more.length > 0 && (
          <Menu label="More message actions" face={<MoreIcon />} onOpen={hold} entries={more} />
        )}
      </div>
    </div>
  );
}
