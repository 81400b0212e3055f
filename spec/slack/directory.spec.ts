import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { createMemoryCache, type MemoryCache } from '../../src/cache/memory.ts';
import { TransientError } from '../../src/errors.ts';
import { createSlackClient } from '../../src/slack/client.ts';
import { createDirectory, type Directory } from '../../src/slack/directory.ts';
import { escapedText, plain } from '../../src/slack/mrkdwn.ts';
import { parseEvent } from '../../src/slack/parse-event.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';
import { waitFor } from '../support/wait-for.ts';
import { type LocalSlack, startLocalSlack } from '../workspace/local-slack.ts';
import { listen } from './listen.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('the directory', () => {
  let slack: LocalSlack;
  let cache: MemoryCache;
  let clock: FakeClock;
  let directory: Directory;
  let logger: ReturnType<typeof captureLogger>;
  let ana: string;
  let desk: string;

  beforeEach(async () => {
    slack = await startLocalSlack();
    clock = fakeClock();
    cache = createMemoryCache({ clock });
    logger = captureLogger();
    directory = start();
    ana = slack.people.add({ name: 'ana', displayName: 'Ana\n \u202ePaz', tz: 'Europe/Lisbon' }).id;
    desk = slack.channels.add({ name: 'desk', isPrivate: true, members: [ana] }).id;
  });

  afterEach(() => slack.close());

  /** A directory as another daemon over the same cache would have it. */
  function start(): Directory {
    const client = createSlackClient({ botToken: slack.botToken, apiUrl: slack.apiUrl, logger });
    return createDirectory({ client, cache, clock, logger, teamId: slack.teamId });
  }

  it('knows people with a name fit to show and a zone', async () => {
    expect(await directory.person(ana)).to.deep.equal({
      id: ana,
      isKnown: true,
      name: 'Ana Paz',
      handle: 'ana',
      zone: 'Europe/Lisbon',
      isBot: false,
      isDeactivated: false,
      isStranger: false,
      teamId: slack.teamId,
      email: 'ana@example.com',
    });
    const odd = slack.people.add({ name: 'odd', tz: 'UTC' });
    slack.people.change(odd.id, { displayName: '', realName: '' });
    expect(await directory.person(odd.id)).to.include({ name: 'odd', zone: 'UTC' });
  });

  it('takes people of other workspaces, and those it cannot see, for strangers', async () => {
    const guest = slack.people.add({ name: 'guest', teamId: 'T0OTHER' });
    expect(await directory.person(guest.id)).to.include({
      isStranger: true,
      isKnown: true,
      teamId: 'T0OTHER',
    });
    expect(await directory.person('U404')).to.deep.include({
      isStranger: true,
      isKnown: false,
      name: 'U404',
      zone: 'UTC',
    });
    expect(await directory.person(slack.botUserId)).to.include({ isBot: true });
  });

  it('asks once, however many ask at the same time, and again after an hour', async () => {
    await Promise.all([directory.person(ana), directory.person(ana), directory.person(ana)]);
    await directory.person(ana);
    await start().person(ana);
    expect(slack.countOf('users.info')).to.equal(1);
    clock.advance(HOUR + 1);
    await directory.person(ana);
    expect(slack.countOf('users.info')).to.equal(2);
  });

  it('asks again soon for what was not there', async () => {
    expect(await directory.channel('C404')).to.equal(null);
    expect(await directory.channel('C404')).to.equal(null);
    expect(slack.countOf('conversations.info')).to.equal(1);
    clock.advance(MINUTE + 1);
    slack.channels.add({ id: 'C404', name: 'late' });
    expect(await directory.channel('C404')).to.include({ name: 'late', isMember: true });
  });

  it('uses an older value while Slack does not answer, and tells no lie without one', async () => {
    await directory.person(ana);
    await directory.channel(desk);
    clock.advance(2 * HOUR);
    slack.faultPlan(() => ({ kind: 'http', status: 500 }));
    expect(await directory.person(ana)).to.include({ name: 'Ana Paz' });
    expect(await directory.channel(desk)).to.include({ name: 'desk' });
    await directory.person(ana);
    expect(slack.countOf('users.info')).to.equal(2);
    expect(logger.lines.filter((line) => line.level === 'warn')).to.have.length(2);
    expect(await directory.person('U1').catch((error: unknown) => error)).to.be.instanceOf(TransientError);
    expect(await directory.channelNow(desk).catch((error: unknown) => error)).to.be.instanceOf(
      TransientError,
    );
    slack.faultPlan(undefined);
    clock.advance(MINUTE);
    slack.people.change(ana, { displayName: 'Anita' });
    expect(await directory.person(ana)).to.include({ name: 'Anita' });
  });

  it('does not wait long for Slack where it has an older value', async () => {
    await directory.person(ana);
    clock.advance(2 * HOUR);
    slack.failNext('users.info', { kind: 'hang', ms: 60_000 });
    const started = performance.now();
    expect(await directory.person(ana)).to.include({ name: 'Ana Paz' });
    expect(performance.now() - started).to.be.lessThan(5000);
  });

  it('asks Slack anew who can read along in a channel when it matters', async () => {
    expect(await directory.channel(desk)).to.include({ isPrivate: true, isShared: false });
    slack.world.channel(desk).isExtShared = true;
    expect(await directory.channel(desk)).to.include({ isShared: false });
    expect(await directory.channelNow(desk)).to.include({ isShared: true });
    expect(await directory.channel(desk)).to.include({ isShared: true });
  });

  it('counts as responders the people of this workspace in the triage channel who are still there', async () => {
    const gone = slack.people.add({ name: 'gone', deleted: true });
    const guest = slack.people.add({ name: 'guest', teamId: 'T0OTHER' });
    for (const { id } of [gone, guest]) slack.world.channel(desk).members.add(id);
    expect((await directory.members(desk)).size).to.equal(4);
    expect((await directory.responders(desk)).map((person) => person.id)).to.deep.equal([ana]);
    expect(await directory.isResponder(desk, ana)).to.equal(true);
    expect(await directory.isResponder(desk, gone.id)).to.equal(false);
    expect(await directory.isResponder(desk, slack.botUserId)).to.equal(false);
    expect(await directory.isResponder(desk, 'U404')).to.equal(false);
  });

  it('lets nobody respond where it cannot see', async () => {
    const secret = slack.channels.add({ name: 'secret', isPrivate: true, members: [ana], bot: false });
    expect(await directory.responders(secret.id)).to.deep.equal([]);
    slack.failNext('conversations.members', { kind: 'error', error: 'fatal_error' });
    expect(await directory.members(desk).catch((error: unknown) => error)).to.be.instanceOf(TransientError);
  });

  it('learns of many people by one list instead of one question each', async () => {
    const crowd = Array.from({ length: 45 }, (_, index) => slack.people.add({ name: `p${index}` }).id);
    const large = slack.channels.add({ name: 'large', members: crowd });
    expect(await directory.responders(large.id)).to.have.length(45);
    expect(slack.countOf('users.list')).to.equal(1);
    expect(slack.countOf('users.info')).to.equal(0);
  });

  it('gives texts the names that they mention, and ids where there are none', async () => {
    const text = escapedText(`<@${ana}> in <#${desk}>, <@U404> and <#C404>`);
    const names = await directory.names(text, escapedText('nobody'));
    expect(plain(text, names)).to.equal('@Ana Paz in #desk, @U404 and #C404');
    slack.unreachable();
    const other = escapedText('<@U9> <#C9>');
    expect(plain(other, await directory.names(other))).to.equal('@U9 #C9');
  });

  it('follows what the events of Slack say', async () => {
    const ear = await listen(slack);
    const ben = slack.people.add({ name: 'ben' }).id;
    await directory.members(desk);
    await directory.person(ben);
    await directory.channel(desk);
    slack.join(ben, desk);
    slack.people.change(ben, { displayName: 'Benjamin' });
    slack.channels.rename(desk, 'help');
    await slack.waitFor(() => ear.heard.length >= 4, 'all events');
    const events = ear.heard.map(({ type, payload }) => parseEvent(type, payload));
    for (const event of events) await directory.forget(event);
    expect(await directory.isResponder(desk, ben)).to.equal(true);
    expect(slack.countOf('conversations.members')).to.equal(1);
    expect(await directory.person(ben)).to.include({ name: 'Benjamin' });
    expect(await directory.channel(desk)).to.include({ name: 'help' });
    await directory.forget({ kind: 'member', joined: false, channel: desk, user: ben });
    expect(await directory.isResponder(desk, ben)).to.equal(false);
    await directory.forget({ kind: 'channel', change: 'deleted', channel: desk, name: null });
    await directory.members(desk);
    expect(slack.countOf('conversations.members')).to.equal(2);
    await directory.forget({ kind: 'member', joined: true, channel: 'C404', user: ben });
    await ear.close();
  });

  it('keeps no answer that a change has overtaken', async () => {
    slack.failNext('conversations.members', { kind: 'hang', ms: 300, when: 'after' });
    let isAnswered = false;
    const asked = directory.members(desk).finally(() => {
      isAnswered = true;
    });
    // Asked often: the local Slack tells of a call only when it answers.
    await waitFor(() => slack.calls().some((call) => call.answer?.['members'] !== undefined), 'the question');
    const ben = slack.people.add({ name: 'ben' }).id;
    slack.join(ben, desk);
    await directory.forget({ kind: 'member', joined: true, channel: desk, user: ben });
    expect(isAnswered).to.equal(false);
    expect([...(await asked)]).not.to.include(ben);
    expect([...(await directory.members(desk))]).to.include(ben);
  });

  it('loads anew what an older daemon has left in the cache in another shape', async () => {
    for (const value of ['no json', '{}', '{"value":7,"until":9e15}', '{"value":{"id":1},"until":9e15}']) {
      await cache.set(`person:${slack.teamId}:${ana}`, value, HOUR);
      await cache.set(`channel:${slack.teamId}:${desk}`, value, HOUR);
      await cache.set(`members:${slack.teamId}:${desk}`, value, HOUR);
      expect(await directory.person(ana), value).to.include({ isKnown: true });
      expect(await directory.channel(desk), value).to.include({ name: 'desk' });
      expect((await directory.members(desk)).has(ana), value).to.equal(true);
    }
  });
});
