/** One valid payload of each kind that Slack sends us, written by hand from its documentation. */

/** Where and whose the payloads are: those of a local Slack reach as deep into the daemon as a person's do. */
export interface Ids {
  readonly asker: string;
  readonly responder: string;
  /** Every message there is a request. */
  readonly help: string;
  readonly triage: string;
  readonly dm: string;
  /** Messages that exist: a request's source and its card. */
  readonly sourceTs: string;
  readonly cardTs: string;
  /** The request's number. */
  readonly request: string;
  readonly team: string;
  readonly bot: string;
  /** Of Slack's own, so that answers go nowhere else. */
  readonly responseUrl: string;
}

export const SOME_IDS: Ids = {
  asker: 'U1',
  responder: 'U2',
  help: 'C1',
  triage: 'C2',
  dm: 'D1',
  sourceTs: '1700000000.000100',
  cardTs: '1700000001.000200',
  request: '17',
  team: 'T1',
  bot: 'UBOT',
  responseUrl: 'https://hooks.slack.com/x/T1/1/x',
};

export interface Shape {
  /** The envelope's type. */
  readonly type: 'events_api' | 'interactive' | 'slash_commands';
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Stands in every text that a person wrote, and nowhere else: it must never reach the log. */
export const CANARY = 'yellowhammer-4711-canary';

/** Every time the ids and timestamps that name a delivery or a message are new: else all were duplicates. */
export function shapesOf(ids: Ids, nth: number): readonly Shape[] {
  return [...events(ids, nth), ...interactions(ids, nth), command(ids, nth)];
}

/** A timestamp of the last hour. */
function newTs(nth: number, place: number): string {
  return `${Math.floor(Date.now() / 1000) - 3000 + (nth % 2900)}.${String(nth * 40 + place).padStart(6, '0')}`;
}

function events(ids: Ids, nth: number): readonly Shape[] {
  const { asker, responder, help, triage, dm, sourceTs, cardTs, team, bot } = ids;
  const ts = newTs(nth, 0);
  const said = {
    type: 'message',
    channel: help,
    channel_type: 'channel',
    user: asker,
    team,
    text: `The printer burns &lt;${nth}&gt; ${CANARY}`,
    ts,
    event_ts: ts,
    client_msg_id: `c-${nth}`,
    blocks: [{ type: 'rich_text', elements: [] }],
  };
  const file = {
    id: 'F1',
    name: `${CANARY}.png`,
    size: 12,
    pretty_type: 'PNG',
    filetype: 'png',
    mode: 'hosted',
  };
  const edited = {
    ...said,
    ts: sourceTs,
    text: `The printer lives ${nth} ${CANARY}`,
    edited: { user: asker, ts },
  };
  const hidden = { type: 'message', hidden: true, channel: help, channel_type: 'channel', ts, event_ts: ts };
  const reaction = {
    user: responder,
    item: { type: 'message', channel: triage, ts: cardTs },
    item_user: bot,
    event_ts: ts,
  };
  const member = { user: asker, channel: triage, channel_type: 'G', team, inviter: responder, event_ts: ts };
  const person = { id: asker, team_id: team, name: 'uli', deleted: false, profile: { display_name: 'Uli' } };
  const inner: readonly (readonly [name: string, event: Readonly<Record<string, unknown>>])[] = [
    ['message', said],
    ['message in a DM', { ...said, channel: dm, channel_type: 'im' }],
    ['reply in a DM', { ...said, channel: dm, channel_type: 'im', thread_ts: sourceTs }],
    ['reply', { ...said, user: responder, thread_ts: sourceTs }],
    ['reply under the card', { ...said, channel: triage, user: responder, thread_ts: cardTs }],
    ['file', { ...said, subtype: 'file_share', files: [file, { id: 'F2', mode: 'tombstone' }] }],
    ['broadcast', { ...said, subtype: 'thread_broadcast', thread_ts: sourceTs, root: edited }],
    ['message of an app', { ...said, subtype: 'bot_message', user: undefined, bot_id: 'B1', app_id: 'A2' }],
    ['mention', { ...said, type: 'app_mention', text: `<@${bot}> resolve #${ids.request} ${CANARY}` }],
    ['mention in a thread', { ...said, type: 'app_mention', text: `<@${bot}> show`, thread_ts: sourceTs }],
    ['edit', { ...hidden, subtype: 'message_changed', message: edited, previous_message: said }],
    [
      'deletion',
      { ...hidden, subtype: 'message_deleted', deleted_ts: newTs(nth, 1), previous_message: said },
    ],
    ['ticket', { ...reaction, type: 'reaction_added', reaction: 'ticket' }],
    ['eyes', { ...reaction, type: 'reaction_added', reaction: 'eyes::skin-tone-2' }],
    ['eyes taken away', { ...reaction, type: 'reaction_removed', reaction: 'eyes' }],
    ['joined', { ...member, type: 'member_joined_channel' }],
    ['left', { ...member, type: 'member_left_channel' }],
    ['renamed', { type: 'channel_rename', channel: { id: help, name: 'help', created: 1 }, event_ts: ts }],
    ['archived', { type: 'group_archive', channel: triage, user: responder, event_ts: ts }],
    ['shared', { type: 'channel_shared', channel: help, connected_team_id: 'T9', event_ts: ts }],
    ['person', { type: 'user_change', user: person, cache_ts: 1, event_ts: ts }],
    ['revoked', { type: 'tokens_revoked', tokens: { oauth: ['U9'], bot: [] }, event_ts: ts }],
    ['home', { type: 'app_home_opened', user: asker, channel: dm, tab: 'home', view: {}, event_ts: ts }],
  ];
  const wrap = (event: unknown, place: number): Shape['payload'] => ({
    token: 'x',
    team_id: team,
    api_app_id: 'A1',
    event,
    type: 'event_callback',
    event_id: `EvHostile${nth}x${place}`,
    event_time: Math.floor(Date.now() / 1000),
    authorizations: [{ enterprise_id: null, team_id: team, user_id: bot, is_bot: true }],
    is_ext_shared_channel: false,
    event_context: `4-${nth}`,
  });
  const limited = { token: 'x', type: 'app_rate_limited', team_id: team, minute_rate_limited: 1_700_000_000 };
  return [
    ...inner.map(
      ([name, event], place): Shape => ({ type: 'events_api', name, payload: wrap(event, place) }),
    ),
    { type: 'events_api', name: 'rate limited', payload: limited },
  ];
}

function interactions(ids: Ids, nth: number): readonly Shape[] {
  const { asker, responder, help, triage, cardTs, sourceTs, request, team } = ids;
  const trigger = (place: number) => `1.${nth}.${place}.hostile`;
  const common = {
    user: { id: responder, username: 'ana', name: 'ana', team_id: team },
    team: { id: team, domain: 'acme' },
    api_app_id: 'A1',
    token: 'x',
    is_enterprise_install: false,
  };
  const card = { type: 'message', user: ids.bot, bot_id: 'B0', ts: cardTs, text: 'card', blocks: [] };
  const onCard = (place: number, action: object): Shape['payload'] => ({
    ...common,
    type: 'block_actions',
    trigger_id: trigger(place),
    channel: { id: triage, name: 'triage-it' },
    container: { type: 'message', message_ts: cardTs, channel_id: triage, is_ephemeral: false },
    message: card,
    state: { values: {} },
    actions: [{ block_id: 'b', action_ts: newTs(nth, place), ...action }],
  });
  const button = (id: string) => ({ type: 'button', action_id: `triage.${id}`, value: request });
  const menu = {
    type: 'overflow',
    action_id: 'triage.more',
    selected_option: { text: { type: 'plain_text', text: 'Hold…' }, value: `hold:${request}` },
  };
  const submitted = (place: number, callback_id: string, private_metadata: string, values: object) => ({
    ...common,
    type: 'view_submission',
    trigger_id: trigger(place),
    view: {
      id: `V${nth}x${place}`,
      type: 'modal',
      callback_id,
      private_metadata,
      hash: 'h',
      state: { values },
    },
    response_urls: [],
  });
  const typed = (id: string, value: string) => ({ [id]: { [id]: { type: 'plain_text_input', value } } });
  const picked = (id: string, value: string) => ({
    [id]: { [id]: { type: 'static_select', selected_option: { value, text: {} } } },
  });
  const later = Math.floor(Date.now() / 1000) + 86_400;
  const until = { until: { until: { type: 'datetimepicker', selected_date_time: later } } };
  const who = { person: { person: { type: 'users_select', selected_user: responder } } };
  const written = {
    type: 'message',
    user: asker,
    ts: newTs(nth, 30),
    text: `shortcut ${nth} ${CANARY}`,
    team,
  };
  const all: readonly (readonly [name: string, payload: Shape['payload']])[] = [
    ['take', onCard(0, button('take'))],
    ['resolve', onCard(1, button('resolve'))],
    ['reopen', onCard(2, button('reopen'))],
    ['form', onCard(3, button('hold'))],
    ['more', onCard(4, button('all'))],
    ['menu', onCard(5, menu)],
    ['make new', onCard(6, { ...button('make_new'), value: `${ids.dm}:${sourceTs}` })],
    ['consent', onCard(7, { ...button('post'), value: `${request}:0123456789abcdef` })],
    ['list', onCard(8, button('list'))],
    [
      'message shortcut',
      {
        ...common,
        type: 'message_action',
        callback_id: 'triage_this',
        trigger_id: trigger(9),
        channel: { id: help, name: 'help-it' },
        message_ts: newTs(nth, 30),
        message: written,
        response_url: ids.responseUrl,
      },
    ],
    ['global shortcut', { ...common, type: 'shortcut', callback_id: 'new_request', trigger_id: trigger(10) }],
    [
      'new request',
      submitted(11, 'new_request', '', {
        ...typed('text', `form ${nth} ${CANARY}`),
        ...picked('level', 'high'),
      }),
    ],
    [
      'hold',
      submitted(12, 'change.hold', request, {
        ...until,
        ...typed('reason', `waits for <parts> & ${CANARY}`),
      }),
    ],
    ['assign', submitted(13, 'change.assign', request, who)],
    ['decline', submitted(14, 'change.decline', request, typed('reason', `no & <no> ${CANARY}`))],
    ['note', submitted(15, 'change.resolve_note', request, typed('note', `done ${CANARY}`))],
    ['duplicate', submitted(16, 'change.duplicate', request, typed('of', '#1'))],
    ['remind', submitted(17, 'change.remind', request, until)],
    ['snooze', submitted(18, 'change.snooze', request, until)],
    ['duty', submitted(19, 'duty', 'it', { ...who, ...until })],
    ['closed', { ...submitted(20, 'change.hold', request, {}), type: 'view_closed', is_cleared: false }],
    ['suggestion', { ...common, type: 'block_suggestion', action_id: 'a', value: 'x', container: {} }],
  ];
  return all.map(([name, payload]): Shape => ({ type: 'interactive', name, payload }));
}

function command({ asker, help, team, request, responseUrl }: Ids, nth: number): Shape {
  const payload = {
    token: 'x',
    team_id: team,
    team_domain: 'acme',
    channel_id: help,
    channel_name: 'help-it',
    user_id: asker,
    user_name: 'uli',
    command: '/triage',
    text: nth % 2 === 0 ? `show #${request}` : `new the scanner is &lt;${nth}&gt; ${CANARY}`,
    api_app_id: 'A1',
    is_enterprise_install: 'false',
    response_url: responseUrl,
    trigger_id: `1.${nth}.99.hostile`,
  };
  return { type: 'slash_commands', name: 'command', payload };
}
