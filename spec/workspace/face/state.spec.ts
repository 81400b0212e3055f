import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { POST_EVENT } from '../../../src/slack/reading.ts';
import { type Facing, facing, stillStage } from '../../support/facing.ts';
import { makeTeam, type Team } from '../../support/running-app.ts';
import { type SmallApp, startSmallApp } from '../small-app.ts';
import type { Channel, Person, Who } from '../wire.ts';
import type { MessagesSeen } from './wire.ts';

describe('what one person sees of the show', () => {
  let app: SmallApp;
  let team: Team;
  let page: Facing;
  let long: Channel;
  let stamp = 1_700_000_000;
  const past = (): string => `${(stamp += 1)}.000100`;

  before(async () => {
    app = await startSmallApp();
    team = makeTeam(app.slack);
    long = app.slack.channels.add({ name: 'long', members: [team.zoe] });
    const stage = stillStage({
      slack: app.slack,
      partOf: (id) => (id === team.ana.id ? 'on duty' : ''),
    });
    page = await facing(stage);
  });
  after(async () => {
    await page.close();
    await app.close();
  });

  const texts = ({ messages }: MessagesSeen): readonly string[] => messages.map(({ text }) => text);
  const names = async (who: Who): Promise<readonly string[]> =>
    (await page.state(who)).channels.map(({ name }) => name);

  it('is the show, the people with their parts, what can be typed, and nobody’s errors but their own', async () => {
    app.slack.world.userErrors.push('ana: /triage failed', 'ben: his own', 'ana: and again');
    const seen = await page.state(team.ana);
    expect(seen.stage).to.include({ kind: 'faults', isUp: true, speed: 1 });
    expect(seen.me).to.deep.equal({
      id: team.ana.id,
      name: 'ana',
      realName: 'Ana',
      tz: 'Europe/Madrid',
      isBot: false,
      part: 'on duty',
    });
    expect(seen.people.find(({ isBot }) => isBot)).to.include({ name: 'triage', realName: 'TrIAge' });
    expect(seen.people.map(({ name }) => name)).to.include.members(['uli', 'ana', 'ben', 'lea', 'zoe']);
    expect(seen.commands).to.have.length(1);
    expect(seen.commands[0]?.command).to.equal('/triage');
    expect(seen.commands[0]?.hint).to.match(/^help \|/);
    expect(seen.shortcuts).to.deep.equal([
      { callbackId: 'triage_this', name: 'Triage this', kind: 'message' },
      { callbackId: 'new_request', name: 'New request', kind: 'global' },
    ]);
    expect(seen.notices).to.deep.equal(['/triage failed', 'and again']);
    expect([seen.home, seen.views]).to.deep.equal([null, []]);
  });

  it('begins with the first person and their first channel', async () => {
    const { me, open } = await page.ask<Awaited<ReturnType<Facing['state']>>>('/state');
    expect(me.name).to.equal('uli');
    expect(open.channel).to.equal(team.help.id);
  });

  it('lists channels they are in, then other public ones, then the bot’s DM, and private ones to members only', async () => {
    expect(await names(team.uli)).to.deep.equal(['help-it', 'long', 'managers', 'TrIAge']);
    expect(await names(team.ben)).to.deep.equal(['triage-it', 'help-it', 'long', 'managers', 'TrIAge']);
    const { channels } = await page.state(team.ben);
    expect(channels[0]).to.include({
      isPrivate: true,
      isMember: true,
      isIm: false,
      members: 4,
      latestTs: null,
      addressedTs: null,
    });
    expect(channels[1]).to.include({ isPrivate: false, isMember: false });
    expect(channels.at(-1)).to.include({ isIm: true, isMember: true, latestTs: null });

    for (const channel of [team.triage.id, app.slack.dmOf(team.ana), 'C0NOWHERE']) {
      const { status, text } = await page.get(`/state?as=${team.uli.id}&channel=${channel}`);
      expect([status, text]).to.deep.equal([404, '{"refused":"uli sees no such channel"}']);
    }
    expect((await page.state(team.ben, { channel: team.triage.id })).open.channel).to.equal(team.triage.id);
  });

  it('shows a channel without its replies but for those that were sent there, and a thread whole', async () => {
    const first = app.slack.say(team.uli, team.help, 'first');
    app.slack.say(team.ana, team.help, 'only in the thread', { threadTs: first });
    app.slack.say(team.ana, team.help, 'to the channel, too', { threadTs: first, broadcast: true });
    app.slack.say(team.uli, team.help, 'second');
    const { open, thread } = await page.state(team.zoe, { channel: team.help.id, thread: first });
    expect(texts(open)).to.deep.equal(['first', 'to the channel, too', 'second']);
    expect(open.messages[0]).to.include({ reply_count: 2, isEphemeral: false, requestNumber: null });
    expect(texts(thread!)).to.deep.equal(['first', 'only in the thread', 'to the channel, too']);
    expect(thread).to.include({ channel: team.help.id, thread: first, hasEarlier: false });
    const gone = await page.state(team.zoe, { channel: team.help.id, thread: '1.000000' });
    expect(gone.thread).to.equal(null);
  });

  it('numbers in an export what has become a request, by the bot’s reply to it, and nothing in other shows', async () => {
    const { help, uli, ana } = team;
    const asked = app.slack.say(uli, help, 'asks for something');
    const other = app.slack.say(uli, help, 'talks');
    const reply = (thread_ts: string, key: string): Promise<unknown> =>
      app.web.apiCall('chat.postMessage', {
        channel: help.id,
        thread_ts,
        text: 'Got it.',
        metadata: { event_type: POST_EVENT, event_payload: { key } },
      });
    await reply(asked, 'r7.v1.1.asker_reply');
    await reply(other, 'r8.v1.1.say');
    const shown = await facing(stillStage({ slack: app.slack }, { kind: 'export' }));
    const numbers = ({ messages }: MessagesSeen) =>
      messages.filter(({ ts }) => ts === asked || ts === other).map(({ requestNumber }) => requestNumber);
    try {
      expect(numbers((await shown.state(ana, { channel: help.id })).open)).to.deep.equal([7, null]);
    } finally {
      await shown.close();
    }
    expect(numbers((await page.state(ana, { channel: help.id })).open)).to.deep.equal([null, null]);
  });

  it('shows what is for their eyes only among the rest, and to nobody else', async () => {
    const { help, ana, uli } = team;
    const whisper = (text: string, more: object = {}): Promise<unknown> =>
      app.web.apiCall('chat.postEphemeral', { channel: help.id, user: ana.id, text, ...more });
    const first = app.slack.say(uli, help, 'before it');
    await whisper('psst');
    app.slack.say(uli, help, 'after it');
    app.slack.say(uli, help, 'a reply', { threadTs: first });
    await whisper('psst in the thread', { thread_ts: first });

    const asked = { channel: help.id, thread: first };
    const [hers, his] = [await page.state(ana, asked), await page.state(uli, asked)];
    expect(texts(hers.open).slice(-3)).to.deep.equal(['before it', 'psst', 'after it']);
    expect(hers.open.messages.at(-2)).to.include({ isEphemeral: true, user: app.slack.botUserId });
    expect(texts(hers.thread!)).to.deep.equal(['before it', 'a reply', 'psst in the thread']);
    expect(JSON.stringify(his)).to.not.include('psst');
    expect((await page.state(ana, { channel: team.managers.id })).open.messages).to.deep.equal([]);
  });

  it('pages by a hundred, a channel and a thread each from where it is', async () => {
    const head = past();
    app.slack.say(team.zoe, long, 'head', { ts: head });
    for (let at = 1; at <= 230; at += 1) app.slack.say(team.zoe, long, `top ${at}`, { ts: past() });
    await app.web.apiCall('chat.postEphemeral', { channel: long.id, user: team.zoe.id, text: 'just now' });
    for (let at = 1; at <= 120; at += 1)
      app.slack.say(team.zoe, long, `reply ${at}`, { ts: past(), threadTs: head });

    const pages: MessagesSeen[] = [];
    do {
      const oldest = pages.at(-1)?.messages[0]?.ts;
      const { open } = await page.state(team.zoe, {
        channel: long.id,
        ...(oldest === undefined ? {} : { before: oldest }),
      });
      pages.push(open);
    } while (pages.at(-1)?.hasEarlier === true);
    expect(pages.map(({ messages }) => messages.length)).to.deep.equal([101, 100, 31]);
    expect(texts(pages[0]!).slice(-2)).to.deep.equal(['top 230', 'just now']);
    expect(texts(pages[2]!)[0]).to.equal('head');
    expect(new Set(pages.flatMap(texts)).size).to.equal(232);

    const asked = { channel: long.id, thread: head };
    const { thread } = await page.state(team.zoe, asked);
    expect([texts(thread!)[0], thread!.hasEarlier]).to.deep.equal(['reply 21', true]);
    const earlier = await page.state(team.zoe, { ...asked, threadBefore: thread!.messages[0]!.ts });
    expect([texts(earlier.thread!)[0], earlier.thread!.messages.length]).to.deep.equal(['head', 21]);
    expect(earlier.open).to.deep.equal(pages[0]);
  });

  it('takes no longer in a channel of twenty thousand messages', async () => {
    // The bot is not in it: nobody has to be told twenty thousand times.
    const huge = app.slack.channels.add({ name: 'huge', members: [team.lea], bot: false });
    for (let at = 0; at < 20_000; at += 1)
      app.slack.say(team.lea, huge, `message ${at}`, { ts: past(), isEscaped: true });
    const costOf = async (who: Person, channel: Channel, more = {}): Promise<number> => {
      const times: number[] = [];
      for (let at = 0; at < 5; at += 1) {
        const begun = performance.now();
        await page.state(who, { channel: channel.id, ...more });
        times.push(performance.now() - begun);
      }
      return Math.min(...times);
    };
    const middle = huge.messages[10_000]!.ts;
    expect(await costOf(team.lea, huge)).to.be.below(50);
    expect(await costOf(team.lea, huge, { before: middle })).to.be.below(50);
  });

  it('takes for a channel’s newest message what stands in it, and no reply that stands in a thread alone', async () => {
    const [asked, replied, told] = [past(), past(), past()];
    const room = app.slack.channels.add({ name: 'threads', members: [team.zoe] });
    const newest = async (): Promise<string | null | undefined> =>
      (await page.state(team.zoe)).channels.find(({ id }) => id === room.id)?.latestTs;
    app.slack.say(team.zoe, room, 'asked', { ts: asked, isUntold: true });
    app.slack.say(team.zoe, room, 'replied', { ts: replied, threadTs: asked, isUntold: true });
    expect(await newest()).to.equal(asked);
    app.slack.say(team.zoe, room, 'told', { ts: told, isUntold: true });
    expect(await newest()).to.equal(told);
  });

  it('tells the newest that is to them: by name, in a thread too, or in their direct message; not what they wrote', async () => {
    const room = app.slack.channels.add({ name: 'names', members: [team.zoe, team.uli] });
    const newest = async (who: Person, where: string = room.id): Promise<string | null | undefined> =>
      (await page.state(who)).channels.find(({ id }) => id === where)?.addressedTs;
    const asked = app.slack.say(team.zoe, room, 'I am @zoe');
    expect(await newest(team.zoe)).to.equal(null);
    const named = app.slack.say(team.uli, room, 'hello @zoe');
    expect([await newest(team.zoe), await newest(team.uli)]).to.deep.equal([named, null]);
    const replied = app.slack.say(team.uli, room, 'and @zoe again', { threadTs: asked });
    app.slack.say(team.uli, room, 'hello all');
    expect(await newest(team.zoe)).to.equal(replied);
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: `Can <@${team.uli.id}> do it?` } }];
    await app.web.apiCall('chat.postMessage', { channel: room.id, text: 'Who?', blocks });
    const posted = app.slack.messages(room).at(-1)?.ts;
    expect([await newest(team.zoe), await newest(team.uli)]).to.deep.equal([replied, posted]);
    const dm = app.slack.dmOf(team.uli);
    app.slack.dm(team.uli, 'me');
    expect(await newest(team.uli, dm)).to.equal(null);
    await app.web.apiCall('chat.postMessage', { channel: dm, text: 'you' });
    expect(await newest(team.uli, dm)).to.equal(app.slack.messages(dm).at(-1)?.ts);
  });
});
