/** The few emoji that mean something to TrIAge: priorities at the start of a message, and reactions. */
import type { Priority } from './request.ts';

/** How each priority is shown, and the names that Slack gives that emoji (the first is the one we write). */
export const PRIORITY_EMOJI = {
  urgent: { emoji: '🔴', names: ['red_circle'] },
  high: { emoji: '🟠', names: ['large_orange_circle'] },
  normal: { emoji: '🔵', names: ['large_blue_circle', 'blue_circle'] },
  low: { emoji: '⚪', names: ['white_circle'] },
} as const satisfies Record<Priority, { emoji: string; names: readonly string[] }>;

const PRIORITY_OF: ReadonlyMap<string, Priority> = new Map([
  ['🔴', 'urgent'],
  ['🟠', 'high'],
  ['🔵', 'normal'],
  ['⚪', 'low'],
  [':red_circle:', 'urgent'],
  [':large_orange_circle:', 'high'],
  [':large_blue_circle:', 'normal'],
  [':blue_circle:', 'normal'],
  [':white_circle:', 'low'],
]);

/** U+FE0F asks for the coloured form; some keyboards add it. Code points of emoji never match in part. */
const LEADING_EMOJI = /^\s*(🔴|🟠|🔵|⚪|:[a-z_]{1,30}:)\uFE0F?\s*/u;

/**
 * The priority that a message sets by the emoji it starts with (`🔴` or `:red_circle:`), and the text after it.
 * Without one: null, and the text unchanged.
 */
export function priorityOfText(text: string): { readonly priority: Priority | null; readonly rest: string } {
  const match = LEADING_EMOJI.exec(text);
  const priority = PRIORITY_OF.get(match?.[1] ?? '');
  if (match === null || priority === undefined) return { priority: null, rest: text };
  return { priority, rest: text.slice(match[0].length) };
}

export type ReactionMeaning = 'capture' | 'take' | 'resolve';

const MEANING_OF: ReadonlyMap<string, ReactionMeaning> = new Map([
  ['ticket', 'capture'],
  ['eyes', 'take'],
  ['white_check_mark', 'resolve'],
  ['heavy_check_mark', 'resolve'],
]);

/** What a reaction on a source or a card asks for; skin tones (`eyes::skin-tone-2`) make no difference. */
export function reactionMeaning(emojiName: string): ReactionMeaning | null {
  return MEANING_OF.get(emojiName.replace(/::skin-tone-\d$/, '')) ?? null;
}
