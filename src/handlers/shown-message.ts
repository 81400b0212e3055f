/** One message as Slack shows it to the bot now. */
import { orNull } from '../slack/calls.ts';
import type { ShownMessage } from '../slack/event.ts';
import type { MessagePlace } from '../slack/port.ts';
import type { HandlerContext } from './handler.ts';

/**
 * Null where there is no such message, and where the bot may not look: it has left the channel since, or there is no
 * such channel. Asking again would not help, and the event is not to be tried again for it.
 */
export function shownMessage(
  { slack }: Pick<HandlerContext, 'slack'>,
  place: MessagePlace,
): Promise<ShownMessage | null> {
  return orNull(slack.message(place), 'channel_not_found', 'not_in_channel');
}
