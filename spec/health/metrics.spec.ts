import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import type { Verdict } from '../support/postgres-proxy.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import type { Scrape } from '../support/scrape.ts';
import { waitFor } from '../support/wait-for.ts';

type Labels = Readonly<Record<string, string>>;

describe('/metrics of a daemon at work', function () {
  this.timeout(40_000);
  let running: RunningApp;

  before(async () => {
    running = await runningApp({
      isProxied: true,
      slack: { ackDeadlineMs: 1000, retryDelaysMs: [0, 500, 500, 500] },
    });
    await running.slack.waitFor(() => running.slack.socket.open().length === 2, 'both sockets');
  });
  afterEach(async () => {
    running.slack.faultPlan(undefined);
    running.proxy().watchUp(undefined);
    await running.settled();
  });
  after(() => running.stop());

  /** Waits until a series has a value that fits, and gives it. */
  function shows(name: string, labels: Labels, fits: (value: number) => boolean): Promise<Scrape> {
    let last: number | undefined;
    return waitFor(
      async () => {
        const now = await running.scrape();
        last = now.find(name, labels);
        return last !== undefined && fits(last) ? now : null;
      },
      `${name} ${JSON.stringify(labels)}`,
    ).catch((error: unknown) => {
      throw new Error(`${name} is ${last}`, { cause: error });
    });
  }

  /** Counters are looked at after whatever is done; by how much each of them has risen. */
  async function risen(
    work: () => Promise<unknown>,
    ...series: readonly (readonly [name: string, labels?: Labels])[]
  ): Promise<readonly number[]> {
    const earlier = await running.scrape();
    await work();
    const later = await running.scrape();
    return series.map(([name, labels]) => later.value(name, labels) - earlier.value(name, labels));
  }

  /** Holds the statement of this name until `release`; `reached` resolves when it is there. */
  function hold(name: string) {
    const reached = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    running.proxy().watchUp(async ({ text }): Promise<Verdict> => {
      if (text === name) {
        reached.resolve();
        await gate.promise;
      }
      return 'pass';
    });
    return { reached: reached.promise, release: () => gate.resolve() };
  }

  it('tell the sockets by state, openings, and gaps', async () => {
    const { slack } = running;
    const whole = await running.scrape();
    expect(
      ['opening', 'live', 'leaving', 'draining'].map((state) => whole.value('triage_sockets', { state })),
    ).to.deep.equal([0, 2, 0, 0]);
    expect(whole.value('triage_slack_connection', { state: 'connected' })).to.equal(1);
    expect(whole.value('triage_slack_connection', { state: 'link_disabled' })).to.equal(0);

    slack.socket.refresh(slack.socket.open()[0], 1000);
    const renewed = await shows('triage_sockets', { state: 'draining' }, (value) => value === 1);
    expect(renewed.value('triage_sockets', { state: 'live' })).to.equal(2);
    const hello = { outcome: 'hello' };
    expect(
      renewed.value('triage_socket_openings_total', hello) -
        whole.value('triage_socket_openings_total', hello),
    ).to.equal(1);

    slack.refuseToken('app', 'invalid_auth');
    slack.socket.refresh(slack.socket.open().at(-1), 1000);
    const refused = await shows(
      'triage_socket_openings_total',
      { outcome: 'invalid_auth' },
      (value) => value === 1,
    );
    expect(refused.value('triage_slack_connection', { state: 'invalid_auth' })).to.equal(1);
    expect(refused.value('triage_slack_connection', { state: 'connected' })).to.equal(0);
    const gaps = refused.value('triage_gaps_total');
    slack.socket.linkDisabled();
    const disabled = await shows(
      'triage_slack_connection',
      { state: 'link_disabled' },
      (value) => value === 1,
    );
    expect(disabled.value('triage_part_ok', { part: 'postgres' })).to.equal(1);
    const cut = await shows('triage_gaps_total', {}, (value) => value === gaps + 1);
    expect(cut.value('triage_part_ok', { part: 'slack' })).to.equal(0);
    slack.socket.linkDisabled(false);
    slack.refuseToken('app', undefined);
    // A refused token is tried again after a minute.
    await running.restart();
    await slack.waitFor(() => slack.socket.open().length === 2, 'both sockets');
  });

  it('count envelopes, repeated ones, and acknowledgements with their latency', async () => {
    const { slack, team } = running;
    const type = { type: 'events_api' };
    const [envelopes, repeated, acks, early] = await risen(
      async () => {
        slack.say(team.lea, team.managers, 'nobody’s request');
        await running.settled();
      },
      ['triage_envelopes_total', type],
      ['triage_envelopes_repeated_total', type],
      ['triage_ack_duration_seconds_count', type],
      ['triage_ack_duration_seconds_bucket', { ...type, le: '1' }],
    );
    expect([envelopes, repeated, acks, early]).to.deep.equal([1, 0, 1, 1]);

    const held = hold('accept-events');
    const late = await risen(
      async () => {
        slack.say(team.lea, team.managers, 'told twice');
        await held.reached;
        await slack.waitFor(
          () => slack.deliveries().some(({ outcome }) => outcome === 'timeout'),
          'the deadline',
        );
        await shows('triage_envelopes_repeated_total', type, (value) => value >= 1);
        held.release();
        await running.settled();
      },
      ['triage_ack_duration_seconds_count', type],
      ['triage_ack_duration_seconds_sum', type],
      ['triage_ack_duration_seconds_bucket', { ...type, le: '0.5' }],
    );
    expect(late[0]).to.be.at.least(2);
    expect(late[1]).to.be.within(0.9, 10);
    // The first took more than the deadline of 1 s, the second came at the end of it.
    expect((late[0] ?? 0) - (late[2] ?? 0)).to.be.at.least(1);

    const [commands] = await risen(
      () => slack.slash(team.ana, team.help, '/triage', 'list'),
      ['triage_ack_duration_seconds_count', { type: 'slash_commands' }],
    );
    expect(commands).to.equal(1);
  });

  it('count acknowledgements whose socket has gone', async () => {
    const { slack, team } = running;
    const held = hold('accept-events');
    slack.say(team.lea, team.managers, 'over a socket that goes');
    await held.reached;
    const [unwritten] = await risen(async () => {
      slack.socket.drop();
      await shows('triage_slack_connection', { state: 'connected' }, (value) => value === 0);
      held.release();
      await running.settled();
    }, ['triage_acks_unwritten_total', { type: 'events_api' }]);
    expect(unwritten).to.equal(1);
    await slack.waitFor(() => slack.socket.open().length === 2, 'both sockets');
  });

  it('tell what waits to be committed, how old it is, and that no more is taken in', async () => {
    const { slack, team } = running;
    const held = hold('accept-events');
    slack.say(team.lea, team.managers, 'held');
    await held.reached;
    await shows('triage_inbox_uncommitted_events', {}, (value) => value >= 1);
    const now = await shows('triage_inbox_oldest_seconds', {}, (value) => value > 0.2);
    expect(now.value('triage_inbox_pending_events')).to.equal(0);
    expect(now.value('triage_inbox_full')).to.equal(0);

    const long = 'x'.repeat(35_000);
    for (let n = 0; n < 700; n += 1) {
      slack.say(team.lea, team.managers, `${n} ${long}`);
      if (n % 20 === 0) await new Promise(setImmediate);
    }
    const full = await shows('triage_inbox_full', {}, (value) => value === 1);
    expect(full.value('triage_part_ok', { part: 'inbox' })).to.equal(0);
    expect(full.value('triage_ready')).to.equal(0);
    held.release();
    running.proxy().watchUp(undefined);
    await shows('triage_inbox_full', {}, (value) => value === 0);
    await waitFor(() => slack.unsettled() === 0, 'the last of them to be acknowledged', 25_000);
    await running.settled();
    const later = await shows('triage_inbox_oldest_seconds', {}, (value) => value === 0);
    expect(later.value('triage_inbox_uncommitted_events')).to.equal(0);
  });

  it('tell what is committed and not handled, here and in the table, and how old it is', async () => {
    const { slack, team, database } = running;
    const held = hold('insert-request');
    slack.say(team.uli, team.help, 'A handler that takes its time');
    await held.reached;
    const now = await shows('triage_inbox_pending_oldest_seconds', {}, (value) => value > 0.2);
    expect(now.value('triage_inbox_pending_events')).to.equal(1);
    expect(now.value('triage_inbox_in_hand_events')).to.equal(1);
    expect(now.value('triage_database_connections', { state: 'busy' })).to.be.at.least(1);
    held.release();
    await running.settled();
    const later = await running.scrape();
    expect(later.value('triage_inbox_pending_events')).to.equal(0);
    expect(later.value('triage_inbox_in_hand_events')).to.equal(0);
    expect(later.value('triage_inbox_pending_oldest_seconds')).to.equal(0);
    const { rows } = await database.pool.query<{ n: number }>('select count(*)::integer as n from inbox');
    expect(rows[0]?.n).to.be.above(1);
  });

  it('tell what waits for a connection to the database', async () => {
    const { slack, team } = running;
    const gate = Promise.withResolvers<void>();
    running.proxy().watchUp(async ({ text }): Promise<Verdict> => {
      if (text !== 'accept-events') await gate.promise;
      return 'pass';
    });
    for (let nth = 0; nth < 20; nth += 1) slack.say(team.uli, team.help, `${nth} at once`);
    const now = await shows('triage_database_waiting', {}, (value) => value > 0);
    expect(now.value('triage_database_connections', { state: 'busy' })).to.equal(10);
    expect(now.value('triage_database_connections', { state: 'idle' })).to.equal(0);
    gate.resolve();
    await running.settled();
    const later = await running.scrape();
    expect(later.value('triage_database_waiting')).to.equal(0);
    expect(later.value('triage_database_connections', { state: 'idle' })).to.be.at.least(1);
  });

  it('tell what waits for Slack, here and in the table, how old it is, and what Slack does not take', async () => {
    const { slack, team } = running;
    slack.faultPlan(({ method }) =>
      method === 'chat.postMessage' ? { kind: 'hang', ms: 1500, when: 'before' } : undefined,
    );
    slack.say(team.uli, team.help, 'Slack takes its time');
    const now = await shows('triage_outbox_pending_oldest_seconds', {}, (value) => value > 0.3);
    expect(now.value('triage_outbox_pending_rows')).to.be.at.least(1);
    expect(now.value('triage_outbox_in_hand_rows')).to.be.at.least(1);
    expect(now.value('triage_outbox_failing_rows')).to.equal(0);
    slack.faultPlan(undefined);
    await running.settled();
    expect((await running.scrape()).value('triage_outbox_pending_rows')).to.equal(0);

    slack.channels.archive(team.triage.id);
    slack.say(team.uli, team.help, 'Into an archived channel');
    const refused = await shows('triage_outbox_refused_channels', {}, (value) => value === 1);
    expect(
      refused.value('triage_slack_calls_total', { method: 'chat.postMessage', outcome: 'refused' }),
    ).to.be.at.least(1);
    await shows('triage_outbox_failing_rows', {}, (value) => value === 1);
    slack.channels.archive(team.triage.id, false);
    await shows('triage_outbox_refused_channels', {}, (value) => value === 0);
  });

  it('count Slack’s calls by method and outcome', async () => {
    const { slack, team } = running;
    const method = 'chat.postMessage';
    const outcomes = (await risen(
      async () => {
        slack.failNext(method, { kind: 'rate_limited', retryAfter: 1 });
        slack.say(team.uli, team.help, 'A printer');
        await running.cardOf('A printer');
        await running.settled();
      },
      ['triage_slack_calls_total', { method, outcome: 'rate_limited' }],
      ['triage_slack_calls_total', { method, outcome: 'ok' }],
      ['triage_slack_calls_total', { method, outcome: 'unknown' }],
    )) as [number, number, number];
    expect(outcomes[0]).to.equal(1);
    expect(outcomes[1]).to.be.at.least(2);
    expect(outcomes[2]).to.equal(0);

    const [failed, unknown] = await risen(
      async () => {
        slack.failNext('chat.update', { kind: 'http', status: 503 });
        await running.press(team.ana, await running.cardOf('A printer'), 'Take it');
        await shows(
          'triage_slack_calls_total',
          { method: 'chat.update', outcome: 'unknown' },
          (value) => value > 0,
        );
        const ts = slack.say(team.lea, team.managers, 'Another printer');
        slack.failNext('conversations.history', { kind: 'http', status: 503 });
        slack.react(team.lea, { channel: team.managers.id, ts }, 'ticket');
        await running.cardOf('Another printer');
        await running.settled();
      },
      ['triage_slack_calls_total', { method: 'conversations.history', outcome: 'failed' }],
      ['triage_slack_calls_total', { method: 'chat.update', outcome: 'unknown' }],
    );
    expect([failed, unknown]).to.deep.equal([1, 1]);

    const [answered] = await risen(async () => {
      await slack.slash(team.ana, team.help, '/triage', 'list');
      await running.settled();
    }, ['triage_slack_calls_total', { method: 'response_url', outcome: 'ok' }]);
    expect(answered).to.equal(1);
  });

  it('count requests by queue and state', async () => {
    const { slack, team } = running;
    const of = (state: string): Labels => ({ queue: 'it', state });
    const earlier = await running.scrape();
    slack.say(team.uli, team.help, 'The lift is stuck');
    const card = await running.cardOf('The lift is stuck');
    await running.settled();
    const asked = await running.scrape();
    expect(asked.value('triage_requests', of('new'))).to.equal(
      earlier.value('triage_requests', of('new')) + 1,
    );
    await running.press(team.ana, card, 'Take it');
    await running.settled();
    const taken = await running.scrape();
    expect(taken.value('triage_requests', of('new'))).to.equal(earlier.value('triage_requests', of('new')));
    expect(taken.value('triage_requests', of('in_progress'))).to.equal(
      earlier.value('triage_requests', of('in_progress')) + 1,
    );
    await running.press(team.ana, card, 'Resolve');
    await running.settled();
    const resolved = await running.scrape();
    expect(resolved.value('triage_requests', of('resolved'))).to.equal(
      earlier.value('triage_requests', of('resolved')) + 1,
    );
  });

  it('tell how late the event loop is', async () => {
    const lag = 'triage_event_loop_lag_seconds';
    await shows(`${lag}_count`, {}, (value) => value > 0);
    const [sum, all, early] = (await risen(
      async () => {
        // The daemon runs in this process.
        const until = performance.now() + 1500;
        while (performance.now() < until);
        await new Promise((turn) => setTimeout(turn, 10));
      },
      [`${lag}_sum`],
      [`${lag}_count`],
      [`${lag}_bucket`, { le: '1' }],
    )) as [number, number, number];
    expect(sum).to.be.within(1.2, 5);
    expect(all - early).to.equal(1);
  });

  it('tell since when the process runs and how much memory it holds', async () => {
    const first = await running.scrape();
    const second = await running.scrape();
    const startedAt = first.value('process_start_time_seconds');
    expect(startedAt).to.be.closeTo(Date.now() / 1000 - process.uptime(), 1);
    // Else each scrape would look like a restart.
    expect(second.value('process_start_time_seconds')).to.equal(startedAt);
    expect(first.value('process_resident_memory_bytes')).to.be.within(30e6, process.memoryUsage.rss() * 2);
  });

  it('name nobody, no place and no word of anybody', async () => {
    const { slack } = running;
    const { text } = await running.scrape();
    const people = [...slack.world.people.values()];
    const told = [
      ...people.flatMap((one) => [one.id, one.name, one.realName, one.email ?? '']),
      ...[...slack.world.channels.values()].flatMap((one) => [one.id, one.name]),
      slack.appToken,
      slack.botToken,
      slack.teamId,
      'printer',
      'lift is stuck',
    ].filter((word) => word !== '' && word !== 'triage' && word !== 'TrIAge');

    expect(told.length).to.be.above(15);
    const words = new Set(text.split(/[^\w.@-]+/));
    expect(told.filter((word) => words.has(word) || (word.length > 5 && text.includes(word)))).to.deep.equal(
      [],
    );
  });

  it('have names as Prometheus wants them, a help and a type', async () => {
    const { families } = await running.scrape();
    expect(families.size).to.be.above(25);
    for (const [name, { help, type, samples }] of families) {
      expect(name).to.match(/^(triage|process)_[a-z_]+$/);
      expect(name.endsWith('_total'), name).to.equal(type === 'counter');
      expect(name, 'base units').to.not.match(/_(ms|milliseconds|minutes|kilobytes|count)$/);
      expect(help, name).to.match(/\.$/);
      expect(['counter', 'gauge', 'histogram']).to.include(type);
      if (type === 'gauge') expect(samples, name).to.not.have.length(0);
    }
  });
});
