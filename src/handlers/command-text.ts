/** Which texts are commands where they stand: those are obeyed, or refused by name, and kept nowhere. */
import { type Command, type Parsed, type Place, parseCommand } from '../domain/command.ts';
import type { EscapedText } from '../slack/event.ts';
import { mentionsUser, withoutMention } from '../slack/mrkdwn.ts';

export type Typed =
  | { readonly kind: 'not_yet'; readonly verb: string }
  | { readonly kind: 'command'; readonly command: Exclude<Command, { kind: 'new' }> };

/** `new TEXT` after a mention is a request with the whole message as its source, as any other text is. */
export function isCommand(parsed: Parsed): parsed is Parsed & Typed {
  return parsed.kind === 'not_yet' || (parsed.kind === 'command' && parsed.command.kind !== 'new');
}

export interface TextPlace {
  readonly isDm: boolean;
  /** Null at the top of its channel. */
  readonly threadTs: string | null;
}

/** Reads what is said to the bot. In a channel's thread as if that were a request's, where a command may leave out its number. */
export function parseAt(
  text: EscapedText,
  { isDm, threadTs }: TextPlace,
  { botUser, now, zone }: { readonly botUser: string; readonly now: number; readonly zone: string },
): Parsed {
  const isMention = !isDm || mentionsUser(text, botUser);
  const [top, inThread]: readonly [Place, Place] = isMention
    ? ['mention', 'mention_in_thread']
    : ['dm_top', 'dm_thread'];
  return parseCommand(withoutMention(text, botUser), {
    place: threadTs === null ? top : inThread,
    now,
    zone,
  });
}
