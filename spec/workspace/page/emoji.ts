/** Emoji by Slack's names: those that TrIAge understands first, then those that teams use all the time. */

const TABLE = {
  red_circle: '🔴',
  large_orange_circle: '🟠',
  large_blue_circle: '🔵',
  white_circle: '⚪',
  ticket: '🎫',
  eyes: '👀',
  white_check_mark: '✅',
  lock: '🔒',
  '+1': '👍',
  '-1': '👎',
  pray: '🙏',
  tada: '🎉',
  heart: '❤️',
  raised_hands: '🙌',
  rocket: '🚀',
  fire: '🔥',
  wave: '👋',
  thinking_face: '🤔',
  slightly_smiling_face: '🙂',
  smile: '😄',
  joy: '😂',
  sob: '😭',
  heavy_check_mark: '✔️',
  x: '❌',
  warning: '⚠️',
  hourglass_flowing_sand: '⏳',
  alarm_clock: '⏰',
  bulb: '💡',
  computer: '💻',
  printer: '🖨️',
  coffee: '☕',
  bug: '🐛',
  question: '❓',
  100: '💯',
} as const satisfies Readonly<Record<string, string>>;

const BY_NAME: ReadonlyMap<string, string> = new Map(Object.entries(TABLE));

/** Other names for the same. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['blue_circle', 'large_blue_circle'],
  ['orange_circle', 'large_orange_circle'],
  ['thumbsup', '+1'],
  ['thumbsdown', '-1'],
  ['party_popper', 'tada'],
]);

/** What the circles mean at the head of a message, and the signs as reactions. */
const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['red_circle', 'urgent'],
  ['large_orange_circle', 'high'],
  ['large_blue_circle', 'normal'],
  ['white_circle', 'low'],
  ['ticket', 'make it a request'],
  ['eyes', 'take it'],
  ['white_check_mark', 'resolve it'],
  ['lock', 'only for the team'],
]);

/** Offered at the message itself; the first three mean something to TrIAge. */
export const QUICK_REACTIONS = ['eyes', 'white_check_mark', 'ticket', '+1'] as const;

export const EMOJI_NAMES: readonly string[] = [...Object.keys(TABLE).filter((name) => name !== '100'), '100'];

/** The character of a name, skin tones left out; null where there is none. */
export function emojiOf(name: string): string | null {
  const plain = name.replace(/::skin-tone-\d$/, '');
  return BY_NAME.get(ALIASES.get(plain) ?? plain) ?? null;
}

/** What it tells TrIAge; null: nothing. */
export function meaningOf(name: string): string | null {
  return MEANINGS.get(ALIASES.get(name) ?? name) ?? null;
}

/** Text with `:names:` as characters; unknown names stay as they are. */
export function withEmoji(text: string): string {
  return text.replaceAll(
    /:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/g,
    (all, name: string) => emojiOf(name) ?? all,
  );
}
