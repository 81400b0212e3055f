import { expect } from 'chai';
import fc from 'fast-check';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { TransientError } from '../../src/errors.ts';
import { createSlackClient, type SlackClient } from '../../src/slack/client.ts';
import { SlackRefusal, UnknownOutcome } from '../../src/slack/errors.ts';
import { modal } from '../../src/slack/modal.ts';
import { Connection } from '../../src/socket/connection.ts';
import { DEFAULT_DEADLINES } from '../../src/socket/deadlines.ts';
import { openWorkspace, type Workspace } from '../outbox/relay-workspace.ts';
import { ANA } from '../support/builders.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { type LocalSlack, startLocalSlack } from '../workspace/local-slack.ts';
import { textOf } from '../workspace/text-of.ts';
import { insteadOf, UNREADABLE } from './answers.ts';
import { runs } from './fuzz.ts';
import { logText } from './log-text.ts';

type Call = (client: SlackClient) => Promise<unknown>;

/** Every call that the daemon makes, by its method. */
function callsOf(
  slack: LocalSlack,
  user: string,
  channel: string,
  ts: string,
): Readonly<Record<string, Call>> {
  const place = { channel, ts };
  const content = { text: 'x', blocks: [] };
  const view = modal({ callbackId: 'c', title: 't', blocks: [] });
  return {
    'auth.test': (client) => client.authTest(),
    'users.info': (client) => client.person(user),
    'users.list': (client) => client.people(),
    'users.lookupByEmail': (client) => client.personByEmail('ana@example.com'),
    'users.conversations': (client) => client.joinedChannels(),
    'conversations.list': (client) => client.visibleChannels(),
    'conversations.info': (client) => client.channel(channel),
    'conversations.members': (client) => client.members(channel),
    'conversations.open': (client) => client.openDm(user),
    'conversations.history': (client) => client.history({ channel, sinceTs: '0.0' }),
    'conversations.replies': (client) => client.thread({ channel, threadTs: ts }),
    'chat.getPermalink': (client) => client.permalink(place),
    'chat.postMessage': (client) => client.post({ channel, key: 'k', ...content }),
    'chat.update': (client) => client.update(place, content),
    'chat.delete': (client) => client.remove({ channel, ts: slack.say(user, channel, 'to be deleted') }),
    'chat.postEphemeral': (client) => client.postEphemeral({ channel, user, ...content }),
    'views.open': (client) => client.openView('1.2.3', view),
    'views.update': (client) => client.updateView('V1', view),
  };
}

/** The strings, numbers and lists that an outcome is made of: nothing of another type has come through. */
function isSound(value: unknown): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return true;
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (Array.isArray(value)) return value.every(isSound);
  return typeof value === 'number' ? Number.isFinite(value) : Object.values(value).every(isSound);
}

describe('the Slack client, given anything for an answer', () => {
  let slack: LocalSlack;
  let client: SlackClient;
  let calls: Readonly<Record<string, Call>>;
  const logger = captureLogger();

  before(async () => {
    slack = await startLocalSlack();
    const ana = slack.people.add({ name: 'ana', email: 'ana@example.com' });
    const channel = slack.channels.add({ name: 'desk', members: [ana] });
    const ts = slack.say(ana, channel, 'there is something');
    calls = callsOf(slack, ana.id, channel.id, ts);
    client = createSlackClient({ botToken: slack.botToken, apiUrl: slack.apiUrl, logger });
  });

  after(() => slack.close());

  async function outcomeOf(method: string): Promise<{ readonly value?: unknown; readonly error?: unknown }> {
    try {
      return { value: await calls[method]!(client) };
    } catch (error) {
      return { error };
    }
  }

  for (const method of Object.keys(callsOf({} as LocalSlack, '', '', ''))) {
    it(`has a sound value of ${method}, a refusal, or a reason to try again`, async () => {
      await outcomeOf(method);
      const valid = slack.calls().findLast((call) => call.method === method)?.answer;
      await fc.assert(
        fc.asyncProperty(insteadOf(valid), async (body) => {
          slack.failNext(method, { kind: 'answer', body, when: 'before' });
          const { value, error } = await outcomeOf(method);
          const isKnown = error instanceof SlackRefusal || error instanceof TransientError;
          expect(error === undefined || isKnown, String(error)).to.equal(true);
          // Lists from Slack are handed on as they are, and read by whoever asked for them.
          if (!Array.isArray(value)) expect(isSound(value), JSON.stringify(value)).to.equal(true);
          if (error instanceof SlackRefusal) expect(error.code).to.match(/^[a-z][\w.:-]{0,79}$/);
        }),
        runs(25),
      );
    });
  }

  it('takes what no call answers for an unknown outcome of a post, and for no news of anything', async () => {
    for (const body of UNREADABLE) {
      for (const method of ['chat.postMessage', 'conversations.open', 'views.open']) {
        slack.failNext(method, { kind: 'answer', body, when: 'before' });
        expect((await outcomeOf(method)).error, `${method} ${body.slice(0, 90)}`).to.be.instanceOf(
          UnknownOutcome,
        );
      }
      const looking = [
        'users.info',
        'users.list',
        'conversations.info',
        'conversations.members',
        'auth.test',
      ];
      for (const method of [...looking, 'conversations.history', 'conversations.list']) {
        slack.failNext(method, { kind: 'answer', body, when: 'before' });
        const { error, value } = await outcomeOf(method);
        // A list of nothing that can be read is a list; all else has to be asked again.
        if (!(Array.isArray(value) && body.includes('"messages":[')))
          expect(error, `${method} ${body.slice(0, 90)}`).to.be.instanceOf(TransientError);
      }
    }
  });

  it('logs none of it but a few words', () => {
    const text = logText(logger.lines);
    expect(text).not.to.include(slack.botToken);
    for (const { meta } of logger.lines) expect(JSON.stringify(meta).length).to.be.at.most(2000);
  });
});

describe('the relay, given anything for an answer', () => {
  let desk: Workspace;

  beforeEach(async () => {
    desk = await openWorkspace();
    await desk.relay().start();
  });

  afterEach(() => desk.close());

  const cardsOf = (text: string): number =>
    desk.posts('CTRIAGE').filter((post) => textOf(post).includes(text)).length;

  for (const when of ['before', 'after'] as const) {
    it(`posts once where nobody can tell from it what became of the post, which was answered ${when} its effect`, async () => {
      const bodies = UNREADABLE.filter((body, nth) => nth % 3 === 0 && body.length < 1_000_000);
      const isFirst = new Set<string>();
      // The first answer to each post cannot be read, nor can the first to each look for it.
      desk.slack.faultPlan(({ method, args }) => {
        const of =
          method === 'chat.postMessage' ? JSON.stringify(args['metadata']) : `${method} ${isFirst.size % 7}`;
        const isPost = method === 'chat.postMessage';
        if ((!isPost && !/^conversations\.(history|replies)$/.test(method)) || isFirst.has(of))
          return undefined;
        isFirst.add(of);
        return {
          kind: 'answer',
          body: bodies[isFirst.size % bodies.length]!,
          when: isPost ? when : 'before',
        };
      });
      const asked: string[] = [];
      for (const nth of bodies.keys()) {
        asked.push(`asked as ${nth}, and no more`);
        await desk.ask(asked.at(-1)!);
      }
      await desk.done();
      for (const text of asked) expect(cardsOf(text), text).to.equal(1);
      const replies = desk.posts('CHELP');
      expect(replies).to.have.length(asked.length);
    }).timeout(40_000);
  }

  it('edits until it is answered', async () => {
    const { id } = await desk.ask('to be edited');
    await desk.done();
    for (const body of UNREADABLE.slice(0, 6))
      desk.slack.failNext('chat.update', { kind: 'answer', body, when: 'before' });
    await desk.change(id, { owner: ANA, state: 'in_progress' }, [{ kind: 'card' }]);
    await desk.done();
    expect(textOf(desk.posts('CTRIAGE')[0]!)).to.include('in progress');
  });

  it('waits an hour at the most, however long it is told to', async () => {
    const error = JSON.stringify({
      ok: false,
      error: 'ratelimited',
      response_metadata: { retryAfter: 1e300 },
    });
    desk.slack.failNext('chat.postMessage', { kind: 'answer', body: error, when: 'before' });
    await desk.ask('in a thousand years');
    await desk.slack.waitFor(
      () => desk.slack.countOf('chat.postMessage') >= 2,
      'the card’s refusal and the reply',
    );
    const until = await waitingUntil(desk);
    expect(until).to.be.within(Date.now(), Date.now() + 2 * 3_600_000);
  });
});

/** When the row that waits longest is due (epoch ms). */
async function waitingUntil({ database, slack }: Workspace): Promise<number> {
  let until = 0;
  await slack.waitFor(async () => {
    const { rows } = await database.pool.query<{ due: Date }>('select max(not_before) as due from outbox');
    until = Number(rows[0]?.due ?? 0);
    return until > Date.now() + 60_000;
  }, 'a row that waits');
  return until;
}

describe('a connection, given anything for its address', () => {
  it('is not opened, and says why in a word', async () => {
    const slack = await startLocalSlack();
    const bodies = [
      ...UNREADABLE,
      '{"ok":true,"url":5}',
      '{"ok":true,"url":""}',
      '{"ok":true,"url":"javascript:alert(1)"}',
      '{"ok":true,"url":"wss://"}',
      '{"ok":true,"url":{"href":"wss://127.0.0.1:1/"}}',
      '{"ok":true,"url":"ws://127.0.0.1:1/?ticket=secret"}',
      `{"ok":true,"url":"${slack.apiUrl}"}`,
      '{"ok":false,"error":"__proto__"}',
    ];
    const logger = captureLogger();
    for (const body of bodies) {
      slack.failNext('apps.connections.open', { kind: 'answer', body, when: 'before' });
      const connection = new Connection(
        { appToken: slack.appToken, apiUrl: slack.apiUrl, deadlines: DEFAULT_DEADLINES, logger },
        { onHello() {}, onEnvelope() {}, onDisconnectMessage() {}, onFrame() {}, onClosed() {} },
      );
      const opened = await connection.open();
      expect(opened, body.slice(0, 90)).to.include({ kind: 'failed' });
      if (opened.kind === 'failed') expect(opened.detail).to.match(/^[\w .':-]{1,60}$/);
      await connection.close();
    }
    expect(logText(logger.lines)).not.to.match(/ticket=s|local-app-token/);
    await slack.close();
  });
});

describe('the running app, given anything for an answer', () => {
  let app: RunningApp;

  beforeEach(async () => {
    app = await runningApp();
  });

  afterEach(() => app.stop());

  it('goes on, and makes one card of each message once the answers are Slack’s again', async () => {
    const { slack, team } = app;
    slack.say(team.uli, team.help, 'asked before');
    const first = await app.cardOf('asked before');
    await app.settled();
    // A post that is lost would wait for twenty seconds; what becomes of posts is the relay's to show.
    const isGarbled = new Map<string, number>();
    const bodies = UNREADABLE.filter((body) => body.length < 1_000_000);
    slack.faultPlan(({ method }) => {
      if (method === 'chat.postMessage' || method === 'apps.connections.open') return undefined;
      const times = isGarbled.get(method) ?? 0;
      isGarbled.set(method, times + 1);
      return times < 1
        ? { kind: 'answer', body: bodies[(times * 7) % bodies.length]!, when: 'before' }
        : undefined;
    });
    const asked = [team.uli, team.ana, team.zoe].map((who) => {
      slack.say(who, team.help, `asked by ${who.name} meanwhile`);
      return `asked by ${who.name} meanwhile`;
    });
    slack.dm(team.zoe, 'asked by DM meanwhile');
    await app.press(team.ben, first, 'Take it');
    await slack.slash(team.ben, team.triage, '/triage', 'list');
    for (const text of [...asked, 'asked by DM meanwhile']) await app.cardOf(text);
    await app.shows(first, 'Ben', 'in progress');
    await app.settled();
    for (const text of [...asked, 'asked by DM meanwhile'])
      expect(
        app.cards().filter((card) => textOf(card).includes(text)),
        text,
      ).to.have.length(1);
    expect(isGarbled.size).to.be.at.least(4);
  }).timeout(60_000);
});
