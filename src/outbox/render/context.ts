/** What rendering gets and gives. Everything here is pure: names are looked up before, time is an argument. */
import type { KnownBlock } from '@slack/types';
import type { Link } from '../../domain/effects.ts';
import type { Queue } from '../../domain/queue.ts';
import { messageText } from '../../slack/block-text.ts';
import { assemble } from '../../slack/blocks.ts';
import { titleOf } from '../../slack/clamp.ts';
import { type Mrkdwn, raw } from '../../slack/inline.ts';
import { escapedText, plain } from '../../slack/mrkdwn.ts';

/** What every message needs. */
export interface AnswerContext {
  /** Epoch ms. */
  readonly now: number;
  /** Names already looked up; shown as plain text. */
  readonly names: { person(id: string): string; channel(id: string): string };
  /** `https://acme.slack.com/`, as `auth.test` gives it. */
  readonly teamUrl: string;
  readonly botUserId: string;
}

/** What a message about a request of one queue needs. */
export interface RenderContext extends AnswerContext {
  readonly queue: Queue;
  readonly onDuty: { readonly user: string; readonly untilMs: number } | null;
  /**
   * Whether the triage channel is private. Only there may a card link to a message in a private channel, or name
   * that channel; asked at posting time.
   */
  readonly triageIsPrivate: boolean;
}

export interface Message {
  /** The notification, and what shows where blocks cannot: escaped, without mentions, links or text's markup. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/**
 * Puts a message together.
 * @param key the first block's id, by which the post is found again; at most 255 characters
 */
export function message(text: Mrkdwn, blocks: readonly (KnownBlock | null)[], key?: string): Message {
  return { text: messageText(text), blocks: assemble(blocks, key) };
}

/** Escaped text of people as they read it, mentions by name. For rich text, plain text, or `mrkdwn`, which keep it inert. */
export function readable(text: string, ctx: Pick<AnswerContext, 'names'>): ReturnType<typeof plain> {
  return plain(escapedText(text), ctx.names);
}

/** Longer than names of people, channels and queues are meant to be. */
const NAME_LENGTH = 80;

/** Somebody's name as inert text: it never rings. */
export function name(id: string, ctx: Pick<AnswerContext, 'names'>): Mrkdwn {
  return raw(titleOf(ctx.names.person(id), NAME_LENGTH) || id);
}

/** The name of a queue or a channel, as text that is not yet inert. */
export function called(text: string): string {
  return titleOf(text, NAME_LENGTH);
}

/** Escaped text of people on one line of at most `max` characters, not yet inert. */
export function oneLine(text: string, max: number, ctx: Pick<AnswerContext, 'names'>): string {
  return titleOf(readable(text, ctx).replaceAll(/\s+/g, ' '), max);
}

/** The address of a message, made by hand: no call to Slack. */
export function messageUrl(teamUrl: string, { channel, ts, threadTs }: Link): string {
  const base = `${teamUrl.replace(/\/*$/, '/')}archives/${encodeURIComponent(channel)}/p${ts.replace('.', '')}`;
  if (threadTs === null || threadTs === ts) return base;
  return `${base}?thread_ts=${encodeURIComponent(threadTs)}&cid=${encodeURIComponent(channel)}`;
}
