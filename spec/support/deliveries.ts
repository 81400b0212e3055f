/** What the socket hands to the inbox, made by hand: events that ask little of their handlers. */
import type { Delivery } from '../../src/inbox/accept.ts';

function eventDelivery(eventId: string, event: object): Delivery {
  return deliveryOf('events_api', eventId, {
    type: 'event_callback',
    event_id: eventId,
    event_time: 1_767_607_200,
    event,
  });
}

function deliveryOf(type: string, eventId: string, payload: object): Delivery {
  return { envelopeId: `env-${eventId}`, type, payload, body: JSON.stringify(payload), retryAttempt: 0 };
}

/** A channel event asks nothing but `directory.forget`; its lane is the channel. */
export function renamed(eventId: string, channel = `C${eventId}`): Delivery {
  return eventDelivery(eventId, {
    type: 'channel_rename',
    channel: { id: channel, name: eventId, created: 1 },
  });
}

/** A 👀 on a message; early if nothing was asked there. Its lane is the message. */
export function reacted(eventId: string, channel: string, ts: string): Delivery {
  return eventDelivery(eventId, {
    type: 'reaction_added',
    user: `U${eventId}`,
    reaction: 'eyes',
    item: { type: 'message', channel, ts },
    event_ts: '1767607201.000100',
  });
}

/** Somebody presses a button of another app's making; its lane is the message. */
export function pressed(eventId: string, channel: string, ts: string): Delivery {
  return deliveryOf('interactive', eventId, {
    type: 'block_actions',
    trigger_id: eventId,
    user: { id: 'U1' },
    channel: { id: channel },
    message: { ts },
    actions: [{ action_id: 'not-ours', value: '1', action_ts: `${Date.now() / 1000}`, type: 'button' }],
  });
}
