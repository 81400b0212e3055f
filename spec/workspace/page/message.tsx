/** One message: who, when, what it says, and what can be done with it. */
import { memo, useState } from 'react';
import type { MessageSeen } from '../face/wire.ts';
import { Avatar } from './avatar.tsx';
import { Blocks, NumberButton } from './blocks.tsx';
import { emojiOf } from './emoji.ts';
import { CloseIcon, EyeIcon, FileIcon } from './icons.tsx';
import { authorOf } from './merge.ts';
import { MessageEditor } from './message-editor.tsx';
import { MessageToolbar } from './message-toolbar.tsx';
import { ago, longDay, msOfTs, timeOf, timeWithSeconds } from './moments.ts';
import { Mrkdwn } from './mrkdwn-view.tsx';
import { wordsIn } from './shapes.ts';
import { useAround, useNow } from './show.tsx';

interface MessageProps {
  readonly message: MessageSeen;
  readonly channel: string;
  /** Under another one of the same author, without a head of its own. */
  readonly isContinued: boolean;
  readonly isInThread: boolean;
  readonly isPointedAt: boolean;
  /** The last one is where Tab leads; arrows lead on from there. */
  readonly isLast: boolean;
}

export const MessageRow = memo(function MessageRow(props: MessageProps) {
  const { message, channel, isContinued, isInThread, isPointedAt, isLast } = props;
  const { person, me, kind, client } = useAround();
  const [isActive, setActive] = useState(false);
  const [isHeld, setHeld] = useState(false);
  const [isEdited, setEdited] = useState(false);
  const author = person(authorOf(message));
  const name = message.username ?? author?.realName ?? botName(message);
  const at = msOfTs(message.ts);
  const { tz } = me;
  const time = timeOf(at, tz);
  const isReader = kind === 'export';
  const isGone = message.subtype === 'tombstone';
  const classes = [
    'message',
    isContinued ? 'message-more' : '',
    message.isEphemeral ? 'message-whisper' : '',
    isPointedAt ? 'message-pointed' : '',
    isGone ? 'subtle' : '',
  ];
  return (
    <article
      className={classes.filter(Boolean).join(' ')}
      aria-label={`${name} at ${time}`}
      data-ts={message.ts}
      tabIndex={isLast ? 0 : -1}
      onMouseEnter={() => setActive(true)}
      onMouseLeave={() => setActive(false)}
      onFocus={() => setActive(true)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setActive(false);
      }}
    >
      <div className="message-side">
        {isGone ? null : isContinued ? (
          <time className="message-time-side" dateTime={new Date(at).toISOString()}>
            {time}
          </time>
        ) : (
          <Avatar id={authorOf(message)} name={name} isBot={author?.isBot ?? message.bot_id !== undefined} />
        )}
      </div>
      <div className="message-main">
        {message.isEphemeral && (
          <p className="whisper-note">
            <EyeIcon /> Only visible to you
          </p>
        )}
        {message.subtype === 'thread_broadcast' && !isInThread && (
          <p className="message-note">
            replied to{' '}
            <button
              type="button"
              className="link"
              onClick={() => client.go({ thread: message.thread_ts ?? message.ts })}
            >
              a thread
            </button>
          </p>
        )}
        {!isContinued && !isGone && (
          <p className="message-head">
            <span className="message-name">{name}</span>
            {author?.isBot === true && <span className="badge">app</span>}
            {author !== undefined && author.part !== '' && (
              <span className="message-part">{author.part}</span>
            )}
            <time
              className="message-time"
              dateTime={new Date(at).toISOString()}
              title={`${longDay(at, at, tz)}, ${timeWithSeconds(at, tz)}`}
            >
              {time}
            </time>
            {isRequest(message) && message.requestNumber !== null && (
              <NumberButton number={message.requestNumber} />
            )}
          </p>
        )}
        {isEdited ? (
          <MessageEditor message={message} channel={channel} close={() => setEdited(false)} />
        ) : (
          <Body message={message} channel={channel} />
        )}
        <Files message={message} />
        {!isGone && <Reactions message={message} channel={channel} isFixed={isReader} />}
        {!isInThread && <ThreadSummary message={message} />}
        {message.isEphemeral && (
          <button
            type="button"
            className="link whisper-dismiss"
            onClick={() => void client.do({ do: 'dismissEphemeral', ts: message.ts })}
          >
            <CloseIcon /> Dismiss
          </button>
        )}
      </div>
      {(isActive || isHeld) && !message.isEphemeral && !isReader && !isEdited && !isGone && (
        <MessageToolbar
          message={message}
          channel={channel}
          isInThread={isInThread}
          edit={() => setEdited(true)}
          hold={setHeld}
        />
      )}
    </article>
  );
});

function botName({ bot_profile: profile }: MessageSeen): string {
  const name = profile?.['name'];
  return typeof name === 'string' ? name : 'An app';
}

/** A message that became a request, as exports show it; a card has its number in its head. */
function isRequest({ requestNumber, blocks }: MessageSeen): boolean {
  return requestNumber !== null && !wordsIn(blocks?.[0]?.['text']).includes(`#${requestNumber}`);
}

function Body({ message, channel }: { readonly message: MessageSeen; readonly channel: string }) {
  const { client } = useAround();
  const { blocks, text, ts, edited, requestNumber } = message;
  const ref = { channel, ts };
  if (blocks !== undefined && blocks.length > 0) {
    return (
      <Blocks
        blocks={blocks}
        requestNumber={requestNumber}
        pressing={{
          press: (blockId, actionId, option) =>
            client.do({
              do: 'press',
              ...ref,
              blockId,
              actionId,
              ...(option === undefined ? {} : { option }),
            }),
          choose: (blockId, actionId, value) => client.do({ do: 'choose', ...ref, blockId, actionId, value }),
        }}
      />
    );
  }
  return (
    <div className="message-text">
      <Mrkdwn text={text} />
      {edited !== undefined && <span className="edited">(edited)</span>}
    </div>
  );
}

function Files({ message: { files = [] } }: { readonly message: MessageSeen }) {
  if (files.length === 0) return null;
  return (
    <ul className="files" aria-label="Files">
      {files.map(({ id, name, size, filetype }) => (
        <li key={id} className="file">
          <FileIcon />
          <span className="file-name">{name}</span>
          <span className="subtle">
            {filetype} {size > 0 ? `${Math.max(1, Math.round(size / 1000))} kB` : ''}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Reactions({
  message: { reactions = [], ts, isEphemeral },
  channel,
  isFixed,
}: {
  readonly message: MessageSeen;
  readonly channel: string;
  readonly isFixed: boolean;
}) {
  const { client, me, names } = useAround();
  if (reactions.length === 0 || isEphemeral) return null;
  return (
    <div className="reactions">
      {reactions.map(({ name, users, count }) => {
        const isMine = users.includes(me.id);
        const who = users.map((id) => (id === me.id ? 'you' : names.person(id))).join(', ');
        const words = `${who} reacted with :${name}:`;
        return (
          <button
            key={name}
            type="button"
            className={isMine ? 'reaction reaction-mine' : 'reaction'}
            aria-pressed={isMine}
            aria-label={words}
            title={words}
            disabled={isFixed}
            onClick={() => void client.do({ do: 'react', channel, ts, name, on: !isMine })}
          >
            <span aria-hidden="true">{emojiOf(name) ?? `:${name}:`}</span> {count}
          </button>
        );
      })}
    </div>
  );
}

function ThreadSummary({ message }: { readonly message: MessageSeen }) {
  const { client, person } = useAround();
  const now = useNow(60_000);
  const { reply_count: count = 0, reply_users: users = [], latest_reply: latest, ts } = message;
  if (count === 0 || message.subtype === 'thread_broadcast') return null;
  return (
    <button type="button" className="thread-summary" onClick={() => client.go({ thread: ts })}>
      <span className="faces">
        {users.slice(0, 3).map((id) => (
          <Avatar
            key={id}
            id={id}
            name={person(id)?.realName ?? id}
            isBot={person(id)?.isBot ?? false}
            isSmall
          />
        ))}
      </span>
      <span className="thread-count">
        <Replies count={count} />
      </span>
      {latest !== undefined && <span className="subtle">{ago(msOfTs(latest), now)}</span>}
    </button>
  );
}

/** As the channel counts them, which is without what one person alone sees. */
export function Replies({ count }: { readonly count: number }) {
  return `${count} ${count === 1 ? 'reply' : 'replies'}`;
}
