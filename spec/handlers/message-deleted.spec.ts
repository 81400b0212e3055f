import { expect } from 'chai';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { hears, inState, requestOf, requestsWith, said, stored } from '../support/stored.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Message } from '../workspace/wire.ts';

describe('deleted messages', () => {
  let running: RunningApp;

  before(async () => {
    running = await runningApp();
  });

  after(() => running.stop());

  async function asked(text: string): Promise<{ ref: { channel: string; ts: string }; card: Message }> {
    const { slack, team } = running;
    const ts = slack.say(team.uli, team.help, text);
    const card = await running.cardOf(text);
    await hears(running, team.help, ts, 'Got it');
    return { ref: { channel: team.help.id, ts }, card };
  }

  /** All that is stored of a request's text, wherever. */
  async function storedTexts(id: number): Promise<string> {
    const { rows } = await running.database.pool.query(
      `select r.title, r.body, r.unshown_text, r.files, m.body as part from requests r
       left join messages m on m.request_id = r.id where r.id = $1`,
      [id],
    );
    return JSON.stringify(rows);
  }

  /** As Slack told it: with the tombstone that stays where something stands beneath. */
  const deletionOf = (ts: string) =>
    running.slack.deliveries().findLast((each) => {
      const told = JSON.stringify(each.payload);
      return told.includes('tombstone') && told.includes(ts);
    })!;

  /** Every card of a request that stands in the triage channel now. */
  const cardsOf = (id: number): readonly Message[] =>
    running.cards().filter((card) => running.numberOf(card) === id);

  it('that asked withdraw a request that nobody has; its text is gone from the card and from what is stored', async () => {
    const { slack, team } = running;
    const { ref, card } = await asked('My PIN is 4711');
    slack.remove(team.uli, ref);

    await running.shows(card, 'withdrawn', '· deleted by its author', 'deleted by its author\n');
    const request = await inState(running, card, 'withdrawn');
    expect(request.source).to.deep.include({ title: null, text: null, files: [], isDeleted: true });
    expect(await storedTexts(request.id)).to.not.include('4711');
    expect(slack.sees(team.ana, '4711')).to.equal(false);
  });

  it('that asked leave a request that somebody has to go on without its text', async () => {
    const { slack, team } = running;
    const { ref, card } = await asked('My PUK is 4712');
    await running.press(team.ana, card, 'Take it');
    await running.shows(card, 'in progress');
    slack.remove(team.uli, ref);
    await running.shows(card, 'in progress', '· deleted by its author');
    await running.press(team.ana, card, 'Resolve');
    await running.shows(card, 'resolved', 'deleted by its author');

    const request = await requestOf(running, card);
    expect(request.owner).to.equal(team.ana.id);
    expect(await storedTexts(request.id)).to.not.include('4712');
    expect(textOf(card)).to.not.include('4712').and.not.include('Open the message');
  });

  it('that asked count as withdrawn when an administrator deletes them, and an app’s too', async () => {
    const { slack, team } = running;
    const ts = slack.say(team.uli, team.help, 'Memory 99 %', { asBot: 'memory' });
    slack.react(team.zoe, { channel: team.help.id, ts }, 'ticket');
    const card = await running.cardOf('Memory 99 %');
    slack.removeAny({ channel: team.help.id, ts });

    expect((await inState(running, card, 'withdrawn')).asker).to.equal(team.zoe.id);
  });

  it('that asked can be told of again without doing more', async () => {
    const { slack, team } = running;
    const { ref, card } = await asked('Said too much');
    slack.remove(team.uli, ref);
    await inState(running, card, 'withdrawn');
    slack.again(deletionOf(ref.ts), 'new_event_id');
    await running.database.pool.query(`delete from inbox where key like 'deleted:%'`);
    slack.again(deletionOf(ref.ts), 'new_event_id');
    await running.settled();
    await slack.slash(team.uli, team.help, '/triage', `undo #${running.numberOf(card)}`);
    await running.settled();

    const request = await requestOf(running, card);
    expect(request).to.deep.include({ state: 'new' });
    expect(request.source).to.deep.include({ isDeleted: true, text: null });
  });

  it('that are parts of a DM take their part of the text with them', async () => {
    const { slack, team } = running;
    slack.dm(team.zoe, 'The crib is empty');
    const card = await running.cardOf('The crib is empty');
    const ts = slack.dm(team.zoe, 'code 4713');
    await running.shows(card, 'code 4713');
    slack.remove(team.zoe, { channel: slack.dmOf(team.zoe), ts });
    await running.settled();

    const request = await requestOf(running, card);
    expect(request).to.deep.include({ state: 'new' });
    expect(request.source.text).to.equal('The crib is empty');
    expect(await storedTexts(request.id)).to.not.include('4713');
    expect(slack.sees(team.ana, '4713')).to.equal(false);
  });

  describe('that are the first of several DMs that make one request', () => {
    let complaintsBefore = 0;
    beforeEach(() => {
      complaintsBefore = running.slack.complaints().length;
    });
    afterEach(() => {
      running.slack.faultPlan(undefined);
      expect(running.slack.complaints().slice(complaintsBefore)).to.deep.equal([]);
    });

    /** Somebody without any request writes both, and hears that they are one. */
    async function askedInTwo(name: string, first: string, second: string) {
      const { slack } = running;
      const who = slack.people.add({ name });
      const channel = slack.dmOf(who);
      const ts = slack.dm(who, first);
      const card = await running.cardOf(first);
      await hears(running, channel, ts, 'Got it');
      const secondTs = slack.dm(who, second);
      await running.shows(card, first, second);
      await running.settled();
      return { who, channel, ts, secondTs, card, id: running.numberOf(card) };
    }

    it('take their part of the text with them, and the request goes on with the others', async () => {
      const { slack, team } = running;
      const { who, channel, ts, secondTs, card, id } = await askedInTwo('bea', 'hi 4715', 'the mast is bent');
      slack.remove(who, { channel, ts });
      await running.shows(card, '· the mast is bent');
      await running.settled();

      const request = await stored(running, id);
      expect(request).to.deep.include({ state: 'new', exit: null });
      expect(request.source).to.deep.include({
        title: 'the mast is bent',
        text: 'the mast is bent',
        isDeleted: false,
      });
      expect(await storedTexts(id)).to.not.include('4715');
      expect(textOf(card)).to.not.include('4715').and.not.include('deleted by its author');
      expect([team.ana, who].some((reader) => slack.sees(reader, '4715'))).to.equal(false);

      slack.edit(who, { channel, ts: secondTs }, '🟠 the mast is broken');
      await running.shows(card, '· the mast is broken', 'high');
      slack.say(team.ana, team.triage, 'Which mast?', { threadTs: card.ts });
      await hears(running, channel, ts, 'ana: Which mast?');
      slack.say(who, channel, 'The one in the yard', { threadTs: ts });
      await hears(running, team.triage, card.ts, 'bea: The one in the yard');
    });

    it('withdraw the request once the others are deleted too, in whatever order', async () => {
      const { slack, team } = running;
      for (const [name, isFirstFirst] of [
        ['gus', true],
        ['hal', false],
      ] as const) {
        const words = [`${name} 4716`, `${name} 4717`] as const;
        const { who, channel, ts, secondTs, card, id } = await askedInTwo(name, ...words);
        const order = isFirstFirst ? [ts, secondTs] : [secondTs, ts];
        slack.remove(who, { channel, ts: order[0]! });
        await running.settled();
        expect(await stored(running, id), name).to.deep.include({ state: 'new' });
        slack.remove(who, { channel, ts: order[1]! });
        await running.shows(card, 'withdrawn', '· deleted by its author');
        await running.settled();

        const request = await stored(running, id);
        expect(request.source, name).to.deep.include({ title: null, text: null, isDeleted: true });
        expect(await storedTexts(id), name).to.not.match(/471[67]/);
        expect(slack.sees(team.ana, `${name} 471`), name).to.equal(false);
      }
    });

    it('are told of again, and edits of them late, without bringing anything back', async () => {
      const { slack } = running;
      const { who, channel, ts, card, id } = await askedInTwo('ivo', 'hey 4718', 'the sail is torn');
      slack.edit(who, { channel, ts }, 'hey 4719');
      await running.shows(card, 'hey 4719');
      const edit = slack.deliveries().findLast((each) => {
        const told = JSON.stringify(each.payload);
        return told.includes('hey 4719') && told.includes('message_changed') && told.includes(ts);
      })!;
      slack.remove(who, { channel, ts });
      await running.shows(card, '· the sail is torn');
      const deletion = deletionOf(ts);
      await running.settled();
      const { version } = await stored(running, id);
      slack.again(deletion, 'new_event_id');
      await running.database.pool.query(`delete from inbox where key like 'deleted:%'`);
      slack.again(deletion, 'new_event_id');
      await running.settled();
      expect((await stored(running, id)).version).to.equal(version);
      slack.again(edit, 'new_event_id');
      await running.settled();

      expect((await stored(running, id)).source.text).to.equal('the sail is torn');
      expect(await storedTexts(id)).to.not.match(/471[89]/);
    });

    it('leave a conversation that nothing of ours opened yet to the thread of the next one', async () => {
      const { slack } = running;
      const who = slack.people.add({ name: 'jon' });
      const channel = slack.dmOf(who);
      slack.faultPlan(({ method, args }) =>
        method === 'chat.postMessage' && JSON.stringify(args).includes('Got it')
          ? { kind: 'rate_limited', retryAfter: 1 }
          : undefined,
      );
      const ts = slack.dm(who, 'hello 4720');
      const card = await running.cardOf('hello 4720');
      const secondTs = slack.dm(who, 'the rope is thin');
      await running.shows(card, 'the rope is thin');
      slack.remove(who, { channel, ts });
      await running.shows(card, '· the rope is thin');
      slack.faultPlan(undefined);
      await hears(running, channel, secondTs, 'Got it');
      await running.settled();

      slack.say(who, channel, 'and short', { threadTs: secondTs });
      await hears(running, running.team.triage, card.ts, 'jon: and short');
    });

    it('withdraw it as well when the only other one has become a request of its own', async () => {
      const { slack } = running;
      const { who, channel, ts, secondTs, card } = await askedInTwo('kit', 'hi 4721', 'the oar is lost');
      slack.remove(who, { channel, ts });
      await running.shows(card, '· the oar is lost');
      const line = await hears(running, channel, secondTs, 'Added to');
      await slack.press(who, { channel, ts: line.ts }, 'Make it a new request');
      await inState(running, card, 'withdrawn');
      const own = await slack.waitFor(
        () => running.cards().find((one) => one.ts !== card.ts && textOf(one).includes('the oar is lost')),
        'a card of its own',
      );

      expect((await requestOf(running, own)).source).to.deep.include({
        ts: secondTs,
        text: 'the oar is lost',
      });
    });
  });

  it('of the conversation take their copy with them, and are blank in what is stored', async () => {
    const { slack, team } = running;
    const first = slack.dm(team.uli, 'The stove smells');
    const card = await running.cardOf('The stove smells');
    const channel = slack.dmOf(team.uli);
    const ts = slack.say(team.uli, channel, 'flat 4714', { threadTs: first });
    await hears(running, team.triage, card.ts, 'uli: flat 4714');
    slack.remove(team.uli, { channel, ts });
    await slack.waitFor(() => !slack.sees(team.ana, '4714'), 'the copy to go');

    expect(await storedTexts(running.numberOf(card))).to.not.include('4714');
  });

  it('of ours that were copies are not brought back by an edit of the original', async () => {
    const { slack, team } = running;
    const first = slack.dm(team.uli, 'new The hob smells');
    const card = await running.cardOf('The hob smells');
    const ts = slack.say(team.ana, team.triage, 'Turn it of', { threadTs: card.ts });
    const copy = await hears(running, slack.dmOf(team.uli), first, 'ana: Turn it of');
    slack.removeAny({ channel: slack.dmOf(team.uli), ts: copy.ts });
    slack.edit(team.ana, { channel: team.triage.id, ts }, 'Turn it off');
    await running.settled();

    expect(said(running, slack.dmOf(team.uli), first).join()).to.not.include('Turn it');
  });

  it('that are no request’s change nothing', async () => {
    const { slack, team } = running;
    const chat = slack.channels.add({ name: 'chat', members: [team.uli] });
    const earlier = await requestsWith(running, '');
    const ts = slack.say(team.uli, chat, 'Forget it');
    slack.remove(team.uli, { channel: chat.id, ts });
    await running.settled();

    expect(await requestsWith(running, '')).to.have.length(earlier.length);
  });

  describe('that are cards', () => {
    /** Deletes the card, and waits until the daemon has noted it. */
    async function deleted(card: Message): Promise<number> {
      const id = running.numberOf(card);
      running.slack.removeAny({ channel: running.team.triage.id, ts: card.ts });
      await running.settled();
      expect((await stored(running, id)).card).to.equal(null);
      expect(cardsOf(id), 'nothing before the next change').to.deep.equal([]);
      return id;
    }

    it('are posted anew at the next change, once, and edited in place from then on', async () => {
      const { slack, team } = running;
      const { card } = await asked('Shelf is bent');
      const id = await deleted(card);
      await slack.slash(team.ana, team.triage, '/triage', `claim #${id}`);
      await slack.slash(team.ana, team.triage, '/triage', `priority #${id} high`);
      await slack.waitFor(() => cardsOf(id).some((one) => textOf(one).includes('high')), 'a new card');
      await slack.slash(team.ana, team.triage, '/triage', `resolve #${id}`);
      await running.settled();

      expect(cardsOf(id)).to.have.length(1);
      expect(textOf(cardsOf(id)[0]!))
        .to.include('resolved')
        .and.include('Shelf is bent');
      expect(
        slack.messages(team.triage).filter((one) => textOf(one).includes('Shelf is bent')),
      ).to.have.length(1);
    });

    it('take buttons and reactions again on the new one', async () => {
      const { slack, team } = running;
      const { ref, card } = await asked('Rack is bent');
      const id = await deleted(card);
      slack.edit(team.uli, ref, 'Rack is very bent');
      const anew = await slack.waitFor(() => cardsOf(id)[0], 'a new card');
      slack.react(team.ben, { channel: team.triage.id, ts: anew.ts }, 'eyes');

      expect((await inState(running, anew, 'in_progress')).owner).to.equal(team.ben.id);
    });

    it('with replies beneath them are posted anew once too, and the conversation goes on under the new one', async () => {
      const { slack, team } = running;
      const first = slack.dm(team.uli, 'new The lid is bent');
      const card = await running.cardOf('The lid is bent');
      await hears(running, team.triage, card.ts, 'goes to uli by DM');
      const id = await deleted(card);
      slack.say(team.uli, slack.dmOf(team.uli), 'at one side', { threadTs: first });
      const anew = await slack.waitFor(() => cardsOf(id)[0], 'a new card');
      await hears(running, team.triage, anew.ts, 'uli: at one side');
      slack.say(team.ben, team.triage, 'Which side?', { threadTs: anew.ts });
      await hears(running, slack.dmOf(team.uli), first, 'ben: Which side?');
      await running.settled();

      expect(cardsOf(id)).to.have.length(1);
      expect(
        said(running, team.triage, anew.ts).filter((line) => line.includes('goes to uli by DM')),
      ).to.have.length(1);
    });

    it('are posted anew only once when the daemon learns of it by its own edit', async () => {
      const { slack, team } = running;
      const { card } = await asked('Beam is bent');
      const id = running.numberOf(card);
      await running.settled();
      await slack.slash(team.ana, team.triage, '/triage', `claim #${id}`);
      slack.removeAny({ channel: team.triage.id, ts: card.ts });
      await slack.slash(team.ana, team.triage, '/triage', `priority #${id} low`);
      await slack.waitFor(() => cardsOf(id).some((one) => textOf(one).includes('low')), 'a new card');
      await running.settled();

      expect(cardsOf(id)).to.have.length(1);
      expect((await stored(running, id)).card?.ts).to.equal(cardsOf(id)[0]?.ts);
    });

    it('are posted anew once when they went while the daemon was away', async () => {
      const { slack, team } = running;
      const { ref, card } = await asked('Pole is bent');
      const id = running.numberOf(card);
      await running.settled();
      await running.app().stop();
      slack.removeAny({ channel: team.triage.id, ts: card.ts });
      slack.edit(team.uli, ref, 'Pole is very bent');
      await running.restart();
      await slack.waitFor(() => cardsOf(id).some((one) => textOf(one).includes('very bent')), 'a new card');
      await running.settled();

      expect(cardsOf(id)).to.have.length(1);
    });
  });
});
