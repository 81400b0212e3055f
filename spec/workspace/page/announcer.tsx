/** Says new messages of the open channel and thread, and what a skip has brought, to those who listen instead of looking. */
import { useEffect, useRef, useState } from 'react';
import type { MessagesSeen } from '../face/wire.ts';
import { authorOf } from './merge.ts';
import { sourceOf } from './mrkdwn.ts';
import { newsWords } from './news.ts';
import { useShow } from './show.tsx';

export function Announcer() {
  const { open, thread, state, names, news } = useShow();
  const [said, setSaid] = useState('');
  const last = useRef(new Map<string, string>());

  useEffect(() => {
    const lines = [open, thread].flatMap((seen) => (seen === null ? [] : fresh(seen)));
    if (lines.length > 0) setSaid(lines.join('. '));

    function fresh({ channel, thread: of, messages }: MessagesSeen): readonly string[] {
      const key = `${state.me.id} ${channel} ${of ?? ''}`;
      const known = last.current.get(key);
      last.current.set(key, messages.at(-1)?.ts ?? '');
      if (known === undefined) return [];
      return messages
        .filter((message) => message.ts > known && authorOf(message) !== state.me.id)
        .map((message) => `${names.person(authorOf(message))}: ${sourceOf(message.text, names)}`);
    }
  }, [open, thread, state.me.id, names]);

  useEffect(() => {
    if (news !== null) setSaid(newsWords(news, state.me.tz));
  }, [news]);

  return (
    <p className="unseen" role="status" aria-live="polite">
      {said}
    </p>
  );
}
