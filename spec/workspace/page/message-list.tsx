/** The messages of a channel or thread; stays at its end while new ones come, if it was there. */
import {
  Fragment,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { MessagesSeen } from '../face/wire.ts';
import { DownIcon } from './icons.tsx';
import { continues } from './merge.ts';
import { MessageRow, Replies } from './message.tsx';
import { dayHeading, dayKey, msOfTs } from './moments.ts';
import { useNow, useShow } from './show.tsx';

interface ListProps {
  readonly seen: MessagesSeen;
  readonly where: 'open' | 'thread';
  readonly label: string;
  /** What stands where nothing has been said yet. */
  readonly empty: ReactNode;
}

const NEAR = 60;
const EARLIER_AT = 500;

export function MessageList({ seen, where, label, empty }: ListProps) {
  const { client, state, pointedAt } = useShow();
  const now = useNow(60_000);
  const box = useRef<HTMLDivElement>(null);
  const inside = useRef<HTMLDivElement>(null);
  const stays = useRef(true);
  const isReading = useRef(false);
  const [isAtEnd, setAtEnd] = useState(true);
  const { tz } = state.me;

  const toEnd = (): void => {
    if (box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  };

  const readEarlier = async (): Promise<void> => {
    if (isReading.current || !seen.hasEarlier) return;
    isReading.current = true;
    try {
      await client.earlier(where);
    } finally {
      isReading.current = false;
    }
  };

  const scrolled = (): void => {
    const shown = box.current;
    if (shown === null) return;
    stays.current = shown.scrollHeight - shown.scrollTop - shown.clientHeight < NEAR;
    setAtEnd(stays.current);
    if (shown.scrollTop < EARLIER_AT) void readEarlier();
  };

  // Also when something in a message grows, or the window does.
  useEffect(() => {
    const watcher = new ResizeObserver(() => {
      if (stays.current) toEnd();
    });
    if (inside.current !== null) watcher.observe(inside.current);
    if (box.current !== null) watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);

  const first = seen.messages[0]?.ts ?? '';
  const drawn = useRef({ first, height: 0 });
  useLayoutEffect(() => {
    const shown = box.current;
    if (shown === null) return;
    const { scrollHeight: height } = shown;
    if (stays.current) toEnd();
    // What was looked at stays where it is when older ones come before it.
    else if (first < drawn.current.first) shown.scrollTop += height - drawn.current.height;
    drawn.current = { first, height };
  }, [seen, first]);

  /** Arrows lead from message to message. */
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const from = event.target;
    if (step === undefined || !(from instanceof HTMLElement) || from.tagName !== 'ARTICLE') return;
    event.preventDefault();
    const rows = [...(box.current?.querySelectorAll<HTMLElement>('article') ?? [])];
    const next = rows[rows.indexOf(from) + step];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  };

  const isPointed = pointedAt !== null && seen.messages.some(({ ts }) => ts === pointedAt);
  useEffect(() => {
    if (pointedAt === null || where !== (seen.thread === null ? 'open' : 'thread')) return;
    const row = box.current?.querySelector<HTMLElement>(`[data-ts="${pointedAt}"]`);
    if (row === null || row === undefined) {
      // A link into the past: page after page until it is there.
      if (pointedAt < (seen.messages[0]?.ts ?? '')) void readEarlier();
      return;
    }
    stays.current = false;
    row.scrollIntoView({ block: 'center' });
    row.focus({ preventScroll: true });
  }, [pointedAt, isPointed, seen.messages.length]);

  return (
    <div className="list-frame">
      <div ref={box} className="list" role="region" aria-label={label} onScroll={scrolled} onKeyDown={move}>
        <div ref={inside} className="list-inside">
          {seen.hasEarlier ? (
            <p className="list-earlier">
              <button type="button" className="link" onClick={() => void readEarlier()}>
                Load earlier messages
              </button>
            </p>
          ) : (
            empty
          )}
          {seen.messages.map((message, at) => {
            const before = seen.messages[at - 1];
            const when = msOfTs(message.ts);
            const isNewDay = before === undefined || dayKey(msOfTs(before.ts), tz) !== dayKey(when, tz);
            return (
              <Fragment key={`${message.ts}${message.isEphemeral ? 'e' : ''}`}>
                {isNewDay && (
                  <div className="day" role="separator">
                    <span className="day-name">{dayHeading(when, now, tz)}</span>
                  </div>
                )}
                <MessageRow
                  message={message}
                  channel={seen.channel}
                  isInThread={where === 'thread'}
                  isContinued={!isNewDay && continues(message, before)}
                  isPointedAt={message.ts === pointedAt}
                  isLast={at === seen.messages.length - 1}
                />
                {where === 'thread' && message.ts === seen.thread && message.reply_count !== undefined && (
                  <div className="day day-left" role="separator">
                    <span className="day-name">
                      <Replies count={message.reply_count} />
                    </span>
                  </div>
                )}
              </Fragment>
            );
          })}
        </div>
      </div>
      {!isAtEnd && (
        <button
          type="button"
          className="button to-end"
          onClick={() => {
            stays.current = true;
            toEnd();
          }}
        >
          <DownIcon /> Jump to latest
        </button>
      )}
    </div>
  );
}
