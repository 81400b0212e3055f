import { WebClient } from '@slack/web-api';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type Facing, facing, stageOver } from '../../support/facing.ts';
import { type Asked, ask, isTold, opened, openForm, stands } from '../../support/pressing.ts';
import { type RunningApp, runningApp } from '../../support/running-app.ts';
import { pressables } from '../elements.ts';
import { quiet } from '../small-app.ts';
import { textOf } from '../text-of.ts';
import { isJson, type Json, type Message, type View } from '../wire.ts';
import type { Done, MessageSeen } from './wire.ts';

/** Something to press on a message or in a form, named as the page names it. */
function named(shown: { readonly blocks?: readonly Json[] }, text: string) {
  const found = pressables(shown.blocks ?? []).find((each) => each.text === text);
  if (found === undefined) throw new Error(`nothing says ${text}`);
  const { blockId, actionId, option, value } = found;
  return { blockId, actionId, ...(option === undefined ? {} : { option: value }) };
}

describe('what a person does on the page', function () {
  this.timeout(40_000);
  let running: RunningApp;
  let page: Facing;

  before(async () => {
    running = await runningApp();
    page = await facing(stageOver(running));
  });
  after(async () => {
    await page.close();
    await running.stop();
  });

  const at = (ref: { channel: string; ts: string }): Message =>
    running.slack.world.channel(ref.channel).byTs.get(ref.ts)!;
  /** The card as the page shows it. */
  async function cardSeen({ id }: Asked): Promise<MessageSeen> {
    const { open } = await page.state(running.team.ana, { channel: running.team.triage.id });
    return open.messages.find((each) => each.requestNumber === id)!;
  }

  it('says something, with names as mentions, in a channel, a thread, and from the thread to the channel', async () => {
    const { team, slack } = running;
    const { ts } = await page.does(team.uli, {
      do: 'say',
      channel: team.help.id,
      text: '@ana & @nobody in #help-it: <b>',
    });
    const said = at({ channel: team.help.id, ts: ts! });
    expect(said.text).to.equal(`<@${team.ana.id}> &amp; @nobody in <#${team.help.id}|help-it>: &lt;b&gt;`);
    expect(said.user).to.equal(team.uli.id);
    const reply = await page.does(team.ana, { do: 'say', channel: team.help.id, text: 'yes', thread: ts! });
    const both = await page.does(team.ana, {
      do: 'say',
      channel: team.help.id,
      text: 'all of you',
      thread: reply.ts!,
      broadcast: true,
    });
    expect(at({ channel: team.help.id, ts: both.ts! })).to.include({
      thread_ts: ts,
      subtype: 'thread_broadcast',
    });
    await page.does(team.zoe, { do: 'say', channel: slack.dmOf(team.zoe), text: 'My chair is broken' });
    await running.cardOf('My chair is broken');
  });

  it('is told in one line what cannot be said', async () => {
    const { team } = running;
    const say = (text: string, more: { channel?: string; thread?: string } = {}): Promise<string> =>
      page.refuses(team.uli, { do: 'say', channel: team.help.id, text, ...more });
    expect(await say('/triage list')).to.equal('422: /triage is a command, not a message');
    expect(await say('/triage list', { thread: '1.000000' })).to.equal(
      '422: /triage does not work in a thread; write it in the channel',
    );
    expect(await say('/traige take')).to.equal('422: /traige is no command here; there is /triage');
    expect(await say('  \n')).to.equal('422: there is nothing to send');
    expect(await say('x', { thread: '1.000000' })).to.equal('422: that message is gone');
    expect(await say('x', { channel: team.triage.id })).to.equal('422: uli is not in triage-it');
    expect(await say('x', { channel: 'C0NOWHERE' })).to.match(/^422: there is no channel C0NOWHERE/);
  });

  it('edits and deletes what they wrote, and nothing else', async () => {
    const { team, slack } = running;
    const channel = team.help.id;
    const { ts = '' } = await page.does(team.uli, { do: 'say', channel, text: 'one' });
    expect(await page.does(team.uli, { do: 'edit', channel, ts, text: 'two' })).to.deep.equal({});
    expect(at({ channel, ts })).to.have.nested.property('edited.user', team.uli.id);
    expect(at({ channel, ts }).text).to.equal('two');
    expect(await page.refuses(team.zoe, { do: 'edit', channel, ts, text: 'mine' })).to.match(
      /^422: .*did not write/,
    );
    expect(await page.refuses(team.zoe, { do: 'remove', channel, ts })).to.match(/^422: zoe did not write/);
    await page.does(team.uli, { do: 'remove', channel, ts });
    await slack.waitFor(
      () => at({ channel, ts })?.subtype !== undefined || at({ channel, ts }) === undefined,
      'it to go',
    );
    expect(slack.sees(team.zoe, 'two')).to.equal(false);
  });

  it('reacts, takes it back, joins and leaves', async () => {
    const { team } = running;
    const channel = team.help.id;
    const { ts = '' } = await page.does(team.uli, { do: 'say', channel, text: 'react to this' });
    const react = { do: 'react', channel, ts, name: 'heart' } as const;
    await page.does(team.zoe, { ...react, on: true });
    expect(at({ channel, ts }).reactions).to.deep.equal([{ name: 'heart', users: [team.zoe.id], count: 1 }]);
    await page.does(team.zoe, { ...react, on: false });
    expect(at({ channel, ts }).reactions).to.equal(undefined);
    expect(await page.refuses(team.ben, { ...react, on: true })).to.equal('422: ben is not in help-it');
    expect(await page.refuses(team.zoe, { ...react, name: '<b>', on: true })).to.match(
      /^422: there is no emoji/,
    );

    await page.does(team.ben, { do: 'join', channel });
    await page.does(team.ben, { ...react, on: true });
    await page.does(team.ben, { do: 'leave', channel });
    expect(team.help.members.has(team.ben.id)).to.equal(false);
    expect(await page.refuses(team.uli, { do: 'join', channel: team.triage.id })).to.match(
      /^422: uli does not see/,
    );
    const dm = running.slack.dmOf(team.uli);
    expect(await page.refuses(team.uli, { do: 'leave', channel: dm })).to.match(/^422: nobody leaves/);
  });

  it('is told where the app does not hear of its name, and brings it there', async () => {
    const { team, slack } = running;
    const { id: channel } = slack.channels.add({ name: 'floor-9', members: [team.zoe], bot: false });
    const say = (text: string, where = channel): Promise<Done> =>
      page.does(team.zoe, { do: 'say', channel: where, text });
    expect(await say('@TrIAge a new mouse, please')).to.have.property('isUnheard', true);
    expect(await say('a mouse, please')).to.not.have.property('isUnheard');
    expect(await say('@triage a mouse is here', team.help.id)).to.not.have.property('isUnheard');
    await running.cardOf('a mouse is here');
    expect(await page.refuses(team.uli, { do: 'invite', channel })).to.equal('422: uli is not in floor-9');

    expect(await page.does(team.zoe, { do: 'invite', channel })).to.deep.equal({});

    const { payload } = await slack.waitFor(
      () =>
        slack
          .deliveries()
          .find(
            ({ payload: { event } }) =>
              isJson(event) && event['type'] === 'member_joined_channel' && event['channel'] === channel,
          ),
      'the app to be told of it',
    );
    expect(payload['event']).to.include({ user: slack.botUserId, inviter: team.zoe.id });
    expect(await say('@triage a keyboard, please')).to.not.have.property('isUnheard');
    await running.cardOf('a keyboard, please');
    expect(slack.messages(team.triage).some((each) => textOf(each).includes('a new mouse'))).to.equal(false);
  });

  it('gives commands and takes the answer off their screen', async () => {
    const { team, slack } = running;
    const channel = team.help.id;
    expect(
      await page.does(team.zoe, { do: 'slash', channel, command: '/triage', text: 'help' }),
    ).to.deep.equal({});
    const { ts } = await isTold(running, team.zoe, 'To ask: write me a DM');
    const shows = async (): Promise<boolean> =>
      (await page.state(team.zoe, { channel })).open.messages.some(
        (each) => each.ts === ts && each.isEphemeral,
      );
    expect(await shows()).to.equal(true);
    expect(await page.refuses(team.uli, { do: 'dismissEphemeral', ts })).to.match(
      /^422: uli sees no message/,
    );
    await page.does(team.zoe, { do: 'dismissEphemeral', ts });
    expect(await shows()).to.equal(false);
    expect(slack.ephemerals(team.zoe)).to.have.length(0);
    expect(await page.refuses(team.zoe, { do: 'slash', channel, command: '/nope', text: '' })).to.equal(
      '422: /nope is not a valid command',
    );
  });

  it('presses buttons and menu entries of a card, which is known by its number', async () => {
    const { team } = running;
    const asked = await ask(running, 'The lift is stuck');
    const card = await cardSeen(asked);
    expect(textOf(card)).to.include(`#${asked.id}`);
    const asker = await page.state(team.uli, { channel: team.help.id, thread: asked.ts });
    expect(asker.thread?.messages).to.have.length(2);
    expect(
      [...asker.open.messages, ...asker.thread!.messages].every((each) => each.requestNumber === null),
    ).to.equal(true);
    const press = (text: string, shown: Pick<Message, 'blocks'>) =>
      ({ do: 'press', ...asked.card, ...named(shown, text) }) as const;
    expect(await page.refuses(team.uli, press('Take it', card))).to.match(
      /^422: uli does not see|^422: U\w+ does not see/,
    );
    expect(await page.refuses(team.ana, { ...press('Take it', card), blockId: 'elsewhere' })).to.match(
      /^422: no such button: the one wanted; there are: /,
    );
    expect(await page.does(team.ana, press('Take it', card))).to.deep.equal({});
    await stands(running, asked, 'in progress', 'ana');
    const taken = await cardSeen(asked);
    expect(await page.does(team.ana, press('Priority…', taken))).to.deep.equal({});
    const form = await opened(running, team.ana, `Priority #${asked.id}`);
    await page.does(team.ana, { do: 'dismiss', view: form.id });
  });

  it('fills in a form that says what is wrong with it, and sends it', async () => {
    const { team, slack } = running;
    const asked = await ask(running, 'The door squeaks');
    const view = await openForm(running, team.ana, asked, 'hold', 'Put on hold');
    const seen = (await page.state(team.ana)).views;
    expect(seen.map(({ id }) => id)).to.deep.equal([view.id]);
    expect((await page.state(team.ben)).views).to.deep.equal([]);
    const inputs = pressables(view.body.blocks).map(({ blockId, actionId, kind }) => ({
      blockId,
      actionId,
      kind,
    }));
    const when = inputs.find(({ kind }) => kind === 'datetimepicker')!;
    const why = inputs.find(({ kind }) => kind === 'plain_text_input')!;

    const submit = (values: Readonly<Record<string, string | null>>) =>
      ({ do: 'submit', view: view.id, values }) as const;
    const left = await page.does(team.ana, submit({ [why.actionId]: null, [when.actionId]: null }));
    expect(Object.keys(left.errors ?? {})).to.include(why.blockId);
    const past = String(Math.floor(Date.now() / 1000) - 3600);
    const wrong = await page.does(team.ana, submit({ [why.actionId]: 'Parts', [when.actionId]: past }));
    expect(Object.keys(wrong.errors ?? {})).to.deep.equal([when.blockId]);
    expect(await page.refuses(team.ben, submit({}))).to.equal('422: that form is not open any more');
    expect(await page.refuses(team.ana, submit({ nothing: 'x' }))).to.match(
      /^422: the modal has no input nothing/,
    );
    const future = String(Math.floor(Date.now() / 1000) + 3600);
    expect(
      await page.does(team.ana, submit({ [why.actionId]: 'Parts', [when.actionId]: future })),
    ).to.deep.equal({});
    await stands(running, asked, 'on hold');
    expect(slack.views(team.ana)).to.deep.equal([]);
  });

  it('opens a form by a shortcut from anywhere or on a message, and closes it by its cross', async () => {
    const { team, slack } = running;
    await page.does(team.zoe, { do: 'shortcut', callbackId: 'new_request' });
    const view = await opened(running, team.zoe, 'New request');
    expect(await page.refuses(team.uli, { do: 'dismiss', view: view.id })).to.equal(
      '422: that form is not open any more',
    );
    await page.does(team.zoe, { do: 'dismiss', view: view.id });
    expect(slack.views(team.zoe)).to.deep.equal([]);
    const ref = { channel: team.triage.id, ts: slack.say(team.ana, team.triage, 'Look at the router') };
    await page.does(team.ana, { do: 'shortcut', callbackId: 'triage_this', ...ref });
    await running.cardOf('Look at the router');
    expect(await page.refuses(team.ana, { do: 'shortcut', callbackId: 'triage_this' })).to.match(
      /^422: the app has no/,
    );
  });

  it('chooses in a menu of a message, of two that go by one name the one of its block', async () => {
    const { team, slack } = running;
    const menu = (blockId: string): Json => ({
      type: 'actions',
      block_id: blockId,
      elements: [{ type: 'users_select', action_id: 'who' }],
    });
    const web = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, logger: quiet });
    const blocks = [menu('first'), menu('second')];
    await web.apiCall('chat.postMessage', { channel: team.help.id, text: 'two menus', blocks });
    const { ts = '' } = slack.messages(team.help).at(-1) ?? {};
    const choose = { do: 'choose', channel: team.help.id, ts, actionId: 'who', value: team.ben.id } as const;
    expect(await page.does(team.zoe, { ...choose, blockId: 'second' })).to.deep.equal({});
    const told = slack.deliveries().findLast(({ payload }) => payload['type'] === 'block_actions')?.payload;
    expect(told).to.have.nested.property('actions[0].block_id', 'second');
    expect(told).to.have.nested.property('actions[0].selected_user', team.ben.id);
    expect(await page.refuses(team.zoe, { ...choose, blockId: 'third' })).to.equal(
      '422: no such menu: the one wanted',
    );
  });

  it('presses in a form', async () => {
    const { team, slack } = running;
    const asked = await ask(running, 'Everything at once');
    const card = at(asked.card);
    await page.does(team.ana, { do: 'press', ...asked.card, ...named(card, 'More…') });
    const view = await slack.waitFor<View | undefined>(
      () => slack.views(team.ana).at(-1),
      'the form of all actions',
    );
    const button = pressables(view.body.blocks).find(({ text }) => text === 'Take it')!;
    const press = { do: 'pressInView', view: view.id, actionId: button.actionId, value: null } as const;
    expect(await page.refuses(team.ben, press)).to.equal('422: that form is not open any more');
    expect(await page.does(team.ana, press)).to.deep.equal({});
    await stands(running, asked, 'in progress', 'ana');
  });

  it('sees what Slack shows when nobody answers', async () => {
    const { team, slack } = running;
    const asked = await ask(running, 'Nobody will answer this');
    const press = { do: 'press', ...asked.card, ...named(at(asked.card), 'Take it') } as const;
    await running.app().stop();
    const command = { do: 'slash', channel: team.help.id, command: '/triage', text: 'mine' } as const;
    const advice = 'TrIAge is not connected; try again when it is.';
    expect(await page.does(team.ana, press)).to.deep.equal({
      error: `We had some trouble connecting. ${advice}`,
    });
    expect(await page.does(team.uli, command)).to.deep.equal({
      error: `/triage failed with the error "dispatch_failed". ${advice}`,
    });
    expect((await page.state(team.ana)).notices).to.deep.equal([
      'block_actions failed with the error "dispatch_failed"',
    ]);
    expect((await page.state(team.ben)).notices).to.deep.equal([]);
    expect(slack.userErrors()).to.have.length(2);
    const web = new WebClient(slack.appToken, { slackApiUrl: slack.apiUrl, logger: quiet });
    const { url } = await web.apps.connections.open();
    const deaf = new WebSocket(url ?? '');
    await slack.waitFor(() => slack.socket.open().length > 0, 'somebody who hears and never answers');
    expect((await page.does(team.uli, command)).error).to.equal(
      '/triage failed with the error "operation_timeout". TrIAge did not answer; look whether it was done before you try again.',
    );
    deaf.close();
    await running.restart();
  });
});
