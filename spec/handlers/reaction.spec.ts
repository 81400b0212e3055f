import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { age, cardsWith, hears, inState, requestOf, requestsWith, said } from '../support/stored.ts';
import type { LocalSlack } from '../workspace/local-slack.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Channel, Message, Who } from '../workspace/wire.ts';

const HOUR = 3_600_000;

type Person = ReturnType<LocalSlack['people']['add']>;
interface Ref {
  readonly channel: string;
  readonly ts: string;
}

describe('reactions', () => {
  let running: RunningApp;
  let chat: Channel;
  /** Of another workspace, and in the triage channel all the same. */
  let eva: Person;

  before(async () => {
    running = await runningApp({
      before: (slack, { uli, ana, ben, zoe, help, triage }) => {
        eva = slack.people.add({ name: 'eva', teamId: 'T0OTHER' });
        help.members.add(eva.id);
        help.members.add(ben.id);
        triage.members.add(eva.id);
        chat = slack.channels.add({ name: 'chat', members: [uli, ana, zoe] });
      },
    });
  });

  after(() => running.stop());

  async function asked(
    text: string,
  ): Promise<{ readonly source: Ref; readonly card: Message; readonly onCard: Ref }> {
    const { slack, team } = running;
    const ts = slack.say(team.uli, team.help, text);
    const card = await running.cardOf(text);
    const onCard = { channel: team.triage.id, ts: card.ts };
    return { source: { channel: team.help.id, ts }, card, onCard };
  }

  const react = (who: Who, ref: Ref, name: string): void => running.slack.react(who, ref, name);
  const unreact = (who: Who, ref: Ref, name: string): void => running.slack.unreact(who, ref, name);

  /** Waits until somebody has been told these words for their eyes only. */
  const told = (who: Who, words: string): Promise<Message | object> =>
    running.slack.waitFor(
      () => running.slack.ephemerals(who).find((one) => textOf(one).includes(words)),
      `somebody to be told "${words}"`,
    );

  describe('🎫', () => {
    it('makes any message a request of its author, whoever puts it there', async () => {
      const { slack, team } = running;
      const ts = slack.say(team.uli, chat, 'Bulb is dead');
      react(team.zoe, { channel: chat.id, ts }, 'ticket');
      react(team.ana, { channel: chat.id, ts }, 'ticket');

      const card = await running.cardOf('Bulb is dead');
      await running.settled();

      const request = await requestOf(running, card);
      expect(request.asker).to.equal(team.uli.id);
      expect(request.source).to.deep.include({ kind: 'reaction', channel: chat.id, ts });
      expect(cardsWith(running, 'Bulb is dead')).to.have.length(1);
    });

    it('captures a reply in a thread: the conversation is that thread', async () => {
      const { slack, team } = running;
      const root = slack.say(team.zoe, chat, 'How is everybody?');
      const ts = slack.say(team.uli, chat, 'My fan is dead', { threadTs: root });
      react(team.zoe, { channel: chat.id, ts }, 'ticket');

      const card = await running.cardOf('My fan is dead');
      await hears(running, chat, root, 'Got it');
      slack.say(team.ana, chat, 'I have another fan', { threadTs: root });

      const request = await inState(running, card, 'in_progress');
      expect(request.source).to.deep.include({ ts, threadTs: root });
      expect(request.owner).to.equal(team.ana.id);
    });

    it('captures another app’s message for whoever puts it there', async () => {
      const { slack, team } = running;
      const ts = slack.say(team.uli, team.help, 'Backup failed', { asBot: 'backup' });
      react(team.zoe, { channel: team.help.id, ts }, 'ticket');

      expect((await requestOf(running, await running.cardOf('Backup failed'))).asker).to.equal(team.zoe.id);
    });

    it('in the thread of an open request says which request it is, to whoever put it there alone', async () => {
      const { slack, team } = running;
      const { source, card } = await asked('Fuse is dead');
      const ts = slack.say(team.zoe, team.help, 'My fuse too', { threadTs: source.ts });
      react(team.zoe, { channel: team.help.id, ts }, 'ticket');
      await told(team.zoe, `This thread is #${running.numberOf(card)} already.`);
      await running.settled();

      expect(await requestsWith(running, 'My fuse too')).to.deep.equal([]);
    });

    it('on the source of an open request, or taken away again, changes nothing', async () => {
      const { team } = running;
      const { source, card } = await asked('Plug is dead');
      const { version } = await requestOf(running, card);
      react(team.zoe, source, 'ticket');
      unreact(team.zoe, source, 'ticket');
      await running.settled();

      expect(await requestOf(running, card)).to.deep.include({ version, state: 'new' });
    });

    it('in the thread of a request that has ended makes a linked one', async () => {
      const { slack, team } = running;
      const { source, card } = await asked('Cable is dead');
      await running.press(team.ana, card, 'Not a request');
      const { id } = await inState(running, card, 'not_request');
      await age(running, id, 25 * HOUR);
      const ts = slack.say(team.uli, team.help, 'Another cable is dead', { threadTs: source.ts });
      react(team.zoe, { channel: team.help.id, ts }, 'ticket');

      const request = await requestOf(running, await running.cardOf('Another cable is dead'));
      expect(request).to.deep.include({ continues: id, state: 'new', asker: team.uli.id });
      expect(request.source.ts).to.equal(ts);
    });

    it('talks in the author’s DM where the channel is out of the bot’s sight by then', async () => {
      const { slack, team } = running;
      const den = slack.channels.add({ name: 'den', members: [team.uli, team.zoe], isPrivate: true });
      const ts = slack.say(team.uli, den, 'Torch is dead');
      await running.settled();
      slack.failNext('conversations.info', { kind: 'error', error: 'channel_not_found' });
      react(team.zoe, { channel: den.id, ts }, 'ticket');

      const card = await running.cardOf('Torch is dead');
      await slack.waitFor(
        () =>
          slack
            .messages(slack.dmOf(team.uli))
            .some((one) => textOf(one).includes(`#${running.numberOf(card)}`)),
        'a reply in the DM',
      );
      expect((await requestOf(running, card)).source.isPrivate).to.equal(true);
      expect(said(running, den, ts)).to.deep.equal([]);
    });

    it('does nothing on the bot’s own messages, on joins, and on a message that is gone', async () => {
      const { slack, team } = running;
      const earlier = await requestsWith(running, '');
      const own = slack.say(slack.bot, team.help, 'I am the bot');
      react(team.zoe, { channel: team.help.id, ts: own }, 'ticket');
      slack.join(team.ben, chat);
      const joined = slack.messages(chat).at(-1)!;
      react(team.zoe, { channel: chat.id, ts: joined.ts }, 'ticket');
      const gone = slack.say(team.uli, chat, 'Never mind');
      react(team.zoe, { channel: chat.id, ts: gone }, 'ticket');
      slack.remove(team.uli, { channel: chat.id, ts: gone });
      await running.settled();

      expect(await requestsWith(running, '')).to.have.length(earlier.length);
    });
  });

  describe('👀', () => {
    for (const [where, name] of [
      ['source', 'eyes'],
      ['onCard', 'eyes'],
      ['source', 'eyes::skin-tone-2'],
      ['onCard', 'eyes::skin-tone-6'],
    ] as const) {
      it(`takes a request as :${name}: on its ${where === 'source' ? 'source' : 'card'}`, async () => {
        const { team } = running;
        const thing = await asked(`Dial ${where} ${name.length} is dead`);
        react(team.ben, thing[where], name);

        const request = await inState(running, thing.card, 'in_progress');
        expect(request).to.deep.include({ owner: team.ben.id, takenByReactionOf: team.ben.id });
      });
    }

    it('taken away by whoever took it gives it back; by others it does nothing', async () => {
      const { team } = running;
      const { source, card } = await asked('Horn is dead');
      react(team.ana, source, 'eyes');
      await inState(running, card, 'in_progress');
      react(team.zoe, source, 'eyes');
      await told(team.zoe, 'Only the responders');
      unreact(team.zoe, source, 'eyes');
      await running.settled();
      expect((await requestOf(running, card)).owner).to.equal(team.ana.id);

      unreact(team.ana, source, 'eyes');

      expect((await inState(running, card, 'new')).owner).to.equal(null);
    });

    it('taken away does nothing where a button made the owner', async () => {
      const { team } = running;
      const { source, card } = await asked('Buzzer is dead');
      await running.press(team.ana, card, 'Take it');
      await inState(running, card, 'in_progress');
      react(team.ana, source, 'eyes');
      await told(team.ana, 'is yours already');
      unreact(team.ana, source, 'eyes');
      await running.settled();

      expect(await requestOf(running, card)).to.deep.include({ state: 'in_progress', owner: team.ana.id });
    });

    it('of a second responder is answered with who has it, and of a third party with who may', async () => {
      const { team } = running;
      const { source, card, onCard } = await asked('Siren is dead');
      react(team.ana, onCard, 'eyes');
      await inState(running, card, 'in_progress');
      const number = `#${running.numberOf(card)}`;
      react(team.ben, onCard, 'eyes');
      react(team.zoe, source, 'eyes');

      await told(team.ben, `ana has ${number} already`);
      const answer = await told(team.zoe, `Only the responders of ${number}'s queue`);
      expect(answer).to.have.property('thread_ts', source.ts);
    });

    it('of two responders at once takes it for one, and tells the other who', async () => {
      const { slack, team } = running;
      const { source, card, onCard } = await asked('Alarm is dead');
      react(team.ben, onCard, 'eyes');
      react(team.ana, source, 'eyes');

      const { owner } = await inState(running, card, 'in_progress');
      const [won, lost] = owner === team.ana.id ? [team.ana, team.ben] : [team.ben, team.ana];
      await told(lost, `${won.name} has #${running.numberOf(card)} already`);
      await running.settled();
      expect(slack.ephemerals(won).filter((one) => textOf(one).includes(`#${running.numberOf(card)} `))).to.be
        .empty;
    });

    it('of people of other workspaces never takes, though they are in the triage channel, and says why', async () => {
      const { team } = running;
      const { source, card, onCard } = await asked('Gong is dead');
      react(eva, source, 'eyes');
      await told(eva, `Only the responders of #${running.numberOf(card)}'s queue`);
      react(eva, onCard, 'eyes');
      running.slack.say(eva, team.help, 'I could do it', { threadTs: source.ts });
      await running.settled();

      expect(await requestOf(running, card)).to.deep.include({ state: 'new', owner: null, answeredAt: null });
    });

    it('that the bot itself puts somewhere, or on no request, does nothing', async () => {
      const { slack, team } = running;
      const { source, card } = await asked('Radio is dead');
      react(slack.bot, source, 'eyes');
      const ts = slack.say(team.uli, chat, 'Look at this');
      react(team.ana, { channel: chat.id, ts }, 'eyes');
      await running.settled();
      react(team.zoe, { channel: chat.id, ts }, 'ticket');
      const later = await running.cardOf('Look at this');
      await running.settled();

      expect((await requestOf(running, card)).state).to.equal('new');
      expect((await requestOf(running, later)).state).to.equal('new');
    });
  });

  describe('✅', () => {
    for (const name of ['white_check_mark', 'heavy_check_mark', 'white_check_mark::skin-tone-3']) {
      it(`resolves a request as :${name}:, and says so once`, async () => {
        const { slack, team } = running;
        const { source, card } = await asked(`Done by ${name}`);
        react(team.ana, source, name);

        const { owner } = await inState(running, card, 'resolved');
        await hears(running, team.help, source.ts, 'Without a word from you it closes in');
        await running.settled();
        expect(owner).to.equal(team.ana.id);
        const lines = said(running, team.help, source.ts);
        expect(lines.filter((line) => line.includes('ana resolved'))).to.have.length(1);
        expect(slack.complaints()).to.deep.equal([]);
      });
    }

    it('of the asker resolves it too; of a third party it is refused with the reason', async () => {
      const { team } = running;
      const { source, card } = await asked('Knob is dead');
      react(team.zoe, source, 'white_check_mark');
      await told(team.zoe, 'Only the person who asked');
      react(team.uli, source, 'white_check_mark');

      expect((await inState(running, card, 'resolved')).resolution?.by).to.equal(team.uli.id);
    });

    it('taken away by whoever resolved it goes back to the state before; by others it does nothing', async () => {
      const { team } = running;
      const { source, card } = await asked('Lever is dead');
      await running.press(team.ana, card, 'Take it');
      await running.shows(card, 'in progress');
      await running.press(team.ana, card, 'Waiting for asker');
      await inState(running, card, 'waiting');
      react(team.ben, source, 'white_check_mark');
      await inState(running, card, 'resolved');
      react(team.ana, source, 'white_check_mark');
      await told(team.ana, 'is resolved already');
      unreact(team.ana, source, 'white_check_mark');
      await running.settled();
      expect((await requestOf(running, card)).state).to.equal('resolved');

      unreact(team.ben, source, 'white_check_mark');

      expect(await inState(running, card, 'waiting')).to.deep.include({
        owner: team.ana.id,
        resolution: null,
      });
    });

    it('taken away does nothing once the state has changed since', async () => {
      const { slack, team } = running;
      const { source, card } = await asked('Pedal is dead');
      react(team.ana, source, 'white_check_mark');
      await inState(running, card, 'resolved');
      slack.say(team.uli, team.help, 'No, still dead', { threadTs: source.ts });
      const again = await inState(running, card, 'in_progress');
      unreact(team.ana, source, 'white_check_mark');
      await running.settled();

      expect(await requestOf(running, card)).to.deep.include({
        state: 'in_progress',
        version: again.version,
      });
    });
  });

  it('on a DM are answered in the DM, where nobody else reads', async () => {
    const { slack, team } = running;
    const ts = slack.dm(team.zoe, 'Switch is dead');
    const card = await running.cardOf('Switch is dead');
    const channel = slack.dmOf(team.zoe);
    react(team.zoe, { channel, ts }, 'eyes');
    await hears(running, channel, ts, `Only the responders of #${running.numberOf(card)}'s queue`);
    react(team.zoe, { channel, ts }, 'white_check_mark');

    expect((await inState(running, card, 'resolved')).resolution?.by).to.equal(team.zoe.id);
    expect(slack.ephemerals(team.zoe).filter((one) => one.channel === channel)).to.deep.equal([]);
  });

  it('without a meaning do nothing', async () => {
    const { team } = running;
    const { source, card } = await asked('Wheel is dead');
    const { version } = await requestOf(running, card);
    for (const name of ['thumbsup', 'eyeglasses', 'x']) react(team.ana, source, name);
    await running.settled();

    expect((await requestOf(running, card)).version).to.equal(version);
  });
});
