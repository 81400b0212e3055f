import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { TransientError } from '../../src/errors.ts';
import { messageText } from '../../src/slack/block-text.ts';
import { assemble, divider, section } from '../../src/slack/blocks.ts';
import { createSlackClient, type SlackClientOptions } from '../../src/slack/client.ts';
import { isRefusal, isTokenProblem, SlackRefusal, UnknownOutcome } from '../../src/slack/errors.ts';
import { raw } from '../../src/slack/inline.ts';
import { modal, textInput } from '../../src/slack/modal.ts';
import type { SlackClient } from '../../src/slack/port.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { type LocalSlack, startLocalSlack } from '../workspace/local-slack.ts';
import { type Heard, listen } from './listen.ts';

const logger = captureLogger();
const view = modal({
  callbackId: 'new',
  title: 'New',
  blocks: [textInput({ actionId: 'text', label: 'What' })],
});

/** What a promise rejects with. */
async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('expected a rejection');
}

const content = (text: string, key?: string) => ({
  text: messageText(raw(text)),
  blocks: assemble([section(raw(text))], key),
});

describe('the Slack client', () => {
  let slack: LocalSlack;
  let client: SlackClient;
  let ana: string;
  let desk: string;
  let ear: Awaited<ReturnType<typeof listen>>;
  const connect = (more: Partial<SlackClientOptions> = {}): SlackClient =>
    createSlackClient({ botToken: slack.botToken, apiUrl: slack.apiUrl, logger, ...more });

  const post = (): Promise<unknown> => client.post({ channel: desk, ...content('x') });

  before(async () => {
    slack = await startLocalSlack();
    client = connect();
    ana = slack.people.add({ name: 'ana', displayName: 'Ana', tz: 'Europe/Lisbon' }).id;
    desk = slack.channels.add({ name: 'desk', isPrivate: true, members: [ana] }).id;
    ear = await listen(slack);
  });

  after(async () => {
    await ear.close();
    await slack.close();
  });

  it('says who it is and what it may do', async () => {
    const found = await client.authTest();
    expect(found).to.include({ userId: slack.botUserId, botId: slack.botId, teamId: slack.teamId });
    expect(found.teamUrl).to.match(/^https:/);
    expect(found.scopes).to.include.members(['chat:write', 'users:read']);
  });

  it('posts, edits and deletes', async () => {
    const place = await client.post({ channel: desk, ...content('first', 'k0'), key: 'k0' });
    await client.update(place, content('second'));
    expect((await client.message(place))?.text).to.equal('second');
    expect(slack.calls().find((call) => call.method === 'chat.postMessage')?.body).to.deep.include({
      unfurl_links: 'false',
      unfurl_media: 'false',
    });
    await client.remove(place);
    expect(await client.message(place)).to.equal(null);
    expect(isRefusal(await failure(client.remove(place)), 'message_not_found')).to.equal(true);
  });

  it('finds a post by its key, in a channel and in a thread, and no other', async () => {
    const sinceTs = slack.say(ana, desk, 'the printer is dead');
    const card = await client.post({ channel: desk, ...content('card', 'card:1'), key: 'card:1' });
    const said = await client.post({
      channel: desk,
      threadTs: sinceTs,
      ...content('said', 'said:1'),
      key: 'said:1',
    });
    expect(await client.findPost({ channel: desk, key: 'card:1', sinceTs })).to.deep.equal(card);
    expect(await client.findPost({ channel: desk, threadTs: sinceTs, key: 'said:1', sinceTs })).to.deep.equal(
      said,
    );
    expect(await client.findPost({ channel: desk, key: 'said:1', sinceTs })).to.equal(null);
    const gone = { channel: desk, threadTs: '1.000001', key: 'said:1', sinceTs };
    expect(await client.findPost(gone)).to.equal(null);
    await client.update(card, content('card, edited'));
    expect(await client.findPost({ channel: desk, key: 'card:1', sinceTs })).to.deep.equal(card);
  });

  it('reads one message, a reply too, whether its thread is known or not', async () => {
    const first = slack.say(ana, desk, 'a < b & c');
    const reply = slack.say(ana, desk, 'indeed', { threadTs: first });
    slack.react(ana, { channel: desk, ts: first }, '+1::skin-tone-2');
    expect(await client.message({ channel: desk, ts: first })).to.deep.equal({
      ts: first,
      threadTs: null,
      user: ana,
      botId: null,
      team: slack.teamId,
      text: 'a &lt; b &amp; c',
      files: [],
      reactions: [{ user: ana, emoji: '+1' }],
    });
    expect(await client.message({ channel: desk, ts: reply })).to.include({
      text: 'indeed',
      threadTs: first,
    });
    expect(await client.message({ channel: desk, ts: reply }, first)).to.include({ text: 'indeed' });
    expect(await client.message({ channel: desk, ts: '1.000001' })).to.equal(null);
  });

  it('reads history and threads oldest first, over all pages', async () => {
    const busy = slack.channels.add({ name: 'busy', members: [ana] }).id;
    const all = Array.from({ length: 450 }, (_, index) => slack.say(ana, busy, `m${index}`));
    const [first = '', second = ''] = all;
    const replies = ['x', 'y'].map((text) => slack.say(ana, busy, text, { threadTs: first }));
    const found = await client.history({ channel: busy, sinceTs: second });
    expect(found.map((each) => each['ts'])).to.deep.equal(all.slice(1));
    const thread = await client.thread({ channel: busy, threadTs: first });
    expect(thread?.map((each) => each['ts'])).to.deep.equal([first, ...replies]);
    expect(await client.thread({ channel: busy, threadTs: '1.000001' })).to.equal(null);
  });

  it('waits for its turn before each page of a long reading', async () => {
    const long = slack.channels.add({ name: 'long', members: [ana] }).id;
    const all = Array.from({ length: 450 }, (_, index) => slack.say(ana, long, `m${index}`));
    let turns = 0;
    const turn = (): Promise<void> => {
      turns += 1;
      return Promise.resolve();
    };
    await client.history({ channel: long, sinceTs: all[0] ?? '', turn });
    expect(turns).to.equal(3);
    await client.thread({ channel: long, threadTs: all[0] ?? '', turn });
    expect(turns).to.equal(4);
  });

  it('reads people, by id and by e-mail, and everybody over all pages', async () => {
    expect(await client.person(ana)).to.deep.equal({
      id: ana,
      handle: 'ana',
      displayName: 'Ana',
      name: 'Ana',
      zone: 'Europe/Lisbon',
      email: 'ana@example.com',
      isBot: false,
      isDeactivated: false,
      teamIds: [slack.teamId],
      isStranger: false,
    });
    expect((await client.personByEmail('ANA@example.com'))?.id).to.equal(ana);
    expect(await client.personByEmail('nobody@example.com')).to.equal(null);
    expect(await client.person('U404')).to.equal(null);
    for (let index = 0; index < 1200; index += 1) slack.people.add({ name: `p${index}` });
    expect(await client.people()).to.have.length(slack.world.people.size);
  });

  it('reads channels, their members, and where it is', async () => {
    expect(await client.channel(desk)).to.deep.equal({
      id: desk,
      name: 'desk',
      isPrivate: true,
      isDm: false,
      isShared: false,
      isArchived: false,
      isMember: true,
      dmUser: null,
    });
    const secret = slack.channels.add({ name: 'secret', isPrivate: true, bot: false });
    const open = slack.channels.add({ name: 'open', bot: false, isExtShared: true });
    expect(await client.channel(secret.id)).to.equal(null);
    expect(await client.channel(open.id)).to.include({ isMember: false, isShared: true, isPrivate: false });
    expect(await client.members(desk)).to.have.members([ana, slack.botUserId]);
    const dm = await client.openDm(ana);
    expect(dm).to.equal(slack.dmOf(ana));
    const joined = await client.joinedChannels();
    expect(joined.map((channel) => channel.id))
      .to.include.members([desk, dm])
      .and.not.include(open.id);
    expect(joined.find((channel) => channel.id === dm)).to.include({
      isDm: true,
      isPrivate: true,
      dmUser: ana,
    });
    expect((await client.visibleChannels()).map((channel) => channel.id))
      .to.include(open.id)
      .and.not.include(secret.id);
  });

  it('links to messages that are there', async () => {
    const ts = slack.say(ana, desk, 'here');
    expect(await client.permalink({ channel: desk, ts })).to.match(/^https:/);
    expect(await client.permalink({ channel: desk, ts: '1.000001' })).to.equal(null);
  });

  it('tells a person alone', async () => {
    const ts = slack.say(ana, desk, 'psst');
    await client.postEphemeral({ channel: desk, user: ana, threadTs: ts, ...content('only you') });
    expect(slack.world.ephemerals.at(-1)).to.include({ user: ana, channel: desk, text: 'only you' });
  });

  it('opens a modal and changes it', async () => {
    const id = await client.openView((await typed(slack, ear.heard, ana, desk)).trigger, view);
    await client.updateView(id, { ...view, title: { type: 'plain_text', text: 'Newer' } });
    expect(slack.world.views.get(id)?.body).to.have.nested.property('title.text', 'Newer');
    expect(isRefusal(await failure(client.openView('0.0.x', view)), 'invalid_trigger_id')).to.equal(true);
  });

  it('opens a modal at once though posting and reading are held back', async () => {
    slack.failNext('chat.postMessage', { kind: 'rate_limited', retryAfter: 30 });
    slack.failNext('users.info', { kind: 'rate_limited', retryAfter: 30 });
    const started = performance.now();
    expect(await failure(client.post({ channel: desk, ...content('x') }))).to.include({
      retryAfterSeconds: 30,
    });
    expect(await failure(client.person(ana))).to.include({ retryAfterSeconds: 30 });
    await client.openView((await typed(slack, ear.heard, ana, desk)).trigger, view);
    expect(performance.now() - started).to.be.lessThan(2000);
  });

  it('answers a response_url, in every form, and says when it is used up', async () => {
    const url = (await typed(slack, ear.heard, ana, desk)).url;
    await client.respond(url, { text: 'done', threadTs: null });
    expect(slack.world.ephemerals.at(-1)).to.include({ text: 'done' });
    await client.respond(url, content('with blocks'));
    expect(slack.world.ephemerals.at(-1)).to.include({ text: 'with blocks' });
    expect(isRefusal(await failure(client.respond(url, {})), 'no_text')).to.equal(true);
    const elsewhere = `${new URL(url).origin}/response/T/none`;
    expect(isRefusal(await failure(client.respond(elsewhere, { text: 'x' })), 'invalid_url')).to.equal(true);
  });

  it('sends nothing to an address that is not Slack’s', async () => {
    for (const url of [
      'https://evil.example/response/x',
      'http://hooks.slack.com/x',
      'https://hooks.slack.com.evil.example/',
      'nonsense',
    ]) {
      expect(isRefusal(await failure(client.respond(url, { text: 'x' })), 'foreign_url'), url).to.equal(true);
    }
  });

  describe('when Slack says no', () => {
    it('rejects with its word, once, and without a retry', async () => {
      const asked = slack.countOf('chat.postMessage');
      const error = await failure(client.post({ channel: 'C404', ...content('x') }));
      expect(error)
        .to.be.instanceOf(SlackRefusal)
        .and.include({ code: 'channel_not_found', method: 'chat.postMessage' });
      expect(slack.countOf('chat.postMessage')).to.equal(asked + 1);
      expect(isTokenProblem(error)).to.equal(false);
    });

    it('says which block is wrong', async () => {
      const blocks = [
        ...assemble([divider()]),
        { type: 'section' as const, text: { type: 'mrkdwn' as const, text: '' } },
      ];
      const error = await failure(client.post({ channel: desk, text: 'x', blocks }));
      expect(isRefusal(error, 'invalid_blocks')).to.equal(true);
      expect(error).to.have.property('details').with.length.greaterThan(0);
    });

    it('knows when it is the token that is at fault', async () => {
      expect(isTokenProblem(await failure(connect({ botToken: 'xoxb-wrong' }).authTest()))).to.equal(true);
      const poor = await startLocalSlack({ scopes: ['chat:write'] });
      try {
        const error = await failure(
          createSlackClient({ botToken: poor.botToken, apiUrl: poor.apiUrl, logger }).person('U1'),
        );
        expect(isTokenProblem(error) && error.details).to.deep.equal(['needed: users:read']);
      } finally {
        await poor.close();
      }
    });
  });

  describe('when Slack is ill', () => {
    it('asks to come back later after a 429, with and without a time', async () => {
      slack.failNext('chat.postMessage', { kind: 'rate_limited', retryAfter: 7 });
      expect(await failure(post()))
        .to.be.instanceOf(TransientError)
        .and.include({ retryAfterSeconds: 7 });
      slack.failNext('chat.postMessage', { kind: 'rate_limited' });
      const error = await failure(post());
      expect(error).to.be.instanceOf(TransientError).and.not.instanceOf(UnknownOutcome);
      expect(error).to.include({ retryAfterSeconds: undefined });
      slack.failNext('chat.postMessage', { kind: 'error', error: 'ratelimited' });
      expect(await failure(post()))
        .to.be.instanceOf(TransientError)
        .and.not.instanceOf(UnknownOutcome);
    });

    it('does not know what became of a post after a reset, a 500, a page of HTML or an internal error', async () => {
      for (const fault of [
        { kind: 'reset', when: 'before' },
        { kind: 'reset', when: 'after' },
        { kind: 'http', status: 500 },
        { kind: 'html' },
        { kind: 'error', error: 'internal_error' },
      ] as const) {
        slack.failNext('chat.postMessage', fault);
        const error = await failure(post());
        expect(error, JSON.stringify(fault)).to.be.instanceOf(UnknownOutcome);
        expect(String(error)).not.to.include('<html>');
      }
    });

    it('finds the post whose answer was lost', async () => {
      const sinceTs = slack.say(ana, desk, 'before');
      slack.failNext('chat.postMessage', { kind: 'reset', when: 'after' });
      expect(
        await failure(client.post({ channel: desk, ...content('lost', 'k9'), key: 'k9' })),
      ).to.be.instanceOf(UnknownOutcome);
      expect(await client.findPost({ channel: desk, key: 'k9', sinceTs })).to.deep.equal({
        channel: desk,
        ts: slack.messages(desk).at(-1)?.ts,
      });
    });

    it('may simply ask again where it only read', async () => {
      for (const fault of [
        { kind: 'reset', when: 'after' },
        { kind: 'http', status: 503 },
        { kind: 'html' },
        { kind: 'error', error: 'fatal_error' },
      ] as const) {
        slack.failNext('users.info', fault);
        const error = await failure(client.person(ana));
        expect(error, JSON.stringify(fault))
          .to.be.instanceOf(TransientError)
          .and.not.instanceOf(UnknownOutcome);
      }
    });

    it('gives up on a modal while the trigger still counts', async () => {
      slack.failNext('views.open', { kind: 'hang', ms: 60_000, when: 'after' });
      const started = performance.now();
      const error = await failure(client.openView((await typed(slack, ear.heard, ana, desk)).trigger, view));
      expect(error).to.be.instanceOf(UnknownOutcome);
      expect(String(error)).to.include('(timeout)');
      expect(performance.now() - started).to.be.within(2300, 2990);
    });

    it('knows that nothing was done where no connection stood', async () => {
      const nowhere = connect({ apiUrl: await addressOfNobody() });
      const error = await failure(nowhere.post({ channel: desk, ...content('x') }));
      expect(error).to.be.instanceOf(TransientError).and.not.instanceOf(UnknownOutcome);
      expect(String(error)).to.include('ECONNREFUSED');
    });

    it('maps the faults of a response_url in the same way', async () => {
      const url = (await typed(slack, ear.heard, ana, desk)).url;
      const respond = (): Promise<unknown> => failure(client.respond(url, { text: 'x' }));
      slack.failNext('response_url', { kind: 'rate_limited', retryAfter: 3 });
      expect(await respond()).to.include({ retryAfterSeconds: 3 });
      slack.failNext('response_url', { kind: 'rate_limited' });
      expect(await respond()).to.include({ retryAfterSeconds: undefined });
      slack.failNext('response_url', { kind: 'http', status: 502 });
      expect(await respond()).to.be.instanceOf(UnknownOutcome);
      slack.failNext('response_url', { kind: 'http', status: 410 });
      expect(isRefusal(await respond(), 'http_410')).to.equal(true);
      slack.failNext('response_url', { kind: 'reset', when: 'before' });
      expect(await respond()).to.be.instanceOf(UnknownOutcome);
    });
  });

  it('keeps the token and addresses out of the log', () => {
    const log = JSON.stringify(logger.lines);
    expect(logger.lines.every((line) => line.level === 'debug')).to.equal(true);
    expect(log).not.to.include(slack.botToken).and.not.to.include('http://');
  });
});

/** What Slack hands over with a command: a trigger for a modal and an address for answers. */
async function typed(
  slack: LocalSlack,
  heard: readonly Heard[],
  who: string,
  where: string,
): Promise<{ trigger: string; url: string }> {
  const { triggerId } = await slack.slash(who, where, '/triage', 'help');
  const payload = heard.findLast((each) => each.payload['trigger_id'] === triggerId)?.payload;
  return { trigger: triggerId, url: String(payload?.['response_url']) };
}

/** An address at which nothing listens any more. */
async function addressOfNobody(): Promise<string> {
  const gone = await startLocalSlack();
  await gone.close();
  return gone.apiUrl;
}
