import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { age, cardsWith, hears, inState, requestOf, requestsWith, said } from '../support/stored.ts';
import type { LocalSlack } from '../workspace/local-slack.ts';
import { textOf } from '../workspace/text-of.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Person = ReturnType<LocalSlack['people']['add']>;

describe('DMs to the bot', () => {
  let running: RunningApp;

  before(async () => {
    running = await runningApp();
  });

  after(() => running.stop());

  /** Everybody here begins without any request, so that nothing is added to an earlier one. */
  const somebody = (name: string): Person => running.slack.people.add({ name });

  /** Somebody writes, that long ago. */
  const wrote = (who: Person, text: string, agoMs = 0): string =>
    running.slack.dm(who, text, agoMs === 0 ? {} : { ts: ((Date.now() - agoMs) / 1000).toFixed(6) });

  const linesTo = (who: Person): readonly string[] =>
    running.slack
      .messages(running.slack.dmOf(who))
      .filter(({ user }) => user === running.slack.botUserId)
      .map((message) => textOf(message));

  it('are requests each: one card, and one reply in the thread under the DM', async () => {
    const { slack } = running;
    const kim = somebody('kim');
    const ts = wrote(kim, '🔴 Kettle is on fire');

    const card = await running.cardOf('Kettle is on fire');
    await hears(running, slack.dmOf(kim), ts, 'Got it');
    await running.settled();

    const request = await requestOf(running, card);
    expect(request).to.deep.include({ asker: kim.id, priority: 'urgent', queue: 'it', state: 'new' });
    expect(request.source).to.deep.include({ kind: 'dm', isPrivate: true, text: 'Kettle is on fire' });
    expect(textOf(card)).to.include('DM');
    expect(said(running, slack.dmOf(kim), ts)).to.have.length(1);
    expect(cardsWith(running, 'Kettle is on fire')).to.have.length(1);
  });

  it('of files without a word are requests called by their file', async () => {
    running.slack.dm(somebody('pia'), '', { files: [{ name: 'crash.mov', size: 900 }] });

    const card = await running.cardOf('crash.mov');

    expect(textOf(card)).to.include('crash.mov (900 B, mov)');
    expect(JSON.stringify(card.blocks)).to.not.include('http');
  });

  it('within five minutes of one that nobody has yet are added to it, which is said, and can become their own', async () => {
    const { slack } = running;
    const kai = somebody('kai');
    wrote(kai, 'Lamp is dim', 8 * MINUTE);
    const first = await running.cardOf('Lamp is dim');
    wrote(kai, 'the one by the door', 4 * MINUTE);
    await running.shows(first, 'Lamp is dim', 'the one by the door');
    const ts = wrote(kai, 'and the door creaks');
    await running.shows(first, 'by the door', 'and the door creaks');
    const id = running.numberOf(first);
    const line = await hears(running, slack.dmOf(kai), ts, `Added to *#${id}*`);

    await slack.press(kai, { channel: slack.dmOf(kai), ts: line.ts }, 'Make it a new request');
    const own = await slack.waitFor(
      () => cardsWith(running, 'and the door creaks').find((card) => card.ts !== first.ts),
      'a card of its own',
    );
    await running.settled();

    expect(textOf(running.cards().find((card) => card.ts === first.ts)!)).to.not.include('creaks');
    expect((await requestOf(running, first)).source.text).to.equal('Lamp is dim\nthe one by the door');
    expect((await requestOf(running, own)).source).to.deep.include({ ts, text: 'and the door creaks' });
  });

  it('more than five minutes after the last are requests of their own', async () => {
    const nia = somebody('nia');
    wrote(nia, 'Sink is full', 6 * MINUTE);
    await running.cardOf('Sink is full');
    wrote(nia, 'Bath is full');
    await running.cardOf('Bath is full');

    expect((await requestsWith(running, 'Sink is full'))[0]?.source.text).to.equal('Sink is full');
  });

  it('are requests of their own once somebody has the last one, and when they say `new`', async () => {
    const { team } = running;
    const tom = somebody('tom');
    wrote(tom, 'Gate is open');
    const gate = await running.cardOf('Gate is open');
    await running.press(team.ana, gate, 'Take it');
    await inState(running, gate, 'in_progress');
    wrote(tom, 'Fence is open');
    const fence = await running.cardOf('Fence is open');
    wrote(tom, 'new barn is open');
    const barn = await running.cardOf('new barn is open');

    const numbers = [gate, fence, barn].map((card) => running.numberOf(card));
    expect(new Set(numbers).size).to.equal(3);
    expect((await requestOf(running, barn)).source.text).to.equal('new barn is open');
  });

  it('answer the one request that waits for its asker, and say which', async () => {
    const { slack, team } = running;
    const eli = somebody('eli');
    const first = wrote(eli, 'Hinge is loose');
    const hinge = await running.cardOf('Hinge is loose');
    await running.press(team.ana, hinge, 'Take it');
    await inState(running, hinge, 'in_progress');
    await running.shows(hinge, 'in progress');
    await running.press(team.ana, hinge, 'Waiting for asker');
    await inState(running, hinge, 'waiting');
    await hears(running, slack.dmOf(eli), first, 'needs an answer from you');
    const ts = wrote(eli, 'The upper hinge');

    await inState(running, hinge, 'in_progress');
    await hears(running, slack.dmOf(eli), ts, `Added to *#${running.numberOf(hinge)}*`);
    await hears(running, team.triage, hinge.ts, 'eli: The upper hinge');
    expect(cardsWith(running, 'upper hinge')).to.deep.equal([]);
  });

  it('are new requests while two wait, for nobody can tell which they answer', async () => {
    const { team } = running;
    const ida = somebody('ida');
    for (const text of ['Hose leaks', 'Pipe leaks']) {
      wrote(ida, text);
      await running.press(team.ana, await running.cardOf(text), 'Take it');
      await running.shows(await running.cardOf(text), 'in progress');
    }
    for (const text of ['Hose leaks', 'Pipe leaks']) {
      const card = await running.cardOf(text);
      await running.press(team.ana, card, 'Waiting for asker');
      await inState(running, card, 'waiting');
    }
    wrote(ida, 'The green one');

    expect((await requestOf(running, await running.cardOf('The green one'))).state).to.equal('new');
  });

  it('are added once, however often Slack tells of them', async () => {
    const { slack } = running;
    const ole = somebody('ole');
    wrote(ole, 'Drum is flat');
    const card = await running.cardOf('Drum is flat');
    wrote(ole, 'the bass drum');
    await running.shows(card, 'the bass drum');
    const told = slack.deliveries().find((each) => JSON.stringify(each.payload).includes('the bass drum'))!;
    for (const how of ['same_envelope', 'retry', 'new_event_id'] as const) slack.again(told, how);
    await running.settled();

    expect((await requestOf(running, card)).source.text).to.equal('Drum is flat\nthe bass drum');
    expect(linesTo(ole).filter((line) => line.includes('Added to'))).to.have.length(1);
  });

  it('follow the edits of every part that was added', async () => {
    const { slack } = running;
    const lou = somebody('lou');
    const first = wrote(lou, 'Bell is lout');
    const card = await running.cardOf('Bell is lout');
    const second = wrote(lou, 'vry');
    await running.shows(card, 'vry');
    const channel = slack.dmOf(lou);
    slack.edit(lou, { channel, ts: first }, '🟠 Bell is loud');
    slack.edit(lou, { channel, ts: second }, 'very');
    await running.shows(card, 'Bell is loud', 'very', 'high');

    slack.remove(lou, { channel, ts: second });
    await running.settled();

    expect((await requestOf(running, card)).source.text).to.equal('Bell is loud');
    expect(textOf(card)).to.not.include('very');
  });

  it('that are commands are answered in the DM, and are no requests', async () => {
    const { slack } = running;
    const ulf = somebody('ulf');
    wrote(ulf, 'status');
    await slack.waitFor(() => linesTo(ulf).some((line) => line.includes('no open requests')), 'a status');
    wrote(ulf, 'Help');
    await slack.waitFor(
      () => linesTo(ulf).some((line) => line.includes('To ask: write me a DM')),
      'the help',
    );
    wrote(ulf, 'away until friday');
    await slack.waitFor(() => linesTo(ulf).some((line) => line.includes('not in this version')), 'a refusal');
    await running.settled();

    expect(slack.ephemerals(ulf)).to.deep.equal([]);
    expect((await requestsWith(running, '')).filter(({ asker }) => asker === ulf.id)).to.deep.equal([]);
  });

  it('that only begin like a command are requests', async () => {
    wrote(somebody('pat'), 'resolve the queue at the lift please');

    expect((await requestOf(running, await running.cardOf('resolve the queue at the lift'))).state).to.equal(
      'new',
    );
  });

  it('in the thread are conversation, but one bare verb is a command', async () => {
    const { slack, team } = running;
    const jan = somebody('jan');
    const ts = wrote(jan, 'Stairs are slippery');
    const card = await running.cardOf('Stairs are slippery');
    const channel = slack.dmOf(jan);
    slack.say(jan, channel, 'withdraw it if it dries', { threadTs: ts });
    await hears(running, team.triage, card.ts, 'jan: withdraw it if it dries');
    slack.say(jan, channel, `<@${slack.botUserId}> dry by noon`, { threadTs: ts, isEscaped: true });
    await hears(running, team.triage, card.ts, 'dry by noon');
    slack.say(jan, channel, `<@${slack.botUserId}> back`, { threadTs: ts, isEscaped: true });
    await hears(running, channel, ts, '`back` is not in this version');
    slack.say(jan, channel, 'withdraw', { threadTs: ts });
    await inState(running, card, 'withdrawn');
    await running.settled();

    expect(said(running, channel, ts).at(-1)).to.include('You withdrew');
    expect(said(running, team.triage, card.ts)).to.have.length(3);
  });

  it('in the thread of a request that has ended make a new one that continues it', async () => {
    const { slack, team } = running;
    const ari = somebody('ari');
    const ts = wrote(ari, 'Roof drips');
    const card = await running.cardOf('Roof drips');
    await running.press(team.ana, card, 'Not a request');
    const { id } = await inState(running, card, 'not_request');
    const channel = slack.dmOf(ari);
    slack.say(ari, channel, 'It does drip', { threadTs: ts });
    await hears(running, team.triage, card.ts, 'ari: It does drip');

    await age(running, id, 25 * HOUR);
    const again = slack.say(ari, channel, 'And again', { threadTs: ts });
    const next = await running.cardOf('And again');

    expect(await requestOf(running, next)).to.deep.include({ continues: id, state: 'new', asker: ari.id });
    expect((await requestOf(running, next)).source.ts).to.equal(again);
    slack.say(ari, channel, 'From the left', { threadTs: ts });
    await hears(running, team.triage, next.ts, 'ari: From the left');
  });

  it('in the thread of a command are requests', async () => {
    const { slack } = running;
    const max = somebody('max');
    const ts = wrote(max, 'help');
    await slack.waitFor(() => linesTo(max).length > 0, 'the help');
    slack.say(max, slack.dmOf(max), 'And my laptop is broken', { threadTs: ts });

    expect(textOf(await running.cardOf('And my laptop is broken'))).to.include('max');
    const bare = wrote(max, '@triage');
    slack.say(max, slack.dmOf(max), 'And my phone is broken', { threadTs: bare });
    expect(textOf(await running.cardOf('And my phone is broken'))).to.include('max');
  });

  it('within a moment of each other are one request, whichever comes first', async () => {
    for (let nth = 0; nth < 5; nth += 1) {
      const two = somebody(`two${nth}`);
      wrote(two, `Twice ${nth}: first half`);
      wrote(two, `Twice ${nth}: second half`);
      const card = await running.cardOf(`Twice ${nth}`);
      await running.shows(card, `Twice ${nth}: first half`, `Twice ${nth}: second half`);
      await running.settled();

      expect(cardsWith(running, `Twice ${nth}`)).to.have.length(1);
    }
  });

  it('that were added to a request are no other one by 🎫', async () => {
    const { slack } = running;
    const leo = somebody('leo');
    wrote(leo, 'Shelf is loose');
    const card = await running.cardOf('Shelf is loose');
    const ts = wrote(leo, 'the upper one');
    await running.shows(card, 'the upper one');
    slack.react(leo, { channel: slack.dmOf(leo), ts }, 'ticket');
    await running.settled();

    expect(await requestsWith(running, 'the upper one')).to.have.length(1);
  });
});
