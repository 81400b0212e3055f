import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import {
  type Asked,
  ask,
  askByDm,
  inHours,
  isSent,
  opened,
  openForm,
  openOlder,
  reads,
  replyTo,
  stands,
} from '../support/pressing.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Channel, Message } from '../workspace/wire.ts';

describe('a form that is submitted', () => {
  let running: RunningApp;
  let triageHr: Channel;
  let triageWeb: Channel;

  before(async () => {
    running = await runningApp({
      moreQueues: `
  - name: hr
    triage_channel: "#triage-hr"
    rotation: ["@lea"]
  - name: web
    triage_channel: "#triage-web"
    rotation: ["@lea"]`,
      before: (slack, { ana, lea }) => {
        triageHr = slack.channels.add({ name: 'triage-hr', isPrivate: true, members: [ana, lea] });
        triageWeb = slack.channels.add({ name: 'triage-web', members: [ana, lea] });
      },
    });
  });

  after(() => running.stop());

  afterEach(() => {
    expect(running.slack.userErrors()).to.deep.equal([]);
    expect(running.slack.complaints()).to.deep.equal([]);
  });

  const form = (asked: Asked, action: string, title: string) =>
    openForm(running, running.team.ana, asked, action, title);
  const submit = (values: Readonly<Record<string, string>>) => running.slack.submit(running.team.ana, values);

  function cardIn(channel: Channel, words: string): Promise<Message> {
    const { slack } = running;
    return slack.waitFor(
      () =>
        slack.messages(channel).find((one) => one.user === slack.botUserId && textOf(one).includes(words)),
      `a card of ${words} in ${channel.name}`,
    );
  }

  it('gives a request to whoever is chosen, who is told', async () => {
    const asked = await ask(running, 'assigned by a form');
    await form(asked, 'assign', 'Assign');

    const { errors } = await submit({ person: running.team.ben.id });

    expect(errors).to.equal(undefined);
    await stands(running, asked, 'in progress', 'ben');
    await isSent(running, running.team.ben, `ana gave you *#${asked.id}*`);
    expect(running.slack.views(running.team.ana)).to.deep.equal([]);
  });

  it('hands over what somebody has; the one who had it is told', async () => {
    const asked = await ask(running, 'handed over by a form');
    await running.press(running.team.lea, asked.card, 'Take it');
    await stands(running, asked, 'in progress', 'lea');
    await form(asked, 'assign', 'Assign');

    await submit({ person: running.team.ben.id });

    await stands(running, asked, 'in progress', 'ben');
    await isSent(running, running.team.lea, `ana handed your *#${asked.id}* over to`);
  });

  it('puts on hold with its date and reason, and takes it for whoever did if nobody had it', async () => {
    const asked = await ask(running, 'held by a form');
    await form(asked, 'hold', 'Put on hold');

    await submit({ until: inHours(24), reason: 'a part & <!channel> *delivery*' });

    await stands(running, asked, 'on hold', 'ana');
    await running.shows(asked.card, 'on hold until', 'a part', 'delivery');
    await reads(running, await replyTo(running, asked), 'is on hold until');
    expect(running.slack.sees(running.team.uli, 'a part')).to.equal(false);
    expect(textOf(running.slack.world.channel(asked.card.channel).byTs.get(asked.card.ts)!)).to.not.include(
      '<!channel>',
    );
  });

  it('sets the priority', async () => {
    const asked = await ask(running, 'made high by a form');
    await form(asked, 'priority', 'Priority');

    await submit({ level: 'high' });

    await running.shows(asked.card, `🟠 #${asked.id}`, '*priority*\n🟠 high', 'ana set it to high');
  });

  it('marks a duplicate by the number of the other, with or without #', async () => {
    const [first, second, third] = [
      await ask(running, 'first of three'),
      await ask(running, 'second of three'),
      await ask(running, 'third of three'),
    ];
    await form(second, 'duplicate', 'Duplicate');
    await submit({ of: ` #${first.id} ` });
    await form(third, 'duplicate', 'Duplicate');
    await submit({ of: String(first.id) });

    for (const asked of [second, third]) {
      await stands(running, asked, 'duplicate');
      await running.shows(asked.card, `duplicate of #${first.id}`);
      await reads(running, await replyTo(running, asked), `goes on as *#${first.id}*`);
    }
  });

  it('declines with a reason that the asker reads', async () => {
    const asked = await ask(running, 'declined by a form');
    await form(asked, 'decline', 'Decline');

    await submit({ reason: 'Ask <https://example.com|the bank>' });

    await stands(running, asked, 'declined', 'nobody');
    await reads(running, await replyTo(running, asked), `ana declined *#${asked.id}*: Ask`);
    await running.shows(asked.card, 'reason: ask');
  });

  it('resolves with a note that the asker reads', async () => {
    const { slack } = running;
    const asked = await ask(running, 'resolved by a form');
    await form(asked, 'resolve_note', 'Resolve');

    await submit({ note: 'Switched it off\nand on again' });

    await stands(running, asked, 'resolved', 'ana');
    await running.shows(asked.card, 'note: switched it off');
    await slack.waitFor(
      () => slack.thread(asked.channel, asked.ts).some((one) => textOf(one).includes('and on again')),
      'the note in the thread',
    );
  });

  it('snoozes for whoever did, and tells them alone', async () => {
    const asked = await ask(running, 'snoozed by a form');
    await form(asked, 'snooze', 'Snooze');

    await submit({ until: inHours(3) });

    await isSent(running, running.team.ana, `Your reminders for #${asked.id} are off until`);
    await stands(running, asked, 'new', 'nobody yet');
  });

  it('reminds whoever wanted it, at that moment', async () => {
    const asked = await ask(running, 'remembered by a form');
    await form(asked, 'remind', 'Remind me');

    await submit({ until: inHours(2 / 3600) });

    await isSent(running, running.team.ana, `I will remind you of #${asked.id}`);
    await isSent(
      running,
      running.team.ana,
      `You wanted to be reminded of *#${asked.id}* · remembered by a form`,
    );
  });

  it('moves to another queue: a new card there, and the old one points to it without any text', async () => {
    const asked = await ask(running, 'moved by a form');
    await form(asked, 'move', 'Move');

    await submit({ queue: 'hr' });

    const card = await cardIn(triageHr, 'moved by a form');
    expect(running.numberOf(card)).to.equal(asked.id);
    await reads(running, asked.card, `#${asked.id} · moved to the queue “hr”`);
    const left = textOf(running.slack.world.channel(asked.card.channel).byTs.get(asked.card.ts)!);
    expect(left).to.not.include('moved by a form');
  });

  it('moves what was asked in public into a public triage channel at once', async () => {
    const asked = await ask(running, 'no secret at all');
    await form(asked, 'move', 'Move');

    await submit({ queue: 'web' });

    expect(running.numberOf(await cardIn(triageWeb, 'no secret at all'))).to.equal(asked.id);
  });

  it('asks the asker of a DM before it moves into a public triage channel', async () => {
    const { slack, team } = running;
    const asked = await askByDm(running, team.uli, 'a secret that moves');
    await form(asked, 'move', 'Move');

    await submit({ queue: 'web' });

    const question = await isSent(running, team.uli, 'everybody here can read', 'a secret that moves');
    await reads(running, asked.card, `#${asked.id} · moved to the queue “web”`);
    await running.settled();
    for (const who of [team.ben, team.zoe]) expect(slack.sees(who, 'a secret that moves')).to.equal(false);
    await slack.press(team.uli, question, 'Post it there');
    expect(running.numberOf(await cardIn(triageWeb, 'a secret that moves'))).to.equal(asked.id);
  });

  it('opens a request by New request, in the queue and with the priority that were chosen', async () => {
    const { slack, team } = running;
    await slack.shortcut(team.zoe, 'new_request');
    await opened(running, team.zoe, 'New request');

    await slack.submit(team.zoe, { text: 'A raise & a <car>', queue: 'hr', level: 'urgent' });

    const card = await cardIn(triageHr, 'A raise & a');
    const id = running.numberOf(card);
    expect(textOf(card)).to.include(`🔴 #${id}`).and.to.include('*Status*\nnew');
    const reply = await isSent(running, team.zoe, `Got it: *#${id}*, urgent`);
    slack.say(team.zoe, slack.dmOf(team.zoe), 'and a boat', { threadTs: reply.ts });
    await slack.waitFor(
      () => slack.thread(triageHr, card.ts).some((one) => textOf(one).includes('and a boat')),
      'the conversation under the card',
    );
    for (const who of [team.ben, team.uli]) expect(slack.sees(who, 'A raise')).to.equal(false);
  });

  it('opens one request by New request however often Slack delivers it', async () => {
    const { slack, team } = running;
    await slack.shortcut(team.zoe, 'new_request');
    await opened(running, team.zoe, 'New request');
    await slack.submit(team.zoe, { text: 'Only one of these', level: 'low' });
    const sent = slack.deliveries().findLast(({ payload }) => payload['type'] === 'view_submission')!;

    slack.again(sent, 'retry');
    slack.again(sent, 'same_envelope');
    await running.cardOf('Only one of these');
    await running.settled();

    expect(running.cards().filter((card) => textOf(card).includes('Only one of these'))).to.have.length(1);
  });

  it('takes the priority from the start of the text where the form did not ask for it yet', async () => {
    const { slack, team } = running;
    await openOlder(running, team.uli, 'new_request', '', { text: { type: 'plain_text_input' } });

    await slack.submit(team.uli, { text: '🔴 Asked by a form from before' });

    const card = await running.cardOf('Asked by a form from before');
    expect(textOf(card)).to.include('*Priority*\n🔴 urgent');
  });

  it('asks by DM before the text of New request stands in a public triage channel', async () => {
    const { slack, team } = running;
    await slack.shortcut(team.zoe, 'new_request');
    await opened(running, team.zoe, 'New request');

    await slack.submit(team.zoe, { text: 'A form for everybody to see', queue: 'web' });
    const question = await isSent(
      running,
      team.zoe,
      'everybody here can read',
      'A form for everybody to see',
    );
    await running.settled();
    expect(slack.sees(team.uli, 'A form for everybody')).to.equal(false);
    await slack.press(team.zoe, question, 'Post it there');

    await cardIn(triageWeb, 'A form for everybody to see');
  });
});
