/** What happens to channels and to the app itself: nothing to do for a person, but the operator has to know. */
import type { AppEvent, ChannelEvent } from '../slack/event.ts';
import { noteGap } from '../store/hearing.ts';
import { type Handled, type HandlerContext, ignored } from './handler.ts';
import { intakeOf, triageQueueOf } from './places.ts';

/** Slack withholds events for a minute and says so once a minute; what it withheld is read when that has ended. */
const WITHHELD_MS = 70_000;

export async function handleChannel(event: ChannelEvent, context: HandlerContext): Promise<Handled> {
  await context.directory.forget(event);
  const isOurs =
    triageQueueOf(context.desk, event.channel) !== null || intakeOf(context.desk, event.channel) !== null;
  if (isOurs && event.change !== 'renamed') {
    context.logger.warn('a channel of the configuration has changed', {
      channel: event.channel,
      change: event.change,
    });
  }
  return ignored(`channel ${event.change}`);
}

export async function handleApp(event: AppEvent, context: HandlerContext): Promise<Handled> {
  switch (event.change) {
    case 'rate_limited':
      context.logger.warn('Slack withholds events: the workspace sends more than it delivers to one app');
      await noteGap(context.db, context.happenedAt - WITHHELD_MS, context.now + WITHHELD_MS);
      break;
    case 'tokens_revoked':
    case 'uninstalled':
      context.logger.error('the app was removed from the workspace', { change: event.change });
      break;
  }
  return ignored(`app ${event.change}`);
}
