-- Up to when all that happens in Slack is known to reach us, and from when on something may be missing. One row, made by
-- the first start: what was before TrIAge came is nobody's request.
create table hearing (
  is_only boolean primary key default true check (is_only),
  -- the first start
  begun_at timestamptz not null,
  heard_until timestamptz not null,
  -- what happened since then is to be read again; null: nothing is missing
  gap_since timestamptz,
  -- not before this moment: Slack may still deliver by itself
  read_from timestamptz,
  -- the daemon that reads holds it until then
  lease_until timestamptz not null
);

-- What is still to be read after a gap: a channel's or DM's top-level messages, or (with a thread's ts) one thread.
create table catch_up (
  channel text not null,
  thread_ts text not null default '',
  since timestamptz not null,
  primary key (channel, thread_ts)
);

-- Whose reactions on a request's source or card have been heard, and any 🎫: what differs in Slack was missed.
create table reactions (
  channel text not null,
  ts text not null,
  user_id text not null,
  emoji text not null,
  primary key (channel, ts, user_id, emoji)
);

-- Which thread a message stands in; null at the top of its channel.
alter table messages add column thread_ts text;

-- An event that Slack never delivered: it was read from the history.
alter table inbox add column is_late boolean not null default false;

-- Captured by a catch-up, its duty step already due: announced in one summary a queue.
alter table requests add column late text check (late in ('unannounced', 'announced'));
create index requests_unannounced on requests (queue, id) where late = 'unannounced';

-- The daemons over this database and how many sockets each holds: what Slack counts beyond them is somebody else's.
create table daemons (
  id uuid primary key,
  sockets integer not null,
  seen_at timestamptz not null
);

-- what waits, in its order; and that of people at buttons, for whom it is looked through every time
create index inbox_waiting on inbox (id) where done_at is null;
create index inbox_people on inbox (id) where done_at is null and is_interactive;
