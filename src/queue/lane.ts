/**
 * The lane of an effect: rows of one lane go out in order, one after the other. New messages of a channel share the
 * channel's lane, and with it the channel's pace; an edit has the message's own, so that the press of a button does
 * not wait behind a burst of new cards.
 */
import type { Effect, Place } from '../domain/effects.ts';
import type { Posted, Request } from '../domain/request.ts';
import type { NewOutboxRow } from '../store/outbox.ts';

/** @param triageChannel of the request's queue */
export function laneOf(effect: Effect, request: Request, triageChannel: string): string {
  switch (effect.kind) {
    case 'card':
      return request.card === null ? triageChannel : editLane(request.card);
    case 'asker_reply':
      return request.askerReply === null ? conversationLane(request) : editLane(request.askerReply);
    case 'left_card':
    case 'take_back':
      return editLane(effect);
    case 'mirror':
      return effect.channel === request.conversation.channel ? triageChannel : conversationLane(request);
    case 'say':
      return placeLane(effect.place, request, triageChannel);
  }
}

function placeLane(place: Place, request: Request, triageChannel: string): string {
  switch (place.kind) {
    case 'conversation':
      return conversationLane(request);
    case 'card_thread':
    case 'triage_channel':
      return triageChannel;
    case 'person':
      return dmLane(place.user);
    case 'channel':
      return place.channel;
  }
}

/** Posts to a person share a lane whether or not their DM channel is known yet. */
export function dmLane(user: string): string {
  return `dm:${user}`;
}

function conversationLane({ conversation, asker }: Request): string {
  return conversation.isMirrored || conversation.channel === null ? dmLane(asker) : conversation.channel;
}

/** Deletes a message of ours, whatever it was about. */
export function removalRow({ channel, ts }: Posted): NewOutboxRow {
  const lane = editLane({ channel, ts });
  return { lane, key: `back.${channel}.${ts}`, requestId: null, effect: { kind: 'take_back', channel, ts } };
}

/** Each message of ours has its own. */
function editLane({ channel, ts }: Posted): string {
  return `edit:${channel}:${ts}`;
}
