/** Payloads in the shapes that Slack documents, with made-up content. */

export const TS = '1700000000.000100';
export const THREAD = '1699999999.000200';

export function eventsApi(event: unknown, extra: object = {}): Record<string, unknown> {
  return {
    token: 'x',
    team_id: 'T1',
    api_app_id: 'A1',
    type: 'event_callback',
    event_id: 'Ev1',
    event_time: 1700000001,
    event,
    ...extra,
  };
}

export const message = {
  type: 'message',
  channel: 'C1',
  channel_type: 'channel',
  user: 'U1',
  team: 'T1',
  text: 'The printer is &lt;dead&gt;',
  ts: TS,
  event_ts: TS,
  client_msg_id: 'c-1',
  blocks: [],
};

export const changed = {
  type: 'message',
  subtype: 'message_changed',
  hidden: true,
  channel: 'C1',
  channel_type: 'channel',
  ts: '1700000009.000300',
  event_ts: '1700000009.000300',
  message: {
    ...message,
    text: 'The printer lives',
    thread_ts: TS,
    edited: { user: 'U1', ts: '1700000009.000000' },
  },
  previous_message: message,
};

export const deleted = {
  type: 'message',
  subtype: 'message_deleted',
  hidden: true,
  channel: 'C1',
  ts: '1700000010.000400',
  event_ts: '1700000010.000400',
  deleted_ts: TS,
  previous_message: { ...message, thread_ts: THREAD },
};

export const reaction = {
  type: 'reaction_added',
  user: 'U2',
  reaction: '+1::skin-tone-3',
  item: { type: 'message', channel: 'C1', ts: TS },
  item_user: 'U1',
  event_ts: '1700000011.000500',
};

export const command = {
  command: '/triage',
  text: 'assign #3 <@U2|ana>',
  user_id: 'U1',
  user_name: 'ben',
  channel_id: 'C1',
  team_id: 'T1',
  response_url: 'https://hooks.slack.com/commands/T1/1/x',
  trigger_id: '1.2.abc',
};

export const press = {
  type: 'block_actions',
  user: { id: 'U1', team_id: 'T1' },
  channel: { id: 'C1', name: 'general' },
  container: { type: 'message', message_ts: TS, channel_id: 'C1', is_ephemeral: false },
  message: { ...message, bot_id: 'B1', thread_ts: THREAD },
  response_url: 'https://hooks.slack.com/actions/T1/1/x',
  trigger_id: '1.2.def',
  actions: [
    { type: 'button', action_id: 'take', block_id: 'b', value: '17', action_ts: '1700000012.000600' },
  ],
};

export const messageShortcut = {
  type: 'message_action',
  callback_id: 'triage_this',
  user: { id: 'U1' },
  channel: { id: 'C1' },
  message: { ...message, thread_ts: THREAD },
  response_url: 'https://hooks.slack.com/app/T1/1/x',
  trigger_id: '1.2.ghi',
};

export const globalShortcut = {
  type: 'shortcut',
  callback_id: 'new_request',
  user: { id: 'U1' },
  trigger_id: '1.2.jkl',
};

export const submission = {
  type: 'view_submission',
  user: { id: 'U1' },
  trigger_id: '1.2.mno',
  view: {
    id: 'V1',
    callback_id: 'hold',
    private_metadata: '{"request":17}',
    state: {
      values: {
        reason: { reason: { type: 'plain_text_input', value: 'waits for <parts> & time' } },
        until: { until: { type: 'datetimepicker', selected_date_time: 1700100000 } },
        who: { who: { type: 'users_select', selected_user: 'U2' } },
        queue: { queue: { type: 'static_select', selected_option: { value: 'it', text: {} } } },
        note: { note: { type: 'plain_text_input', value: null } },
      },
    },
  },
};

/** Every kind of envelope that means something to us. */
export const samples: readonly { readonly type: string; readonly payload: unknown }[] = [
  { type: 'events_api', payload: eventsApi(message) },
  { type: 'events_api', payload: eventsApi(changed) },
  { type: 'events_api', payload: eventsApi(deleted) },
  { type: 'events_api', payload: eventsApi(reaction) },
  { type: 'slash_commands', payload: command },
  { type: 'interactive', payload: press },
  { type: 'interactive', payload: messageShortcut },
  { type: 'interactive', payload: globalShortcut },
  { type: 'interactive', payload: submission },
];
