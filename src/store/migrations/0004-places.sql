-- Where a post of unknown outcome would stand: its request may have moved by the time that it is looked for.
alter table outbox add column attempted_channel text, add column attempted_thread_ts text;

-- Slack may tell of a reaction after all, or of an older one after a newer one; so one that was taken away stays noted.
-- `told_at`: Slack's time of the newest of these events that it told. `noted_at`: ours when it was heard, or read after a gap.
alter table reactions
  add column is_there boolean not null default true,
  add column told_at timestamptz,
  add column noted_at timestamptz,
  add column was_read boolean not null default false;

-- Cards that somebody deleted in Slack: it keeps their threads, and people go on there.
create table lost_cards (
  channel text not null,
  ts text not null,
  request_id bigint not null references requests (id),
  primary key (channel, ts)
);
