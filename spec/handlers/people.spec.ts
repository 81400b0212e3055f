import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { withTransaction } from '../../src/store/transaction.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { inState, requestOf, stored } from '../support/stored.ts';
import { waitFor } from '../support/wait-for.ts';
import type { LocalSlack } from '../workspace/local-slack.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Channel, Message, Where, Who } from '../workspace/wire.ts';

type Person = ReturnType<LocalSlack['people']['add']>;

describe('people who leave', () => {
  let running: RunningApp;
  let triageHr: Channel;

  before(async () => {
    running = await runningApp({
      moreQueues: '  - { name: hr, triage_channel: "#triage-hr", rotation: ["@lea"] }',
      before: (slack, { lea }) => {
        triageHr = slack.channels.add({ name: 'triage-hr', isPrivate: true, members: [lea] });
      },
    });
  });

  after(() => running.stop());

  /** A responder who is new here. */
  function responder(name: string, ...more: readonly Channel[]): Person {
    const { slack, team } = running;
    const person = slack.people.add({ name });
    for (const channel of [team.triage, ...more]) slack.join(person, channel);
    return person;
  }

  async function asked(text: string): Promise<Message> {
    running.slack.say(running.team.uli, running.team.help, text);
    return running.cardOf(text);
  }

  async function taken(who: Who, text: string): Promise<Message> {
    const card = await asked(text);
    await running.press(who, card, 'Take it');
    await inState(running, card, 'in_progress');
    await running.shows(card, 'in progress');
    return card;
  }

  /** The lines that say who can no longer respond. */
  const lines = (where: Where, name: string): readonly string[] =>
    running.slack
      .messages(where)
      .map((message) => textOf(message))
      .filter((text) => text.startsWith(`${name} can no longer respond here`));

  const number = (card: Message): string => `*#${running.numberOf(card)}*`;

  it('the triage channel lose what they own, said in one line there; who has left is named, not mentioned', async () => {
    const { slack, team } = running;
    const gus = responder('gus');
    const first = await taken(gus, 'Slide is wet');
    const second = await taken(gus, 'Swing is wet');
    await running.press(gus, second, 'Waiting for asker');
    await inState(running, second, 'waiting');
    const third = await asked('Seesaw is wet');
    await slack.slash(gus, team.triage, '/triage', `hold #${running.numberOf(third)} until in 3h rain`);
    await inState(running, third, 'on_hold');
    slack.leave(gus, team.triage);

    await slack.waitFor(() => lines(team.triage, 'gus').length > 0, 'the line');
    await running.shows(first, '*Status*\nnew', 'nobody yet');
    await running.settled();
    expect(lines(team.triage, 'gus')).to.deep.equal([
      `gus can no longer respond here: ${number(first)}, ${number(second)}, ${number(third)} need new owners.`,
    ]);
    expect(await requestOf(running, first)).to.deep.include({ state: 'new', owner: null });
    expect(await requestOf(running, second)).to.deep.include({ state: 'waiting', owner: null });
    const held = await requestOf(running, third);
    expect(held).to.deep.include({ state: 'on_hold', owner: null });
    expect(held.hold?.reason).to.equal('rain');
  });

  it('can take nothing any more, and everything again once they are back', async () => {
    const { slack, team } = running;
    const ivo = responder('ivo');
    slack.join(ivo, team.help);
    const card = await asked('Ladder is wet');
    slack.leave(ivo, team.triage);
    await running.settled();
    await slack.slash(ivo, team.help, '/triage', `claim #${running.numberOf(card)}`);
    await slack.waitFor(
      () => slack.ephemerals(ivo).some((one) => textOf(one).includes('There is no request')),
      'a refusal',
    );
    slack.join(ivo, team.triage);
    await running.settled();
    await slack.slash(ivo, team.help, '/triage', `claim #${running.numberOf(card)}`);

    expect((await inState(running, card, 'in_progress')).owner).to.equal(ivo.id);
  });

  it('a channel that is no triage channel lose nothing', async () => {
    const { slack, team } = running;
    const ned = responder('ned');
    slack.join(ned, team.help);
    const card = await taken(ned, 'Bench is wet');
    slack.leave(ned, team.help);
    await running.settled();

    expect(await requestOf(running, card)).to.deep.include({ state: 'in_progress', owner: ned.id });
    expect(lines(team.triage, 'ned')).to.deep.equal([]);
  });

  it('with nothing of their own are not spoken of', async () => {
    const { slack, team } = running;
    const roy = responder('roy');
    slack.leave(roy, team.triage);
    const ray = responder('ray');
    slack.deactivate(ray);
    await running.settled();

    expect([...lines(team.triage, 'roy'), ...lines(team.triage, 'ray')]).to.deep.equal([]);
  });

  it('the workspace lose what they own in every queue, said once in each', async () => {
    const { slack, team } = running;
    const sam = responder('sam', triageHr);
    const here = await taken(sam, 'Kerb is wet');
    const there = await taken(sam, 'Kerb pay is wet');
    const id = running.numberOf(there);
    await slack.slash(sam, team.triage, '/triage', `move #${id} hr`);
    await slack.waitFor(
      () => slack.messages(triageHr).some((one) => textOf(one).includes('Kerb pay is wet')),
      'the card there',
    );
    expect((await stored(running, id)).owner).to.equal(sam.id);
    slack.deactivate(sam);
    await slack.waitFor(
      () => lines(team.triage, 'sam').length + lines(triageHr, 'sam').length >= 2,
      'both lines',
    );
    await running.settled();

    expect(lines(team.triage, 'sam')).to.have.length(1);
    expect(lines(team.triage, 'sam')[0]).to.include(`here: ${number(here)} needs a new owner.`);
    expect(lines(triageHr, 'sam')).to.have.length(1);
    expect(lines(triageHr, 'sam')[0]).to.include(`here: *#${id}* needs a new owner.`);
    expect(await stored(running, id)).to.deep.include({ state: 'new', owner: null, queue: 'hr' });
  });

  it('lose one queue’s only when they leave one queue’s channel', async () => {
    const { slack, team } = running;
    const tea = responder('tea', triageHr);
    const here = await taken(tea, 'Path is wet');
    slack.leave(tea, triageHr);
    await running.settled();

    expect((await requestOf(running, here)).owner).to.equal(tea.id);
    slack.leave(tea, team.triage);
    await inState(running, here, 'new');
  });

  it('lose a resolved request without a word: nobody has to act', async () => {
    const { slack, team } = running;
    const udo = responder('udo');
    const card = await taken(udo, 'Grass is wet');
    await running.press(udo, card, 'Resolve');
    await inState(running, card, 'resolved');
    slack.leave(udo, team.triage);
    await running.settled();

    expect(await requestOf(running, card)).to.deep.include({ state: 'resolved', owner: null });
    expect(lines(team.triage, 'udo')).to.deep.equal([]);
  });

  it('are spoken of once, however they leave and however often Slack says so', async () => {
    const { slack, team } = running;
    const vic = responder('vic');
    await taken(vic, 'Sand is wet');
    slack.leave(vic, team.triage);
    await slack.waitFor(() => lines(team.triage, 'vic').length > 0, 'the line');
    slack.deactivate(vic);
    const told = slack.deliveries().findLast((each) => JSON.stringify(each.payload).includes('user_change'))!;
    slack.again(told, 'new_event_id');
    slack.again(told, 'retry');
    await running.settled();

    expect(lines(team.triage, 'vic')).to.have.length(1);
  });

  it('do not lose what somebody else has got at that moment', async () => {
    const { slack, team, database } = running;
    const yan = responder('yan');
    const card = await taken(yan, 'Porch is wet');
    await running.settled();
    await withTransaction(database.pool, async (tx) => {
      await tx.query('update requests set owner = $2 where id = $1', [running.numberOf(card), team.ben.id]);
      slack.leave(yan, team.triage);
      await waitFor(async () => {
        const { rows } = await database.pool.query<{ n: number }>(
          'select count(*) as n from pg_locks where not granted',
        );
        return rows[0]?.n === 1;
      }, 'the loss to wait for the request');
    });
    await running.settled();

    expect(await requestOf(running, card)).to.deep.include({ state: 'in_progress', owner: team.ben.id });
    expect(lines(team.triage, 'yan')).to.deep.equal([]);
  });

  it('are not those who only change their name: that stands on the card from its next change on', async () => {
    const { slack, team } = running;
    const wim = responder('wim');
    const card = await taken(wim, 'Mud is wet');
    slack.people.change(wim, { displayName: 'willem' });
    await running.settled();
    await slack.slash(wim, team.triage, '/triage', `priority #${running.numberOf(card)} high`);
    await running.shows(card, '*Owner*\nwillem', 'high');

    expect((await requestOf(running, card)).owner).to.equal(wim.id);
    expect(lines(team.triage, 'wim')).to.deep.equal([]);
  });
});
