-- Where a post of unknown outcome would stand: its request may have moved by the time that it is looked for.
alter table outbox add column attempted_channel text, add column attempted_thread_ts text;

-- When a reaction was put on its message, or read there after a gap: Slack may tell of it after all. Null: not known.
alter table reactions add column heard_at timestamptz;

-- Cards that somebody deleted in Slack: it keeps their threads, and people go on there.
create table lost_cards (
  channel text not null,
  ts text not null,
  request_id bigint not null references requests (id),
  primary key (channel, ts)
);
