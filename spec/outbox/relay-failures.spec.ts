import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { Cache } from '../../src/cache/cache.ts';
import { createMemoryCache } from '../../src/cache/memory.ts';
import { systemClock } from '../../src/clock.ts';
import type { Effect } from '../../src/domain/effects.ts';
import { leaseOutbox, noteAttempt } from '../../src/store/outbox.ts';
import { ANA } from '../support/builders.ts';
import { waitFor } from '../support/wait-for.ts';
import { textOf } from '../workspace/text-of.ts';
import { openWorkspace, QUICK, SHOWN, type Workspace } from './relay-workspace.ts';

const CARD: readonly Effect[] = [{ kind: 'card' }];
const taken: Effect = {
  kind: 'say',
  place: { kind: 'conversation' },
  saying: { kind: 'taken', by: ANA },
};

const mistake = (): never => {
  throw new RangeError('a mistake of ours');
};
const BROKEN = {
  person: mistake,
  channel: mistake,
  channelNow: mistake,
  isResponder: mistake,
  responders: mistake,
};

describe('the relay, when things go wrong', () => {
  let desk: Workspace;

  beforeEach(async () => {
    desk = await openWorkspace();
  });

  afterEach(() => desk.close());

  const cards = (): readonly string[] => desk.posts('CTRIAGE').map(textOf);
  const posts = (): number => desk.slack.countOf('chat.postMessage');
  const lookups = (): number => desk.slack.countOf('conversations.history');
  const logged = (message: string) => desk.logger.lines.filter((line) => line.message === message);

  it('waits as long as Slack asks for, and delays no other lane', async () => {
    const relay = desk.relay();
    await desk.ask('slow down', {}, SHOWN);
    desk.slack.faultPlan(({ method, args }) =>
      method === 'chat.postMessage' && args['channel'] === 'CTRIAGE'
        ? { kind: 'rate_limited', retryAfter: 1 }
        : undefined,
    );
    await relay.start();
    await desk.slack.waitFor(() => desk.posts('CHELP').length === 1, 'the reply');
    const card = await waitFor(async () => {
      const { rows } = await desk.database.pool.query<{ wait: number; attempted_at: number | null }>(
        `select extract(epoch from not_before - created_at)::float as wait, attempted_at
          from outbox where last_error is not null`,
      );
      return rows[0];
    }, 'the card’s return');
    expect(card.wait).to.be.within(1, 3);
    expect(card.attempted_at).to.equal(null);
    desk.slack.faultPlan(undefined);
    await desk.done();
    expect(cards()).to.have.length(1);
    expect(lookups()).to.equal(0);
  });

  it('waits for names that Slack could not tell, rather than show a wrong one until the next change', async () => {
    const relay = desk.relay();
    desk.slack.failNext('conversations.info', { kind: 'http', status: 503 }, 2);
    desk.slack.failNext('users.info', { kind: 'html' }, 2);
    await desk.ask('who and where', {}, CARD);
    await relay.start();
    await desk.done();
    expect(cards()[0]).to.include('#help-it').and.include('Asta').and.not.include('somebody');
    expect(desk.slack.countOf('chat.postMessage')).to.equal(1);
  });

  it('repeats an edit that Slack could not do, without looking', async () => {
    const relay = desk.relay();
    await relay.start();
    const asked = await desk.ask('edited', {}, CARD);
    await desk.done();
    desk.slack.failNext('chat.update', { kind: 'http', status: 503 }, 2);
    desk.slack.failNext('chat.update', { kind: 'reset', when: 'after' });
    await desk.change(asked.id, { priority: 'urgent' }, CARD);
    await desk.done();
    expect(cards()[0]).to.include('🔴');
    expect(desk.slack.countOf('chat.update')).to.equal(4);
    expect(lookups()).to.equal(0);
  });

  it('keeps the order of a lane whose head has to wait', async () => {
    desk.slack.failNext('chat.postMessage', { kind: 'http', status: 500 }, 2);
    for (let nth = 0; nth < 6; nth += 1) await desk.ask(`number ${nth}.`, {}, CARD);
    await desk.relay().start();
    await desk.done();
    const numbers = cards().map((text) => /number (\d)\./.exec(text)?.[1]);
    expect(numbers).to.deep.equal(['0', '1', '2', '3', '4', '5']);
  });

  it('drops a message that Slack refuses, says so without its text, and goes on', async () => {
    desk.slack.failNext('chat.postMessage', { kind: 'error', error: 'msg_too_long' });
    const first = await desk.ask('refused words', {}, CARD);
    await desk.ask('the next', {}, CARD);
    await desk.relay().start();
    await desk.done();
    expect(cards()).to.have.length(1);
    const [line] = logged('Slack refused a message, it is dropped');
    expect(line?.level).to.equal('warn');
    expect(line?.meta).to.include({
      requestId: first.id,
      key: `r${first.id}.v1.0.card`,
      code: 'msg_too_long',
    });
    expect(JSON.stringify(desk.logger.lines)).to.not.include('refused words');
  });

  it('keeps cards for a channel that the bot is let into again', async () => {
    const relay = desk.relay();
    desk.slack.channels.archive('CTRIAGE');
    await desk.ask('patient', {}, CARD);
    await relay.start();
    await waitFor(
      () => relay.status().refusedChannels['CTRIAGE'] === 'is_archived',
      'the problem in the status',
    );
    expect(await desk.waiting()).to.equal(1);
    desk.slack.channels.archive('CTRIAGE', false);
    await desk.done();
    expect(cards()).to.have.length(1);
    expect(relay.status().refusedChannels).to.deep.equal({});
  });

  it('keeps everything while Slack refuses the token', async () => {
    const relay = desk.relay();
    desk.slack.refuseToken('bot', 'token_revoked');
    await desk.ask('later', {}, SHOWN);
    await relay.start();
    await waitFor(() => relay.status().token === 'token_revoked', 'the problem in the status');
    desk.slack.refuseToken('bot', undefined);
    await desk.done();
    expect(cards()).to.have.length(1);
    expect(relay.status().token).to.equal(null);
  });

  it('goes on by itself when the database is back', async () => {
    let isAway = true;
    const { pool } = desk.database;
    const relay = desk.relay({
      pool: { ...pool, query: (...args) => (isAway ? pool.query('select 1 / 0') : pool.query(...args)) },
    });
    await desk.ask('away', {}, CARD);
    await relay.start();
    await waitFor(() => !relay.status().reachesDatabase, 'the trouble in the status');
    isAway = false;
    await desk.done();
    expect(cards()).to.have.length(1);
    expect(logged('the outbox cannot be read, it is tried again')).to.have.length(1);
    expect(logged('the outbox can be read again')).to.have.length(1);
  });

  it('survives every connection to the database being cut in the middle of its work', async () => {
    const relay = desk.relay();
    await relay.start();
    for (let nth = 0; nth < 20; nth += 1) await desk.ask(`cut ${nth}.`, {}, SHOWN);
    await desk.database.pool
      .query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      )
      .catch(() => {});
    await desk.done();
    for (let nth = 0; nth < 20; nth += 1) {
      expect(cards().filter((text) => text.includes(`cut ${nth}.`))).to.have.length(1);
    }
  });

  it('gives a row up that fails without end for no reason that it knows', async () => {
    await desk.ask('poison', {}, CARD);
    await desk.relay({ directory: BROKEN }).start();
    await desk.done();
    expect(logged('a row of the outbox failed')).to.have.length(5);
    expect(logged('a row of the outbox keeps failing, it is dropped')).to.have.length(1);
  });

  it('gives up just as well what may have been posted before, and asks Slack for it less and less often', async () => {
    await desk.ask('poison after its post', {}, CARD);
    const { pool } = desk.database;
    const [row] = await leaseOutbox(pool, Date.now(), Date.now() + 1, 10, 10);
    await noteAttempt(pool, row!.id, row!.attempts, Date.now(), { channel: 'CTRIAGE', threadTs: null });
    await desk.relay({ directory: BROKEN }).start();
    await desk.done();
    expect(logged('a row of the outbox keeps failing, it is dropped')).to.have.length(1);
  });

  it('keeps its rows to itself however long they take', async () => {
    const relay = desk.relay();
    desk.slack.failNext('chat.postMessage', { kind: 'hang', ms: 2 * QUICK.leaseMs, when: 'before' });
    await desk.ask('slow', {}, CARD);
    await desk.ask('behind', {}, CARD);
    await relay.start();
    await waitFor(() => posts() === 1, 'a post under way');
    const { pool } = desk.database;
    const stolen: unknown[] = [];
    await waitFor(async () => {
      stolen.push(...(await leaseOutbox(pool, Date.now(), Date.now() + 1, 10, 10)));
      return cards().length > 0;
    }, 'the post');
    expect(stolen).to.have.length(0);
    await desk.done();
    expect(cards()).to.have.length(2);
  });

  it('sends nothing that another relay was faster to take', async () => {
    await desk.ask('contested', {}, CARD);
    const { pool } = desk.database;
    const now = Date.now();
    const [row] = await leaseOutbox(pool, now, now - 1, 10, 10);
    expect(
      await noteAttempt(pool, row!.id, row!.attempts, now, { channel: 'CTRIAGE', threadTs: null }),
    ).to.equal(true);
    expect(
      await noteAttempt(pool, row!.id, row!.attempts, now, { channel: 'CTRIAGE', threadTs: null }),
    ).to.equal(false);
  });

  it('shares the work of two relays, doubling nothing and in order', async () => {
    const [first, second] = [desk.relay(), desk.relay()];
    await Promise.all([first.start(), second.start()]);
    const ids: number[] = [];
    for (let nth = 0; nth < 25; nth += 1) {
      const asked = await desk.ask(`shared ${nth}.`, {}, SHOWN);
      ids.push(asked.id);
      if (nth % 5 === 4) {
        // A deployment in the middle of it.
        await first.stop();
        await first.start();
      }
      await desk.change(asked.id, { owner: ANA, state: 'in_progress' }, [...SHOWN, taken]);
    }
    await desk.done();
    const numbers = cards().map((text) => Number(/#(\d+) ·/.exec(text)?.[1]));
    expect(numbers).to.deep.equal(ids);
    for (const id of ids) {
      const { source } = await desk.read(id);
      const said = desk.slack.thread('CHELP', source.ts).map(textOf).slice(1);
      expect(said).to.have.length(2);
      expect(said[1]).to.include('Ana has');
    }
  });

  it('leaves what it has not begun when it is stopped, and finishes what it has', async () => {
    const relay = desk.relay();
    for (let nth = 0; nth < 5; nth += 1) await desk.ask(`stop ${nth}.`, {}, CARD);
    desk.slack.failNext('chat.postMessage', { kind: 'hang', ms: 500, when: 'before' });
    await relay.start();
    await waitFor(() => posts() === 1, 'a post under way');
    await relay.stop();
    expect(cards()).to.have.length(1);
    expect(await desk.waiting()).to.equal(4);
    const { rows } = await desk.database.pool.query('select 1 from outbox where lease_until > now()');
    expect(rows).to.have.length(0);
    await desk.relay().start();
    await desk.done();
    expect(cards()).to.have.length(5);
  });

  it('keeps the pace of a channel, and only of that channel', async () => {
    const paced = await openWorkspace({ postIntervalMs: 200 });
    try {
      for (let nth = 0; nth < 5; nth += 1) await paced.ask(`pace ${nth}.`, {}, CARD);
      await paced.ask('elsewhere', { queue: 'hr' }, CARD);
      const startedAt = Date.now();
      await paced.relay({ postIntervalMs: 200 }).start();
      await paced.slack.waitFor(() => paced.posts('COTHER').length === 1, 'the card elsewhere');
      expect(Date.now() - startedAt).to.be.below(600);
      await paced.done();
      expect(paced.slack.calls().filter(({ status }) => status === 429)).to.have.length(0);
      expect(Date.now() - startedAt).to.be.at.least(800);
    } finally {
      await paced.close();
    }
  });

  it('shows no text that was deleted while its card waited for the channel’s turn', async () => {
    const cache = createMemoryCache({ clock: systemClock });
    let turns = 0;
    const reserve: Cache['reserve'] = (...args) => {
      turns += 1;
      return cache.reserve(...args);
    };
    await desk.relay({ postIntervalMs: 700, cache: { ...cache, reserve } }).start();
    await desk.ask('first', {}, CARD);
    const second = await desk.ask('regretted', {}, CARD);
    await waitFor(() => turns === 2, 'the second to wait');
    await desk.change(
      second.id,
      { source: { ...second.source, title: null, text: null, isDeleted: true } },
      [],
    );
    await desk.done();
    expect(cards()[1]).to.include('deleted by its author');
    expect(JSON.stringify(desk.slack.calls().map(({ body }) => body))).to.not.include('regretted');
  });

  it('stops at once while it waits for a channel’s turn', async () => {
    const relay = desk.relay({ postIntervalMs: 60_000 });
    await desk.ask('first', {}, CARD);
    await desk.ask('second', {}, CARD);
    await relay.start();
    await desk.slack.waitFor(() => posts() === 1, 'the first');
    const before = Date.now();
    await relay.stop();
    expect(Date.now() - before).to.be.below(2000);
    expect(await desk.waiting()).to.equal(1);
  });
});
