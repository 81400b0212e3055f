-- Where a post of unknown outcome would stand: its request may have moved by the time that it is looked for.
alter table outbox add column attempted_channel text, add column attempted_thread_ts text;
