-- Why a request's text is no longer kept though nobody deleted its message: its time was over, and with it went all
-- that was written about it; or its asker's text was forgotten.
alter table requests add column text_gone text check (text_gone in ('retention', 'forgotten'));
create index requests_texts on requests (state_since, id)
  where state in ('closed', 'duplicate', 'not_request', 'declined', 'withdrawn') and text_gone is distinct from 'retention';
create index messages_author on messages (author) where not is_deleted;

-- Messages of ours, beside card, reply and copies, that show what people wrote: to be deleted when that is no longer kept.
create table quotes (
  channel text not null,
  ts text not null,
  -- the request that it shows something of; null: it gives back to somebody what they typed
  request_id bigint references requests (id),
  -- who wrote it; null: it is the request's own text
  user_id text,
  said_at timestamptz not null
);
create unique index quotes_message on quotes (channel, ts, coalesce(request_id, 0), coalesce(user_id, ''));
create index quotes_request on quotes (request_id) where request_id is not null;
create index quotes_answer on quotes (said_at) where request_id is null;

-- What waits to be said names its text by the mark that the code gives it (text-mark.ts), or leaves it to the request.
update outbox set effect = jsonb_set(effect #- '{saying,text}', '{saying,mark}',
    to_jsonb(left(encode(sha256(convert_to(effect -> 'saying' ->> 'text', 'UTF8')), 'hex'), 16)))
  where effect -> 'saying' ->> 'kind' = 'consent' and effect -> 'saying' ? 'text';
update outbox set effect = effect #- '{saying,note}' where effect -> 'saying' ->> 'kind' = 'resolved';
