import { expect } from 'chai';
import fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import { textOf } from '../workspace/text-of.ts';
import { inBatches } from './fuzz.ts';
import { type HostileApp, hostileApp } from './hostile-app.ts';
import { slips, withSlips } from './near-misses.ts';
import { type Shape, shapesOf } from './shapes.ts';

const BATCH = 30;

/** Which shape, and what is wrong with it. */
const nearMisses = fc.tuple(fc.nat(10_000), slips);
const types = fc.constantFrom('events_api', 'interactive', 'slash_commands', 'app_home', '', '__proto__');

describe('the running app, sent envelopes that are not what they should be', () => {
  let app: HostileApp;
  let nth = 0;

  before(async () => {
    app = await hostileApp();
  });

  after(() => app.stop());

  /** Resolves when the envelope is acknowledged, at the latest within Slack's three seconds. */
  async function send(type: string, payload: string, what = payload): Promise<void> {
    nth += 1;
    const id = `hostile-${nth}`;
    const frame = `{"envelope_id":"${id}","type":${JSON.stringify(type)},"payload":${payload}}`;
    const { error } = await app.slack.sendEnvelope(id, frame);
    expect(error, `no acknowledgement of ${what.slice(0, 2000)}`).to.equal(undefined);
  }

  const shapes = (): readonly Shape[] => shapesOf(app.ids, (nth += 1));

  it('acknowledges and handles each valid kind', async () => {
    const errors = app.slack.complaints.length;
    for (const { type, name, payload } of shapes()) await send(type, JSON.stringify(payload), name);
    await app.everythingIsHandled();
    await app.worksAsEver();
    expect(app.slack.complaints).to.have.length(errors);
    app.logIsCalm();
  });

  it('acknowledges each near miss of a valid one, and nothing of it is tried for ever', async () => {
    await inBatches(nearMisses, BATCH, 12, async (made) => {
      const lines = app.logger.lines.length;
      await Promise.all(
        made.map(([which, wrong]) => {
          const all = shapes();
          const { type, payload } = all[which % all.length]!;
          return send(type, withSlips(payload, wrong));
        }),
      );
      await app.everythingIsHandled();
      // Each its few lines, and none that begets more.
      expect(app.logger.lines.length - lines).to.be.at.most(BATCH * 12);
      app.logIsCalm();
    });
    await app.worksAsEver();
  }).timeout(60_000);

  it('keeps what looks like an escape in what somebody wrote', async () => {
    const { slack, team } = app;
    slack.say(team.uli, team.help, 'the path is C:\\u0000\\ud800 and not \0 at all');
    const card = await app.cardOf('the path is');
    expect(textOf(card)).to.include('the path is C:\\u0000\\ud800 and not  at all');
  });

  it('gives up at once what Slack cannot show, instead of trying it again for minutes', async () => {
    const all = shapes();
    const payloadOf = (wanted: string): string =>
      JSON.stringify(all.find(({ name }) => name === wanted)!.payload);
    const elsewhere = app.slack.channels.add({
      name: 'left-by-the-bot',
      members: [app.team.uli],
      bot: false,
    });
    for (const channel of ['C0NOSUCH', '../../etc', elsewhere.id]) {
      await send('events_api', payloadOf('ticket').replaceAll(app.ids.triage, channel));
      await send('events_api', payloadOf('mention in a thread').replaceAll(app.ids.help, channel));
      await send('events_api', payloadOf('reply in a DM').replaceAll(app.ids.dm, channel));
      await send('interactive', payloadOf('make new').replaceAll(app.ids.dm, channel));
    }
    await app.everythingIsHandled();
    app.logIsCalm();
  });

  it('acknowledges any JSON under any type', async () => {
    await inBatches(fc.tuple(types, fc.json()), 20, 6, async (made) => {
      await Promise.all(made.map(([type, json]) => send(type, json)));
      await Promise.all(made.map(([type, json]) => send(type, `{"type":"event_callback","event":${json}}`)));
      await app.everythingIsHandled();
      app.logIsCalm();
    });
    await app.worksAsEver();
  }).timeout(60_000);
});
