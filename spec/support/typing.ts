/** What people type to the running daemon, and what it answers them. */
import { textOf } from '../workspace/text-of.ts';
import type { Message, Where, Who } from '../workspace/wire.ts';
import type { RunningApp } from './running-app.ts';

/** A request as specs need it: its message, its card and its number. */
export interface Asked {
  readonly ts: string;
  readonly card: Message;
  readonly id: number;
}

/** A message's ts that lies back by so many minutes, and is no other message's. */
export function minutesAgo(minutes: number): string {
  return ((Date.now() - minutes * 60_000) / 1000 + Math.random() / 1000).toFixed(6);
}

/** What somebody reads, without the marks that only keep text from ringing. */
export function read(message: { text: string; blocks?: readonly unknown[] }): string {
  return textOf(message).replaceAll('\u2060', '');
}

export function typing(running: RunningApp) {
  const { slack, team } = running;

  /** Does something and reads what it is answered, for that person's eyes only. */
  async function answerTo(who: Who, act: () => unknown): Promise<string> {
    const before = slack.ephemerals(who).length;
    await act();
    await slack.waitFor(() => slack.ephemerals(who).length > before, 'an answer for one person');
    return read(slack.ephemerals(who)[before]!);
  }

  /** The card is there, and noted, so that what is typed now finds it. */
  async function asked(words: string, ts: string): Promise<Asked> {
    const card = await running.cardOf(words);
    await running.settled();
    return { ts, card, id: running.numberOf(card) };
  }

  return {
    answerTo,
    /** `/triage …`, by default in #help-it. */
    slash: (who: Who, text: string, where: Where = team.help): Promise<string> =>
      answerTo(who, () => slack.slash(who, where, '/triage', text)),
    /** `@triage …` of which nobody but its author is answered. */
    mention: (who: Who, where: Where, text: string, threadTs?: string): Promise<string> =>
      answerTo(who, () => slack.say(who, where, `<@${slack.botUserId}> ${text}`, { threadTs })),
    /** `@triage …` that may be answered or not. */
    sayTo: (who: Who, where: Where, text: string, threadTs?: string): string =>
      slack.say(who, where, `<@${slack.botUserId}> ${text}`, { threadTs }),
    /** Writes to the bot and reads the answer with these words, which stands in the same thread (or at the top). */
    async dm(who: Who, text: string, words: string, threadTs?: string): Promise<string> {
      const ts = slack.dm(who, text, { threadTs });
      const found = await slack.waitFor(
        () =>
          slack
            .messages(slack.dmOf(who))
            .find(
              (one) =>
                one.user === slack.botUserId &&
                Number(one.ts) > Number(ts) &&
                one.thread_ts === threadTs &&
                read(one).includes(words),
            ),
        `an answer by DM with "${words}"`,
      );
      return read(found);
    },
    /** Somebody (uli) asks in #help-it. */
    ask: (words: string, who: Who = team.uli, ts?: string): Promise<Asked> =>
      asked(words, slack.say(who, team.help, words, ts === undefined ? {} : { ts })),
    /** Somebody (uli) asks by DM, with `new` so that it is not added to an earlier request. */
    askByDm: (words: string, who: Who = team.uli): Promise<Asked> =>
      asked(words, slack.dm(who, `new ${words}`)),
    /** What the thread under a message says, all of it. */
    threadText: (where: Where, ts: string): string => slack.thread(where, ts).map(read).join('\n'),
  };
}

export type Typing = ReturnType<typeof typing>;
