import { expect } from 'chai';
import { DateTime } from 'luxon';
import { after, afterEach, before, describe, it } from 'mocha';
import { inHours, isSent, opened } from '../support/pressing.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { minutesAgo, read, type Typing, typing } from '../support/typing.ts';
import type { Channel, Person } from '../workspace/wire.ts';

const MORE_QUEUES = `  - name: press
    triage_channel: "#triage-press"
    rotation: ["@pia"]
`;

/** ana and lea respond in #triage-it alone, pia in #triage-press, ben in both; kim, in Tokyo, in #triage-it. */
describe('duty', () => {
  let running: RunningApp;
  let typed: Typing;
  let pia: Person;
  let kim: Person;
  let press: Channel;

  before(async () => {
    running = await runningApp({
      moreQueues: MORE_QUEUES,
      before: (slack, { ben, triage }) => {
        pia = slack.people.add({ name: 'pia' });
        kim = slack.people.add({ name: 'kim', tz: 'Asia/Tokyo' });
        triage.members.add(kim.id);
        press = slack.channels.add({ name: 'triage-press', isPrivate: true, members: [pia, ben] });
      },
    });
    typed = typing(running);
  });
  after(() => running.stop());
  afterEach(() => {
    expect(running.slack.userErrors()).to.deep.equal([]);
    expect(running.slack.complaints()).to.deep.equal([]);
  });

  /** The end of somebody's turn in an answer (epoch s). */
  const endIn = (answer: string): number => Number(/until <!date\^(\d+)\^/.exec(answer)?.[1]);

  const atNine = (zone: string, days: number): number =>
    DateTime.now().setZone(zone).plus({ days }).set({ hour: 9 }).startOf('hour').toSeconds();

  /** Opens the form by the button in the answer that somebody gets in #triage-it. */
  async function openForm(who: Person, queue: string): Promise<void> {
    const { slack, team } = running;
    await typed.slash(who, 'duty', team.triage);
    const { ts } = slack.ephemerals(who).at(-1)!;
    await slack.press(who, { channel: team.triage.id, ts }, `Change ${queue}…`);
    await opened(running, who, 'On duty');
  }

  it('tells responders whose turn it is in each of their queues, and until when', async () => {
    const { ana, ben, triage } = running.team;

    const ofAna = await typed.slash(ana, 'duty');
    const ofBen = await typed.mention(ben, triage, 'duty');
    const ofPia = await typed.dm(pia, 'duty', '*press*');

    expect(ofAna)
      .to.match(/\*it\*: (ana|ben) until /)
      .and.to.not.include('press');
    expect(endIn(ofAna)).to.be.greaterThan(Date.now() / 1000);
    expect(ofBen)
      .to.match(/\*it\*: (ana|ben) until /)
      .and.to.match(/\*press\*: pia until /);
    expect(ofPia)
      .to.match(/\*press\*: pia until /)
      .and.to.not.include('*it*');
  });

  it('tells nobody else, and lets nobody else change it', async () => {
    const { uli, zoe } = running.team;

    expect(await typed.slash(uli, 'duty')).to.include('Only responders see who is on duty');
    expect(await typed.slash(zoe, 'duty @ana until friday')).to.include(
      'Only responders can change who is on duty',
    );
    await typed.dm(uli, 'duty @ana until friday', 'Only responders can change who is on duty');
    expect(await typed.slash(running.team.ana, 'duty')).to.not.include(`${atNine('Europe/Madrid', 1)}`);
  });

  it('puts a responder on duty until a moment, who is then asked first, also from outside the rotation', async () => {
    const { ana, lea, uli } = running.team;

    const answer = await typed.slash(ana, 'duty @lea until tomorrow 9am');

    expect(answer).to.include('*it*: lea until ');
    expect(endIn(answer)).to.equal(atNine('Europe/Madrid', 1));
    expect(await typed.slash(lea, 'duty')).to.equal(answer);
    const { id } = await typed.ask('The gate squeaks', uli, minutesAgo(70));
    await isSent(running, lea, 'You are on duty', `#${id}`);
  });

  it('takes the place of who was put there before, and reads the moment in the zone of who types', async () => {
    const { ana, lea } = running.team;
    await typed.slash(ana, 'duty @lea until tomorrow 9am');

    const answer = await typed.slash(kim, 'duty @ben until tomorrow 9am', running.team.triage);

    expect(answer).to.include('*it*: ben until ');
    expect(endIn(answer)).to.equal(atNine('Asia/Tokyo', 1));
    expect(await typed.slash(lea, 'duty')).to.equal(answer);
  });

  it('goes back to the rotation when the moment has come', async () => {
    const { ana, lea } = running.team;
    expect(await typed.slash(ana, 'duty @kim until 1s')).to.include('*it*: kim until ');

    await running.slack.waitFor(
      async () => /\*it\*: (ana|ben) until /.test(await typed.slash(lea, 'duty')),
      'the rotation to decide again',
    );
  });

  it('puts nobody on duty who is not in the triage channel, or whom Slack did not name', async () => {
    const { ana } = running.team;
    const now = await typed.slash(ana, 'duty');

    expect(await typed.slash(ana, 'duty @zoe until friday')).to.equal(
      '@zoe is not in the triage channel of it. Invite them there first, or choose one of its members.',
    );
    expect(await typed.slash(ana, 'duty @somebody until friday')).to.include('I do not know that person');
    expect(await typed.slash(ana, 'duty @lea until yesterday')).to.include('a time to come');

    expect(await typed.slash(ana, 'duty')).to.equal(now);
  });

  it('is changed in the queue of the triage channel by somebody who responds in several', async () => {
    const { ben, lea, triage } = running.team;

    expect(await typed.slash(ben, 'duty @ben until friday')).to.include('You respond in several queues');
    await typed.dm(ben, 'duty @ben until friday', 'You respond in several queues');
    expect(await typed.slash(ben, 'duty @ben until in 3h', press)).to.include('*press*: ben until ');
    expect(await typed.mention(ben, triage, `duty <@${lea.id}> until in 3h`)).to.include('*it*: lea until ');

    const both = await typed.slash(ben, 'duty');
    expect(both).to.include('*press*: ben until ').and.to.include('*it*: lea until ');
  });

  it('is changed by its form, which says by DM who is on duty now', async () => {
    const { slack, team } = running;
    await openForm(team.ana, 'it');

    const late = await slack.submit(team.ana, { person: team.ben.id, until: inHours(-1) });
    const until = inHours(30);
    await slack.submit(team.ana, { person: team.ben.id, until });

    expect(late.errors).to.deep.equal({ until: 'That moment has passed. Choose one that is still to come.' });
    await isSent(running, team.ana, '*it*: ben until ', until);
    expect(await typed.slash(team.lea, 'duty'))
      .to.include('*it*: ben until ')
      .and.to.include(until);
  });

  it('is changed by the form in the queue that it was opened for', async () => {
    const { slack, team } = running;
    await openForm(team.ben, 'press');

    await slack.submit(team.ben, { person: pia.id, until: inHours(31) });

    await isSent(running, team.ben, '*press*: pia until ');
    expect(await typed.slash(team.ana, 'duty')).to.include('*it*: ben until ');
  });

  it('is not given by its form to somebody who is not in the triage channel', async () => {
    const { slack, team } = running;
    await openForm(team.ana, 'it');

    await slack.submit(team.ana, { person: pia.id, until: inHours(2) });

    await isSent(running, team.ana, '@\u2060pia is not in the triage channel of it');
    expect(await typed.slash(team.ana, 'duty')).to.include('*it*: ben until ');
  });

  it('is not changed by the form of somebody who has left the triage channel meanwhile', async () => {
    const { slack, team } = running;
    await openForm(team.lea, 'it');
    slack.leave(team.lea, team.triage);
    await running.settled();

    await slack.submit(team.lea, { person: team.ana.id, until: inHours(2) });

    await isSent(running, team.lea, 'Only responders can change who is on duty');
    expect(await typed.slash(team.ana, 'duty')).to.include('*it*: ben until ');
    expect(slack.messages(team.triage).map(read).join()).to.not.include('on duty');
  });

  it('passes over somebody who has left the triage channel', async () => {
    const { slack, team } = running;
    await typed.slash(team.ben, `duty <@${kim.id}> until in 3h`, team.triage);
    expect(await typed.slash(team.ben, 'duty', team.triage)).to.include('*it*: kim');
    slack.leave(kim, team.triage);
    await running.settled();

    expect(await typed.slash(team.ben, 'duty', team.triage)).to.not.include('kim');
    slack.join(kim, team.triage);
    await running.settled();
  });
});
