/** What Slack puts into envelopes, as it stands in facts of the field: about 1.67 kB an event. */

import type { LocalSlack } from '../workspace/local-slack.ts';
import type { Json } from '../workspace/wire.ts';
import type { Bench } from './bench.ts';

/** The length of an event, for pgbench's row. */
export const EVENT_BYTES = 1670;

let events = 0;

/** A message in a channel, as JSON. */
export function messageEvent(
  slack: LocalSlack,
  from: { readonly channel: string; readonly user: string; readonly text: string },
): { readonly json: string; readonly eventId: string; readonly ts: string } {
  events += 1;
  const eventId = `Ev${process.pid.toString(36)}${String(events).padStart(8, '0')}`;
  const ts = slack.world.nextTs();
  const text = `${from.text} ${WORDS}`;
  const payload = {
    token: 'unused-verification-token',
    team_id: slack.teamId,
    context_team_id: slack.teamId,
    context_enterprise_id: null,
    api_app_id: slack.appId,
    event: {
      type: 'message',
      user: from.user,
      ts,
      client_msg_id: `11111111-2222-4333-8444-${String(events).padStart(12, '0')}`,
      text,
      team: slack.teamId,
      blocks: [
        {
          type: 'rich_text',
          block_id: 'bLocK',
          elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
        },
      ],
      channel: from.channel,
      event_ts: ts,
      channel_type: 'channel',
    },
    type: 'event_callback',
    event_id: eventId,
    event_time: Math.floor(Number(ts)),
    authorizations: [
      {
        enterprise_id: null,
        team_id: slack.teamId,
        user_id: slack.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: '4-'.padEnd(362, 'eyJldCI6Im1lc3NhZ2UiLCJ0aWQiOiJUMExPQ0FMIn0'),
  };
  return { json: JSON.stringify(payload), eventId, ts };
}

/** What people say in a channel that nobody has to answer. */
export function talk({ workspace, team }: Bench): () => ReturnType<typeof messageEvent> {
  return () => messageEvent(workspace, { channel: team.talk.id, user: team.uli.id, text: 'idle talk:' });
}

/** Makes the event as long as Slack's are. */
const WORDS =
  'the printer on the second floor eats every other page of what we send to it since monday '.repeat(3);

/** Somebody presses a button of a message. */
export function pressPayload(
  slack: LocalSlack,
  from: {
    readonly user: string;
    readonly channel: string;
    readonly ts: string;
    readonly blocks: readonly Json[];
    readonly button: Json;
    readonly responseUrl: string;
  },
): string {
  const { user, channel, ts, blocks, button } = from;
  const block = blocks.find((each) => Array.isArray(each['elements']) && each['elements'].includes(button));
  return JSON.stringify({
    type: 'block_actions',
    token: 'unused-verification-token',
    team: { id: slack.teamId, domain: 'local-team' },
    user: { id: user, username: 'ana', name: 'ana', team_id: slack.teamId },
    api_app_id: slack.appId,
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: `${ts}.trigger`,
    container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false },
    channel: { id: channel, name: 'privategroup' },
    message: {
      type: 'message',
      user: slack.botUserId,
      bot_id: slack.botId,
      app_id: slack.appId,
      team: slack.teamId,
      ts,
      text: 'a card',
      blocks,
    },
    state: { values: {} },
    response_url: from.responseUrl,
    actions: [
      {
        action_id: button['action_id'],
        block_id: block?.['block_id'],
        type: 'button',
        text: button['text'],
        value: button['value'],
        action_ts: slack.world.nextTs(),
      },
    ],
  });
}

export function slashPayload(
  slack: LocalSlack,
  from: {
    readonly user: string;
    readonly channel: string;
    readonly text: string;
    readonly responseUrl: string;
  },
): string {
  return JSON.stringify({
    token: 'unused-verification-token',
    team_id: slack.teamId,
    team_domain: 'local-team',
    channel_id: from.channel,
    channel_name: 'help',
    user_id: from.user,
    user_name: 'ana',
    command: '/triage',
    text: from.text,
    api_app_id: slack.appId,
    is_enterprise_install: 'false',
    response_url: from.responseUrl,
    trigger_id: slack.world.nextTs(),
  });
}
