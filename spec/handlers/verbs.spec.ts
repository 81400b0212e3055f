import { expect } from 'chai';
import { DateTime } from 'luxon';
import { after, afterEach, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { minutesAgo, read, type Typing, typing } from '../support/typing.ts';
import type { Person } from '../workspace/wire.ts';

describe('verbs of a request that goes on', () => {
  let running: RunningApp;
  let typed: Typing;
  let kim: Person;

  before(async () => {
    running = await runningApp({
      before: (slack, team) => {
        kim = slack.people.add({ name: 'kim', tz: 'Asia/Tokyo' });
        team.triage.members.add(kim.id);
      },
    });
    typed = typing(running);
  });
  after(() => running.stop());
  afterEach(() => expect(running.slack.complaints()).to.deep.equal([]));

  const dmsOf = (who: { id: string }): readonly string[] =>
    running.slack.messages(running.slack.dmOf(who)).map(read);

  /** The moment of Slack's date token in an answer (epoch s). */
  const momentIn = (text: string): number => Number(/<!date\^(\d+)\^/.exec(text)?.[1]);

  const nineTomorrow = (zone: string): number =>
    DateTime.now().setZone(zone).plus({ days: 1 }).set({ hour: 9 }).startOf('hour').toSeconds();

  it('let a responder claim a request, and tell everybody else who may', async () => {
    const { ana, uli } = running.team;
    const { id, card } = await typed.ask('The plotter eats paper');

    expect(await typed.slash(uli, `claim #${id}`)).to.include(`Only the responders of #${id}'s queue`);
    expect(await typed.slash(ana, `claim #${id}`)).to.equal(`You took #${id}.`);

    await running.shows(card, 'in progress', 'Ana');
    expect(await typed.slash(ana, `claim #${id}`)).to.include(`#${id} is yours already`);
  });

  it('give a request that two claim at once to one, and tell the other who has it', async () => {
    const { ana, ben } = running.team;
    const { id, card } = await typed.ask('Two want this keyboard');

    const answers = await Promise.all([typed.slash(ana, `claim #${id}`), typed.slash(ben, `claim #${id}`)]);

    const [winner, loser] = answers[0] === `You took #${id}.` ? ['ana', answers[1]] : ['ben', answers[0]];
    expect(answers).to.include(`You took #${id}.`);
    expect(loser).to.include(`${winner} has #${id} already`);
    await running.shows(card, 'in progress', winner);
  });

  it('assign to a responder, who is told, and hand over', async () => {
    const { ana, ben, lea } = running.team;
    const { id, card } = await typed.ask('The badge printer jams');

    expect(await typed.slash(ana, `assign #${id} @ben`)).to.equal(`You assigned #${id} to @ben.`);
    await running.shows(card, 'in progress', 'Ben');
    await running.slack.waitFor(
      () => dmsOf(ben).some((text) => text.includes('ana gave you') && text.includes(`#${id}`)),
      'ben to be told',
    );
    expect(await typed.slash(ben, `assign #${id} @lea`)).to.equal(`You handed #${id} over to @lea.`);

    await running.shows(card, 'in progress', 'Lea');
    expect(await typed.slash(ben, `assign #${id} @lea`)).to.include(`lea has #${id} already`);
    expect(await typed.slash(lea, `assign #${id} @lea`)).to.include(`#${id} is yours already`);
  });

  it('assign to nobody outside the triage channel, and to nobody whom Slack did not name', async () => {
    const { ana, uli } = running.team;
    const { id, card } = await typed.ask('The shredder is full');

    expect(await typed.slash(ana, `assign #${id} @zoe`)).to.include('@zoe is not in the triage channel');
    expect(await typed.slash(ana, `assign #${id} @somebody`)).to.include('I do not know that person');
    expect(await typed.slash(ana, `assign #${id}`)).to.include('assign needs a person');
    expect(await typed.slash(uli, `assign #${id} @ana`)).to.include('Only the responders');

    await running.settled();
    await running.shows(card, 'nobody yet');
  });

  it('let an owner pass a request back, and nobody else', async () => {
    const { ana, ben, uli } = running.team;
    const { id, card } = await typed.ask('The lamp of the beamer is old');
    await typed.slash(ana, `claim #${id}`);

    expect(await typed.slash(ben, `pass #${id}`)).to.include(`You can pass #${id} only if you have it`);
    expect(await typed.slash(uli, `pass #${id}`)).to.include('Only the responders');
    expect(await typed.slash(ana, `pass #${id}`)).to.equal(`You gave #${id} back.`);

    await running.shows(card, 'new', 'nobody yet');
  });

  it('let somebody who is asked to take a request pass it on to the next, which changes no state', async () => {
    const { slack, team } = running;
    const { id, card } = await typed.ask('The lift of floor 3 hums', team.uli, minutesAgo(70));
    const isAsked = (who: Person): boolean => dmsOf(who).some((text) => text.includes('floor 3 hums'));
    await slack.waitFor(() => isAsked(team.ana) || isAsked(team.ben), 'the person on duty to be asked');
    const [onDuty, next] = isAsked(team.ana) ? [team.ana, team.ben] : [team.ben, team.ana];

    expect(await typed.slash(onDuty, `pass #${id}`)).to.equal(`You passed on #${id}.`);

    await slack.waitFor(() => isAsked(next), 'the next in rotation to be asked');
    await running.shows(card, 'new', 'nobody yet');
    expect(await typed.slash(onDuty, `pass #${id}`)).to.include('there is nothing to change');
  });

  it('set a priority by word or emoji, for asker and responders', async () => {
    const { ana, uli, zoe } = running.team;
    const { id, card } = await typed.ask('The wifi is slow on floor 2');

    expect(await typed.slash(uli, `priority #${id} high`)).to.equal(`You set #${id} to high.`);
    await running.shows(card, '🟠');
    expect(await typed.slash(ana, `priority #${id} 🔴`)).to.equal(`You set #${id} to urgent.`);
    await running.shows(card, '🔴');

    expect(await typed.slash(ana, `priority #${id} urgent`)).to.include('there is nothing to change');
    expect(await typed.slash(ana, `priority #${id} soon`)).to.include('one of urgent, high, normal, low');
    expect(await typed.slash(zoe, `priority #${id} low`)).to.equal(
      `There is no request #${id} that you may see.`,
    );
  });

  it('set a request to waiting, which takes one without owner', async () => {
    const { ana, ben, uli } = running.team;
    const { id, card, ts } = await typed.ask('My chair squeaks');

    expect(await typed.slash(uli, `wait #${id}`)).to.include('Only the responders');
    expect(await typed.slash(ana, `wait #${id}`)).to.equal(`You set #${id} to waiting.`);

    await running.shows(card, 'waiting', 'Ana');
    expect(await typed.slash(ben, `wait #${id}`)).to.include(`#${id} is waiting already`);
    running.slack.say(uli, running.team.help, 'It squeaks when I lean back', { threadTs: ts });
    await running.shows(card, 'in progress', 'Ana');
  });

  it('put a request on hold until a moment for a reason, which the card tells and the asker’s thread does not', async () => {
    const { slack, team } = running;
    const { id, card, ts } = await typed.ask('My desk is too low');

    expect(await typed.slash(team.ana, `hold #${id} until friday`)).to.include('hold needs a reason');
    expect(await typed.slash(team.ana, `hold #${id} waiting for legs`)).to.include('hold needs "until"');
    expect(await typed.slash(team.uli, `hold #${id} until friday legs`)).to.include('Only the responders');
    expect(await typed.slash(team.ana, `hold #${id} until in 2h the carpenter has the legs`)).to.equal(
      `You put #${id} on hold.`,
    );

    await running.shows(card, 'on hold', 'Ana', 'the carpenter has the legs');
    await slack.waitFor(() => typed.threadText(team.help, ts).includes('is on hold'), 'the asker’s reply');
    expect(typed.threadText(team.help, ts)).to.not.include('carpenter');
  });

  it('take a request off hold, for asker and responders', async () => {
    const { ana, uli } = running.team;
    const { id, card } = await typed.ask('My monitor arm is loose');
    expect(await typed.slash(ana, `unhold #${id}`)).to.include(`#${id} is new already`);
    await typed.slash(ana, `hold #${id} until 2d a new screw`);

    expect(await typed.slash(uli, `unhold #${id}`)).to.equal(`You took #${id} off hold.`);

    await running.shows(card, 'in progress', 'Ana');
  });

  it('resolve with a note that the asker reads, or without one', async () => {
    const { slack, team } = running;
    const noted = await typed.ask('The scanner shows stripes');
    const bare = await typed.ask('The scanner shows dots');

    expect(await typed.slash(team.ana, `resolve #${noted.id} wiped the glass`)).to.equal(
      `You resolved #${noted.id}.`,
    );
    expect(await typed.slash(team.uli, `resolve #${bare.id}`)).to.equal(`You resolved #${bare.id}.`);

    await running.shows(noted.card, 'resolved', 'Ana', 'wiped the glass');
    await slack.waitFor(() => typed.threadText(team.help, noted.ts).includes('wiped the glass'), 'the note');
    await running.shows(bare.card, 'resolved', 'Uli');
    expect(await typed.slash(team.ana, `resolve #${bare.id}`)).to.include('is resolved already');
    expect(await typed.slash(team.ana, `priority #${bare.id} low`)).to.include('Re-open it first');
  });

  it('re-open a resolved request, and none that is open or closed', async () => {
    const { slack, team } = running;
    const { id, card, ts } = await typed.ask('The tap drips');
    expect(await typed.slash(team.ana, `reopen #${id}`)).to.include(`#${id} is new already`);
    await typed.slash(team.ana, `resolve #${id}`);

    expect(await typed.slash(team.uli, `reopen #${id}`)).to.equal(`You re-opened #${id}.`);
    await running.shows(card, 'in progress', 'Ana');

    await typed.slash(team.ana, `resolve #${id}`);
    const reply = await slack.waitFor(
      () => slack.thread(team.help, ts).find((one) => read(one).includes('Does it work?')),
      'the asker to be asked',
    );
    await slack.press(team.uli, { channel: team.help.id, ts: reply.ts }, 'It works');
    await running.shows(card, 'closed');
    expect(await typed.slash(team.ana, `reopen #${id}`)).to.include(`#${id} has ended`);
    expect(await typed.slash(team.ana, `claim #${id}`)).to.include(`#${id} has ended`);
  });

  it('snooze the reminders of one responder', async () => {
    const { ana, uli } = running.team;
    const { id } = await typed.ask('The window does not close');

    const answer = await typed.slash(ana, `snooze #${id} tomorrow 9am`);

    expect(answer).to.include(`Your reminders for #${id} are off until`);
    expect(momentIn(answer)).to.equal(nineTomorrow('Europe/Madrid'));
    expect(await typed.slash(uli, `snooze #${id} 2h`)).to.include('Only the responders');
    expect(await typed.slash(ana, `snooze #${id} yesterday`)).to.include('snooze needs a time to come');
    await typed.slash(ana, `resolve #${id}`);
    expect(await typed.slash(ana, `snooze #${id} 2h`)).to.include('Re-open it first');
  });

  it('remind whoever may read a request, and them alone', async () => {
    const { slack, team } = running;
    const { id } = await typed.ask('The heating clicks');
    const isReminded = (who: Person): boolean =>
      dmsOf(who).some((text) => text.includes('You wanted to be reminded') && text.includes(`#${id}`));

    expect(await typed.slash(team.uli, `remind #${id} in 1s`)).to.include(`I will remind you of #${id}`);

    await slack.waitFor(() => isReminded(team.uli), 'the reminder');
    await running.settled();
    expect([team.ana, team.ben, team.lea].filter(isReminded)).to.deep.equal([]);
    expect(await typed.slash(team.zoe, `remind #${id} 2h`)).to.include(`no request #${id} that you may see`);
    await typed.slash(team.ana, `not-request #${id}`);
    expect(await typed.slash(team.ana, `remind #${id} 2h`)).to.include('does not fit any more');
  });

  it('read a moment in the time zone of the person who typed it', async () => {
    const { ana } = running.team;
    const { id } = await typed.ask('The clock in the hall is late');

    const inTokyo = await typed.slash(kim, `remind #${id} tomorrow 9am`, running.team.triage);
    const inMadrid = await typed.slash(ana, `remind #${id} tomorrow 9am`);

    expect(momentIn(inTokyo)).to.equal(nineTomorrow('Asia/Tokyo'));
    expect(momentIn(inMadrid)).to.equal(nineTomorrow('Europe/Madrid'));
  });
});
