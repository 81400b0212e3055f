import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import {
  type Asked,
  asItWas,
  ask,
  askByDm,
  isSent,
  isTold,
  messageAt,
  offered,
  pressReply,
  reads,
  replyTo,
  stands,
} from '../support/pressing.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { textOf } from '../workspace/text-of.ts';

describe('the buttons that askers get', () => {
  let running: RunningApp;

  before(async () => {
    // In hr a question is followed up within seconds, and ends by silence; in it it never does.
    running = await runningApp({
      times: '    waiting: { nudge: [1s], notice: 2s, resolve: 1d }',
      moreQueues: `
  - name: hr
    triage_channel: "#triage-hr"
    intake:
      - { channel: "#help-hr", mode: every_message }
    waiting: { nudge: [], notice: 1s, resolve: 2s }
    rotation: ["@lea"]`,
      before: (slack, { uli, ana, lea }) => {
        slack.channels.add({ name: 'triage-hr', isPrivate: true, members: [ana, lea] });
        slack.channels.add({ name: 'help-hr', members: [uli, ana] });
      },
    });
  });

  after(() => running.stop());

  afterEach(() => {
    expect(running.slack.userErrors()).to.deep.equal([]);
    expect(running.slack.complaints()).to.deep.equal([]);
  });

  const press = (asked: Asked, pick: string) => running.press(running.team.ana, asked.card, pick);

  /** uli presses a button of the reply under the message. */
  const answer = (asked: Asked, pick: string) => pressReply(running, running.team.uli, asked, pick);

  async function shown(asked: Asked): Promise<readonly string[]> {
    return offered(messageAt(running, await replyTo(running, asked)));
  }

  /** A line of ours in the conversation, besides the reply. */
  async function lineOf(asked: Asked, words: string): Promise<{ channel: string; ts: string }> {
    const { slack } = running;
    const found = await slack.waitFor(
      () =>
        slack
          .thread(asked.channel, asked.ts)
          .slice(2)
          .find((one) => one.user === slack.botUserId && textOf(one).includes(words)),
      `a line that says ${words}`,
    );
    return { channel: asked.channel, ts: found.ts };
  }

  async function reach(asked: Asked, ...picks: readonly [pick: string, state: string][]): Promise<void> {
    for (const [pick, state] of picks) {
      await press(asked, pick);
      await stands(running, asked, state);
    }
  }

  const TAKEN: [string, string] = ['Take it', 'in progress'];
  const WAITING: [string, string] = ['Waiting for asker', 'waiting'];
  const RESOLVED: [string, string] = ['Resolve', 'resolved'];

  it('are Withdraw while nobody has it, and Undo after that', async () => {
    const asked = await ask(running, 'withdrawn by uli');
    expect(await shown(asked)).to.deep.equal(['Withdraw', 'More…']);

    await answer(asked, 'Withdraw');
    await stands(running, asked, 'withdrawn', 'nobody');
    await reads(running, await replyTo(running, asked), 'is withdrawn', 'Undo');
    expect(await shown(asked)).to.deep.equal(['Undo']);
    await answer(asked, 'Undo');

    await stands(running, asked, 'new', 'nobody yet');
  });

  for (const [words, steps] of [
    ['in progress', [TAKEN]],
    ['waiting', [TAKEN, WAITING]],
  ] as const) {
    it(`are It is solved and Withdraw while it is ${words}, and the owner is told`, async () => {
      const [solved, withdrawn] = [
        await ask(running, `solved while ${words}`),
        await ask(running, `withdrawn while ${words}`),
      ];
      for (const asked of [solved, withdrawn]) {
        await reach(asked, ...steps);
        await reads(running, await replyTo(running, asked), 'It is solved');
        expect(await shown(asked)).to.deep.equal(['It is solved', 'Withdraw', 'More…']);
      }

      await answer(solved, 'It is solved');
      await answer(withdrawn, 'Withdraw');

      await stands(running, solved, 'resolved', 'ana');
      await stands(running, withdrawn, 'withdrawn', 'ana');
      await isSent(running, running.team.ana, `uli resolved your *#${solved.id}*`);
      await isSent(running, running.team.ana, `uli withdrew your *#${withdrawn.id}*`);
    });
  }

  it('are Re-open after the asker solved it, which goes on with it', async () => {
    const asked = await ask(running, 'solved and open again');
    await reach(asked, TAKEN);
    await answer(asked, 'It is solved');
    await reads(running, await replyTo(running, asked), 'Re-open');
    expect(await shown(asked)).to.deep.equal(['Re-open']);

    await answer(asked, 'Re-open');

    await stands(running, asked, 'in progress', 'ana');
    await isSent(running, running.team.ana, `uli re-opened *#${asked.id}*`);
  });

  it('are It works and Still broken once a responder resolved it: it closes, or goes on and its owner is told', async () => {
    const [works, broken] = [await ask(running, 'it works again'), await ask(running, 'it is still broken')];
    for (const asked of [works, broken]) {
      await reach(asked, TAKEN, RESOLVED);
      await reads(running, await replyTo(running, asked), 'Does it work?', 'Still broken');
      expect(await shown(asked)).to.deep.equal(['It works', 'Still broken']);
    }

    await answer(works, 'It works');
    await answer(broken, 'Still broken');

    await stands(running, works, 'closed', 'ana');
    await reads(running, await replyTo(running, works), 'is closed');
    expect(await shown(works)).to.deep.equal([]);
    await stands(running, broken, 'in progress', 'ana');
    await isSent(running, running.team.ana, `uli re-opened *#${broken.id}*`);
  });

  it('stand on the line that says it is resolved too', async () => {
    const [works, broken] = [await ask(running, 'the line: works'), await ask(running, 'the line: broken')];
    for (const asked of [works, broken]) await reach(asked, TAKEN, RESOLVED);

    await running.slack.press(running.team.uli, await lineOf(works, 'ana resolved'), 'It works');
    await running.slack.press(running.team.uli, await lineOf(broken, 'ana resolved'), 'Still broken');

    await stands(running, works, 'closed');
    await stands(running, broken, 'in progress');
  });

  it('leave the line its words, the note of whoever resolved it among them, and say under them what was pressed', async () => {
    const { slack, team } = running;
    const [works, broken] = [await ask(running, 'noted: works'), await ask(running, 'noted: broken')];
    for (const asked of [works, broken]) {
      await reach(asked, TAKEN);
      await slack.slash(team.ana, team.triage, '/triage', `resolve #${asked.id} a new fuse, in the cellar`);
    }
    const [first, second] = [await lineOf(works, 'in the cellar'), await lineOf(broken, 'in the cellar')];
    const edits = slack.countOf('chat.update');
    // The card, the reply and the line: whichever of them Slack cannot do is repeated.
    slack.failNext('chat.update', { kind: 'http', status: 500 }, 3);

    await slack.press(team.uli, second, 'Still broken');
    await reads(running, second, 'a new fuse, in the cellar', `uli re-opened *#${broken.id}*.`);
    expect(slack.countOf('chat.update') - edits).to.be.greaterThan(3);
    await slack.press(team.uli, first, 'It works');
    await reads(running, first, 'a new fuse, in the cellar', `uli confirmed that *#${works.id}* works.`);

    for (const line of [first, second]) {
      const { blocks = [], metadata } = messageAt(running, line);
      expect(offered({ blocks })).to.deep.equal([]);
      expect(JSON.stringify(metadata)).to.include(String(blocks[0]?.['block_id']));
    }
    expect(textOf(messageAt(running, first)).match(/works\./g)).to.have.length(1);
  });

  it('are Undo after the team ended it', async () => {
    const asked = await ask(running, 'not a request, they say');
    await press(asked, 'Not a request');
    await reads(running, await replyTo(running, asked), 'If it is one, press *Undo*.');
    expect(await shown(asked)).to.deep.equal(['Undo']);

    await answer(asked, 'Undo');

    await stands(running, asked, 'new', 'nobody yet');
  });

  it('work in the DM with us as they do in a channel', async () => {
    const asked = await askByDm(running, running.team.uli, 'asked and solved by DM');
    await reach(asked, TAKEN);
    await reads(running, await replyTo(running, asked), 'It is solved');

    await answer(asked, 'It is solved');

    await stands(running, asked, 'resolved');
  });

  it('are on the reminder that it waits for them: It is solved, or Withdraw', async () => {
    const [solved, withdrawn] = [
      await ask(running, 'nudged: solved'),
      await ask(running, 'nudged: withdrawn'),
    ];
    for (const asked of [solved, withdrawn]) await reach(asked, TAKEN, WAITING);
    const lines = [
      await lineOf(solved, 'waits for your answer. Write here'),
      await lineOf(withdrawn, 'waits for your answer. Write here'),
    ] as const;
    expect(offered(messageAt(running, lines[0]))).to.deep.equal(['It is solved', 'Withdraw']);

    await running.slack.press(running.team.uli, lines[0], 'It is solved');
    await running.slack.press(running.team.uli, lines[1], 'Withdraw');

    await stands(running, solved, 'resolved');
    await stands(running, withdrawn, 'withdrawn');
  });

  it('are on the notice that it ends soon: Keep open once, or It is solved', async () => {
    const asked = await ask(running, 'kept open');
    running.slack.say(running.team.ana, running.team.help, 'Which one?', { threadTs: asked.ts });
    await stands(running, asked, 'in progress', 'ana');
    await reach(asked, WAITING);
    const notice = await lineOf(asked, 'keep it open');
    expect(offered(messageAt(running, notice))).to.deep.equal(['Keep open', 'It is solved']);

    const old = await asItWas(running, notice);
    await running.slack.press(running.team.uli, notice, 'Keep open');
    await running.shows(asked.card, 'uli kept it open');
    await reads(running, notice, `uli kept *#${asked.id}* open.`);
    expect(offered(messageAt(running, notice))).to.deep.equal([]);
    await running.slack.press(running.team.uli, old, 'Keep open');
    await isTold(running, running.team.uli, `#${asked.id} is that way already`);
    await running.slack.press(running.team.uli, old, 'It is solved');
    await stands(running, asked, 'resolved');
    await running.slack.press(running.team.uli, old, 'Keep open');

    await isTold(running, running.team.uli, `#${asked.id} does not wait for an answer`);
  });

  it('keep a request open that would have ended by silence', async () => {
    const { slack, team } = running;
    const channel = [...slack.world.channels.values()].find(({ name }) => name === 'help-hr')!.id;
    const triage = [...slack.world.channels.values()].find(({ name }) => name === 'triage-hr')!.id;
    const [kept, silent] = ['hr: kept open', 'hr: nobody answers'].map((words) => ({
      channel,
      ts: slack.say(team.uli, channel, words),
      words,
    })) as [Spoken, Spoken];
    const cardOf = async ({ words }: Spoken) => {
      const card = await slack.waitFor(
        () => slack.messages(triage).find((one) => textOf(one).includes(words)),
        `a card of ${words}`,
      );
      return { channel: triage, ts: card.ts };
    };
    for (const one of [kept, silent]) {
      slack.say(team.ana, channel, 'Which one?', { threadTs: one.ts });
      await reads(running, await cardOf(one), '*Status*\nin progress');
      await slack.press(team.lea, await cardOf(one), 'Waiting for asker');
    }

    const notice = await noticeOf(kept);
    await slack.press(team.uli, notice, 'Keep open');

    await reads(running, await cardOf(silent), '*Status*\nresolved');
    await reads(running, await cardOf(kept), '*Status*\nwaiting');
    const end = await slack.waitFor(
      () =>
        slack
          .thread(channel, silent.ts)
          .find((one) => textOf(one).includes('ends here, since no answer came')),
      'the line that it ended',
    );
    expect(offered(end)).to.deep.equal(['Re-open']);
    await slack.press(team.uli, { channel, ts: end.ts }, 'Re-open');
    await reads(running, await cardOf(silent), '*Status*\nin progress');

    async function noticeOf(one: Spoken): Promise<{ channel: string; ts: string }> {
      const found = await slack.waitFor(
        () => slack.thread(channel, one.ts).find((line) => textOf(line).includes('keep it open')),
        'the notice',
      );
      return { channel, ts: found.ts };
    }
  });
});

interface Spoken {
  readonly channel: string;
  readonly ts: string;
  readonly words: string;
}
