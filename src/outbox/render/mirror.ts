/** The copy of one message of a conversation, under the speaker's name. */
import type { FileName } from '../../domain/request.ts';
import { context } from '../../slack/blocks.ts';
import { mrkdwn } from '../../slack/inline.ts';
import { carried } from './carried.ts';
import { type AnswerContext, called, type Message, message, oneLine, readable } from './context.ts';
import { filesLine } from './pieces.ts';

export interface Mirrored {
  /** As people call them; shown as plain text. */
  readonly speaker: string;
  /** As Slack escapes it. */
  readonly text: string;
  readonly files: readonly FileName[];
  /** True for a copy that the asker cannot see. */
  readonly isInside?: boolean;
}

/** Rendered anew at every edit of the original; nothing in it can ring, link or format. */
export function renderMirror(copied: Mirrored, ctx: Pick<AnswerContext, 'names'>, key: string): Message {
  const text = readable(copied.text, ctx);
  return message(
    mrkdwn`${called(copied.speaker)}: ${oneLine(copied.text, 300, ctx)}`,
    [
      ...carried(text, called(copied.speaker)),
      filesLine(copied.files, ctx),
      copied.isInside === true ? context(mrkdwn`🔒 The asker does not see this.`) : null,
    ],
    key,
  );
}
