/**
 * Requests by the thousand, as rows like those that the daemon writes: with intervals, a timeline, and, for open ones,
 * the next follow-up and its alarm. Written by SQL, for by messages they would take hours.
 */
import type { Pool } from '../../src/store/pool.ts';
import { withTransaction } from '../../src/store/transaction.ts';
import { QUEUES, type Team } from './team.ts';

/** Of every four one is new and three have an owner, of whom one waits; the next follow-up is hours or weeks away. */
export async function seedOpen(pool: Pool, team: Team, count: number): Promise<void> {
  await seed(pool, team, count, {
    state: `(array['new', 'in_progress', 'waiting', 'in_progress'])[n % 4 + 1]`,
    owner: `case when n % 4 = 0 then null else $2::text end`,
    age: `interval '1 hour' + n % 1000 * interval '10 minutes'`,
    ended: `null`,
    firstTs: 1_400_000_000,
  });
  await inBulk(
    pool,
    `with due as (
       update requests set next_due_at = now() + interval '2 hours' + id % 1000 * interval '30 minutes',
         alarm_id = gen_random_uuid() where state in ('new', 'in_progress', 'waiting')
       returning id, next_due_at, alarm_id)
     insert into pgboss.job (id, name, data, start_after, keep_until, policy, retry_limit, retry_delay, retry_backoff, retry_delay_max)
     select alarm_id, 'follow-up', jsonb_build_object('requestId', id), next_due_at, next_due_at + interval '14 days',
       'standard', 1000, 1, true, 60 from due`,
  );
  await settle(pool);
}

/** Over for weeks or years. */
export async function seedClosed(pool: Pool, team: Team, count: number): Promise<void> {
  await seed(pool, team, count, {
    state: `'closed'`,
    owner: `$2::text`,
    age: `interval '30 days' + n % 100000 * interval '10 minutes'`,
    ended: `opened_at + interval '6 hours'`,
    firstTs: 1_500_000_000,
  });
  await settle(pool);
}

interface Kind {
  readonly state: string;
  readonly owner: string;
  readonly age: string;
  readonly ended: string;
  /** Seconds of the first message's ts: no two messages are the same. */
  readonly firstTs: number;
}

async function seed(pool: Pool, team: Team, count: number, kind: Kind): Promise<void> {
  const { uli, ana, help, triage } = team;
  await inBulk(
    pool,
    `insert into requests (version, queue, state, state_since, priority, asker, owner, source_kind, source_channel,
       source_ts, source_thread_ts, source_is_private, source_is_deleted, title, body, files, unshown_files,
       conversation_channel, conversation_ts, is_mirrored, card_channel, card_ts, left_cards, reply_channel, reply_ts,
       opened_at, answered_at, resolution, ladder, waiting, snoozes, reminders, last_change)
     select 5, 'q' || n % ${QUEUES}, ${kind.state}, opened_at, (array['normal', 'low', 'high'])[n % 3 + 1], $1, ${kind.owner},
       'every_message', ($3::text[])[n % ${QUEUES} + 1], ts, ts, false, false,
       'the printer on floor ' || n || ' eats paper', 'the printer on floor ' || n || ' eats paper ' || repeat('again and ', 20),
       '[]', '[]', ($3::text[])[n % ${QUEUES} + 1], ts, false, ($4::text[])[n % ${QUEUES} + 1], ts || '1', '[]',
       ($3::text[])[n % ${QUEUES} + 1], ts || '2', opened_at, opened_at + interval '10 minutes', null,
       jsonb_build_object('anchorAt', floor(extract(epoch from opened_at) * 1000), 'nextStep', 1,
         'asked', jsonb_build_array(jsonb_build_object('step', 'duty', 'user', $2::text)), 'passed', '[]'::jsonb),
       '{"nudges":0,"closesAt":null,"isKeptOpen":false}', '[]', '[]',
       jsonb_build_object('what', 'took it', 'by', $2::text, 'at', floor(extract(epoch from opened_at) * 1000))
     from (select n, now() - (${kind.age}) as opened_at,
         (${kind.firstTs} + n)::text || '.' || lpad((n % 1000000)::text, 6, '0') as ts
       from generate_series(1, ${count}) as n) as numbered`,
    [uli.id, ana.id, help.map(({ id }) => id), triage.map(({ id }) => id)],
  );
  await inBulk(
    pool,
    `insert into intervals (request_id, kind, started_at, ended_at)
     select id, kind, opened_at,
       case when kind = 'resolution' or state = 'new' then ${kind.ended} else opened_at + interval '10 minutes' end
     from requests cross join unnest(array['assign', 'first_response', 'resolution']) as kind
     where not exists (select 1 from intervals where request_id = requests.id)`,
  );
  await inBulk(
    pool,
    `insert into timeline (request_id, at, actor, what)
     select id, opened_at, asker, what from requests cross join unnest(array['asked', 'taken']) as what
     where not exists (select 1 from timeline where request_id = requests.id)`,
  );
}

/** Without foreign keys being looked up row by row, which takes longer than the rows. */
async function inBulk(pool: Pool, text: string, values: unknown[] = []): Promise<void> {
  await withTransaction(pool, async (tx) => {
    await tx.query('set local session_replication_role = replica');
    await tx.query('set local statement_timeout = 0');
    await tx.query({ text, values, query_timeout: 600_000 });
  });
}

/** What autovacuum would have done by the next day. */
async function settle(pool: Pool): Promise<void> {
  for (const table of ['requests', 'intervals', 'timeline', 'pgboss.job_common']) {
    await pool.query({ text: `vacuum analyze ${table}`, query_timeout: 600_000 });
  }
  await pool.query('checkpoint');
}
