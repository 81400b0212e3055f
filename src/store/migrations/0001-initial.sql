-- Everything Slack told us. An envelope is acknowledged only after its row here is committed; a row's effect and
-- its done_at commit together. Rows are pruned; until then they answer for duplicates.
create table inbox (
  id bigint generated always as identity primary key,
  event_id text not null unique,
  -- what happened, under whatever event id; null where the id is all there is
  key text unique,
  -- the message (or its thread's first message) it is about, as channel:ts
  subject text,
  lane text not null,
  type text not null,
  is_interactive boolean not null,
  body text not null,
  happened_at timestamptz,
  received_at timestamptz not null,
  lease_until timestamptz not null,
  attempts integer not null default 0,
  done_at timestamptz,
  -- handled, ignored, early (its request does not exist yet) or failed
  outcome text,
  reason text
);
create index inbox_pending on inbox (lease_until) where done_at is null;
create index inbox_early on inbox (subject) where outcome = 'early';
create index inbox_done on inbox (done_at) where done_at is not null;

create table requests (
  id bigint generated always as identity primary key,
  version integer not null,
  queue text not null,
  state text not null check (state in ('unposted', 'new', 'in_progress', 'waiting', 'on_hold', 'resolved', 'closed',
    'duplicate', 'not_request', 'declined', 'withdrawn')),
  state_since timestamptz not null,
  priority text not null check (priority in ('urgent', 'high', 'normal', 'low')),
  asker text not null,
  owner text,
  taken_by_reaction_of text,
  source_kind text not null,
  source_channel text,
  source_ts text not null,
  source_thread_ts text,
  source_is_private boolean not null,
  source_is_deleted boolean not null,
  title text,
  body text,
  files jsonb not null,
  unshown_text text,
  unshown_files jsonb not null,
  conversation_channel text,
  conversation_ts text,
  is_mirrored boolean not null,
  card_channel text,
  card_ts text,
  left_cards jsonb not null,
  reply_channel text,
  reply_ts text,
  opened_at timestamptz not null,
  answered_at timestamptz,
  unanswered_since timestamptz,
  hold jsonb,
  exit jsonb,
  resolution jsonb,
  ladder jsonb not null,
  waiting jsonb not null,
  snoozes jsonb not null,
  reminders jsonb not null,
  last_change jsonb,
  continues bigint references requests (id),
  -- the truth about the next follow-up; the pg-boss job is only the alarm
  next_due_at timestamptz,
  alarm_id uuid
);
-- One request a message, whichever ways and in whichever order they arrive.
create unique index requests_source on requests (coalesce(source_channel, ''), source_ts);
create index requests_conversation on requests (conversation_channel, conversation_ts, id);
create index requests_thread on requests (source_channel, source_thread_ts, id);
create unique index requests_card on requests (card_channel, card_ts) where card_ts is not null;
create index requests_open on requests (queue, id) where state in ('new', 'in_progress', 'waiting', 'on_hold');
create index requests_asker on requests (asker, id) where state not in ('closed', 'duplicate', 'not_request', 'declined', 'withdrawn');
create index requests_owner on requests (owner, id) where state in ('new', 'in_progress', 'waiting', 'on_hold', 'resolved');
create index requests_due on requests (next_due_at) where next_due_at is not null;

-- Stretches during which a clock ran; deadlines are derived from these.
create table intervals (
  request_id bigint not null references requests (id),
  kind text not null check (kind in ('assign', 'first_response', 'resolution')),
  started_at timestamptz not null,
  ended_at timestamptz,
  primary key (request_id, kind, started_at)
);
create unique index intervals_running on intervals (request_id, kind) where ended_at is null;

-- What happened to a request, by whom, in order.
create table timeline (
  id bigint generated always as identity primary key,
  request_id bigint not null references requests (id),
  at timestamptz not null,
  actor text,
  what text not null
);
create index timeline_request on timeline (request_id, id);

-- What people wrote in a request's conversation, and the copy of it on the other side of a mirrored one.
create table messages (
  channel text not null,
  ts text not null,
  request_id bigint not null references requests (id),
  author text not null,
  -- part: added to the request's own text; reply: in the conversation; note: a mention that is no command
  role text not null check (role in ('part', 'reply', 'note')),
  body text not null,
  files jsonb not null,
  -- the asker does not see it (🔒)
  is_inside boolean not null,
  is_deleted boolean not null default false,
  copy_channel text,
  copy_ts text,
  primary key (channel, ts)
);
create index messages_request on messages (request_id, ts);

-- What is to be done in Slack. Rows of one lane are carried out one after the other, in order of id, and are
-- deleted when they are done.
create table outbox (
  id bigint generated always as identity primary key,
  lane text not null,
  -- names a said thing for ever; in the message's metadata and first block_id
  key text not null unique,
  request_id bigint references requests (id),
  kind text not null,
  effect jsonb not null,
  created_at timestamptz not null,
  not_before timestamptz not null,
  attempts integer not null default 0,
  -- set before a post is sent and cleared by its outcome: while it is set, the outcome is unknown
  attempted_at timestamptz,
  lease_until timestamptz,
  -- the key of a row in another lane that has to be done first
  after_key text,
  last_error text
);
create index outbox_lanes on outbox (lane, id);
create index outbox_request on outbox (request_id);
-- Ten changes make one edit: what is rendered from the state waits at most once.
create unique index outbox_rendered on outbox (request_id, kind) where kind in ('card', 'asker_reply') and lease_until is null;

-- Somebody put on duty by hand.
create table duty_overrides (
  queue text primary key,
  user_id text not null,
  until_at timestamptz not null,
  set_by text not null
);
