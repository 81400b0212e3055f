import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { age, requestsWith } from '../support/stored.ts';
import { type Asked, read, type Typing, typing } from '../support/typing.ts';
import { waitFor } from '../support/wait-for.ts';
import type { Channel, Message } from '../workspace/wire.ts';

describe('@triage in a thread', () => {
  let running: RunningApp;
  let typed: Typing;
  let lounge: Channel;

  before(async () => {
    running = await runningApp({
      before: (slack, { uli, ana, zoe }) => {
        lounge = slack.channels.add({ name: 'lounge', members: [uli, ana, zoe] });
      },
    });
    typed = typing(running);
  });
  after(() => running.stop());
  afterEach(() => expect(running.slack.complaints()).to.deep.equal([]));

  const cardsWith = (words: string): readonly Message[] =>
    running.cards().filter((card) => read(card).includes(words));

  async function close({ id, ts, card }: Asked): Promise<void> {
    const { slack, team } = running;
    await typed.slash(team.ana, `resolve #${id}`);
    const question = await slack.waitFor(
      () => slack.thread(team.help, ts).find((one) => read(one).includes('Does it work?')),
      'the asker to be asked',
    );
    await slack.press(team.uli, { channel: team.help.id, ts: question.ts }, 'It works');
    await running.shows(card, 'closed');
    await running.settled();
  }

  const notesOf = async (id: number): Promise<readonly string[]> => {
    const { rows } = await running.database.pool.query<{ body: string }>(
      `select body from messages where request_id = $1 and role = 'note' order by ts`,
      [id],
    );
    return rows.map(({ body }) => body.replace(/<@\w+>\s*/, ''));
  };

  it('makes the thread’s first message the request of its author, and is itself a note', async () => {
    const { slack, team } = running;
    const root = slack.say(team.uli, lounge, 'The sofa has a hole');
    typed.sayTo(team.zoe, lounge, 'somebody should look at it', root);

    const card = await running.cardOf('The sofa has a hole');
    await running.settled();

    expect(read(card)).to.include('uli').and.to.include('nobody yet').and.to.not.include('somebody should');
    expect(cardsWith('somebody should look')).to.deep.equal([]);
    expect(await notesOf(running.numberOf(card))).to.deep.equal(['somebody should look at it']);
    expect(typed.threadText(lounge, root)).to.include(`*#${running.numberOf(card)}*`);
  });

  it('takes nothing by the mention that makes it a request, though a responder wrote it', async () => {
    const { slack, team } = running;
    const root = slack.say(team.uli, lounge, 'The carpet is wet');
    typed.sayTo(team.ana, lounge, 'this is one for us', root);

    const card = await running.cardOf('The carpet is wet');
    await running.settled();

    expect(read(card)).to.include('nobody yet');
    expect(await notesOf(running.numberOf(card))).to.deep.equal(['this is one for us']);
  });

  it('is the request itself where the first message is gone, or is a line of ours', async () => {
    const { slack, team } = running;
    const gone = slack.say(team.uli, lounge, 'Never mind');
    slack.say(team.zoe, lounge, 'what was it?', { threadTs: gone });
    slack.remove(team.uli, { channel: lounge.id, ts: gone });
    typed.sayTo(team.zoe, lounge, 'the heater is cold', gone);
    const card = await running.cardOf('the heater is cold');
    expect(read(card)).to.include('zoe');

    await running.press(team.ana, card, 'Take it');
    await running.shows(card, 'in progress', 'ana');
    slack.leave(team.ana, team.triage);
    const line = await slack.waitFor(
      () => slack.messages(team.triage).find((one) => read(one).includes('can no longer respond here')),
      'our line',
    );
    typed.sayTo(team.ben, team.triage, 'the rota needs somebody new', line.ts);

    expect(read(await running.cardOf('the rota needs somebody new'))).to.include('ben');
    expect(await requestsWith(running, 'can no longer respond')).to.deep.equal([]);
    slack.join(team.ana, team.triage);
    await running.settled();
  });

  it('makes one request of a first message however many mention it', async () => {
    const { slack, team } = running;
    const root = slack.say(team.uli, lounge, 'The kicker has no ball');
    typed.sayTo(team.zoe, lounge, 'can you help?', root);
    typed.sayTo(team.uli, lounge, 'and quickly?', root);

    const card = await running.cardOf('The kicker has no ball');
    await running.settled();

    expect(cardsWith('The kicker has no ball')).to.have.length(1);
    expect(await notesOf(running.numberOf(card))).to.deep.equal(['can you help?', 'and quickly?']);
  });

  it('asks for whoever mentions it when an integration wrote the first message', async () => {
    const { slack, team } = running;
    const root = slack.say(team.uli, lounge, 'Disk 3 is full', { asBot: 'Monitor' });
    typed.sayTo(team.zoe, lounge, 'please take care of this', root);

    expect(read(await running.cardOf('Disk 3 is full'))).to.include('zoe');
  });

  it('is help when it says nothing, and a command with its number, also where no request is', async () => {
    const { slack, team } = running;
    const { id } = await typed.ask('The dart board is worn');
    const root = slack.say(team.uli, lounge, 'Lunch was good today');

    expect(await typed.mention(team.uli, lounge, '', root)).to.include('`show #n`');
    expect(await typed.mention(team.ana, lounge, `claim #${id}`, root)).to.equal(`You took #${id}.`);
    expect(await typed.mention(team.ana, lounge, 'config', root)).to.equal(
      '`config` is not in this version.',
    );

    await running.settled();
    expect(slack.ephemerals(team.ana).at(-1)?.thread_ts).to.equal(root);
    expect(cardsWith('Lunch was good')).to.deep.equal([]);
  });

  it('obeys commands without a number in the thread of a request', async () => {
    const { team } = running;
    const { id, ts, card } = await typed.ask('The juke box is stuck');

    expect(await typed.mention(team.ana, team.help, 'claim', ts)).to.equal(`You took #${id}.`);
    expect(await typed.mention(team.ana, team.help, 'hold until 2h the key is lost', ts)).to.equal(
      `You put #${id} on hold.`,
    );
    expect(await typed.mention(team.uli, team.help, 'priority low', ts)).to.equal(`You set #${id} to low.`);
    expect(await typed.mention(team.uli, team.help, 'resolve it plays again', ts)).to.equal(
      `You resolved #${id}.`,
    );

    await running.shows(card, 'resolved', '⚪', 'it plays again');
    expect(await notesOf(id)).to.deep.equal([]);
  });

  it('obeys there a command about another request by its number', async () => {
    const { team } = running;
    const here = await typed.ask('The piano is out of tune');
    const other = await typed.ask('The drum is flat');

    expect(await typed.mention(team.ana, team.help, `claim #${other.id}`, here.ts)).to.equal(
      `You took #${other.id}.`,
    );
    expect(await typed.mention(team.ana, team.help, `duplicate of #${other.id}`, here.ts)).to.equal(
      `You marked #${here.id} as a duplicate.`,
    );
  });

  it('obeys commands without a number under the card, and copies none to the asker', async () => {
    const { slack, team } = running;
    const { id, ts, card } = await typed.askByDm('My calendar is empty');
    const dm = slack.dmOf(team.uli);

    expect(await typed.mention(team.ana, team.triage, 'claim', card.ts)).to.equal(`You took #${id}.`);
    expect(await typed.mention(team.ana, team.triage, 'show', card.ts)).to.include('My calendar is empty');
    expect(await typed.mention(team.ana, team.triage, 'show clocks', card.ts)).to.include(
      'not in this version',
    );
    typed.sayTo(team.ana, team.triage, 'which calendar is it?', card.ts);

    await slack.waitFor(() => typed.threadText(dm, ts).includes('which calendar is it?'), 'the note');
    await running.settled();
    expect(typed.threadText(dm, ts)).to.not.match(/claim|show/);
  });

  it('keeps what is no command as a note of the request, `new TEXT` too', async () => {
    const { team } = running;
    const { id, ts, card } = await typed.ask('The fish look hungry');
    typed.sayTo(team.zoe, team.help, 'new food is in the cupboard', ts);
    typed.sayTo(team.zoe, team.help, 'clam would be good', ts);

    await waitFor(async () => (await notesOf(id)).length === 2, 'the notes');
    await running.settled();

    await running.shows(card, 'new', 'nobody yet');
    expect(cardsWith('food is in the cupboard')).to.deep.equal([]);
    expect(running.slack.ephemerals(team.zoe).map(read).join()).to.not.include('clam');
  });

  it('tells somebody who may not see the request of the thread so, with or without its number', async () => {
    const { team } = running;
    const { id, ts, card } = await typed.ask('The aquarium leaks');

    for (const command of ['show', `show #${id}`, 'resolve', 'withdraw']) {
      expect(await typed.mention(team.zoe, team.help, command, ts), command).to.equal(
        `There is no request #${id} that you may see.`,
      );
    }
    await running.settled();
    await running.shows(card, 'new');
  });

  it('makes a new request that continues the closed one of its thread, and takes it for the thread’s from then on', async () => {
    const { team } = running;
    const first = await typed.ask('The lamp flickers');
    await close(first);
    typed.sayTo(team.uli, team.help, 'the lamp flickers again', first.ts);

    const card = await running.cardOf('the lamp flickers again');
    const id = running.numberOf(card);
    await running.settled();

    expect(read(card)).to.include(`Continues *#${first.id}*`).and.to.include('uli').and.to.include('new');
    expect(await typed.mention(team.uli, team.help, 'show', first.ts)).to.include(`continues *#${first.id}*`);
    expect(await typed.mention(team.ana, team.help, 'claim', first.ts)).to.equal(`You took #${id}.`);
    typed.sayTo(team.uli, team.help, 'it is the one by the door', first.ts);
    await waitFor(async () => (await notesOf(id)).length === 1, 'the note');
    await running.shows(first.card, 'closed');
  });

  it('makes a new request of what is said after an end that can no longer be undone, and not before', async () => {
    const { team } = running;
    const first = await typed.ask('The curtain is torn');
    await typed.slash(team.ana, `decline #${first.id} it is art`);
    typed.sayTo(team.uli, team.help, 'I do not like this art', first.ts);
    await waitFor(async () => (await notesOf(first.id)).length === 1, 'the note');
    await age(running, first.id, 25 * 3_600_000);

    typed.sayTo(team.uli, team.help, 'the curtain fell down now', first.ts);

    expect(read(await running.cardOf('the curtain fell down now'))).to.include(`Continues *#${first.id}*`);
    expect(cardsWith('I do not like this art')).to.deep.equal([]);
  });

  it('stays a note under the card of a closed request', async () => {
    const { team } = running;
    const asked = await typed.ask('The clock ticks loudly');
    await close(asked);
    typed.sayTo(team.ana, team.triage, 'it was the battery', asked.card.ts);

    await waitFor(async () => (await notesOf(asked.id)).length === 1, 'the note');
    await running.settled();

    await running.shows(asked.card, 'closed');
    expect(cardsWith('it was the battery')).to.deep.equal([]);
  });
});
