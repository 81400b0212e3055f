import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { type SmallApp, startSmallApp } from './small-app.ts';
import { asText, type Channel, isJson, type Json, type Person } from './wire.ts';

const plain = (text: string): Json => ({ type: 'plain_text', text });
const button = (actionId: string, text: string, value = ''): Json => ({
  type: 'button',
  action_id: actionId,
  text: plain(text),
  ...(value === '' ? {} : { value }),
});
const card: Json[] = [
  { type: 'section', block_id: 'head', text: plain('Printer burns') },
  {
    type: 'actions',
    block_id: 'do',
    elements: [
      button('take', 'Take it', '7'),
      { type: 'users_select', action_id: 'assign' },
      {
        type: 'overflow',
        action_id: 'more',
        options: [
          { text: plain('Decline'), value: 'decline' },
          { text: plain('Move'), value: 'move' },
        ],
      },
    ],
  },
];
const modal: Json = {
  type: 'modal',
  callback_id: 'new_request',
  title: plain('New request'),
  submit: plain('Send'),
  private_metadata: 'here',
  blocks: [
    {
      type: 'input',
      block_id: 'what',
      label: plain('What'),
      element: { type: 'plain_text_input', action_id: 'text', max_length: 20 },
    },
    {
      type: 'input',
      block_id: 'level',
      label: plain('Priority'),
      element: {
        type: 'static_select',
        action_id: 'priority',
        options: [
          { text: plain('Normal'), value: 'normal' },
          { text: plain('Urgent'), value: 'urgent' },
        ],
        initial_option: { text: plain('Normal'), value: 'normal' },
      },
    },
    { type: 'actions', block_id: 'extra', elements: [button('again', 'Add a line')] },
  ],
};

describe('what people do with the app in the local Slack', () => {
  let app: SmallApp;
  let ana: Person;
  let help: Channel;
  let now: number;

  beforeEach(async () => {
    now = Date.now();
    app = await startSmallApp({ elapsedMs: () => now });
    ana = app.slack.people.add({ name: 'ana' });
    help = app.slack.channels.add({ name: 'help', members: [ana] });
  });
  afterEach(() => app.close());

  const last = (): Json => app.heard.at(-1)?.body ?? {};

  async function post(): Promise<{ channel: string; ts: string }> {
    await app.web.apiCall('chat.postMessage', { channel: help.id, text: 'card', blocks: card });
    return { channel: help.id, ts: app.slack.messages(help).at(-1)?.ts ?? '' };
  }

  async function whisper(): Promise<{ channel: string; ts: string }> {
    await app.web.apiCall('chat.postEphemeral', { channel: help.id, user: ana.id, text: 'x', blocks: card });
    return { channel: help.id, ts: app.slack.ephemerals(ana).at(-1)?.ts ?? '' };
  }

  async function errorOf(method: string, args: Json): Promise<string> {
    const error: unknown = await app.web.apiCall(method, args).catch((each: unknown) => each);
    return isJson(error) && isJson(error['data']) ? asText(error['data']['error']) : '';
  }

  /** A slash command whose trigger opens the modal. */
  async function openModal(view: Json = modal): Promise<void> {
    const { triggerId } = await app.slack.slash(ana, help, '/triage', 'new');
    await app.web.apiCall('views.open', { trigger_id: triggerId, view });
  }

  it('a slash command names people and channels, and escapes the rest', async () => {
    await app.slack.slash(ana, help, '/triage', 'assign #12 @ana in #help <now> & here');
    expect(last()).to.include({
      command: '/triage',
      text: `assign #12 <@${ana.id}|ana> in <#${help.id}|help> &lt;now&gt; &amp; here`,
      channel_name: 'help',
      user_id: ana.id,
    });
    await app.slack.slash(ana, app.slack.dmOf(ana), '/triage', 'help');
    expect(last()).to.include({ channel_name: 'directmessage' });
  });

  it('a button is pressed by its action or its text, an overflow option by its text', async () => {
    const ref = await post();
    await app.slack.press(ana, ref, 'take');
    expect(last()).to.deep.include({ type: 'block_actions', channel: { id: help.id, name: 'help' } });
    expect(last())
      .to.have.nested.property('actions[0]')
      .that.includes({ action_id: 'take', block_id: 'do', value: '7' });
    expect(last()).to.have.nested.property('message.ts', ref.ts);
    await app.slack.press(ana, ref, 'Move');
    expect(last()).to.have.nested.property('actions[0].selected_option.value', 'move');
    await app.slack.press(ana, ref, (each) => each.value === 'decline');
    expect(last()).to.have.nested.property('actions[0].selected_option.text.text', 'Decline');
    await app.slack.choose(
      ana,
      ref,
      ({ blockId, kind }) => blockId === 'do' && kind === 'users_select',
      ana.id,
    );
    expect(last()).to.have.nested.property('actions[0].selected_user', ana.id);
    expect(() => app.slack.press(ana, ref, 'Resolve')).to.throw(
      /no such button: Resolve; there are: Take it/,
    );
  });

  it('nobody presses what they do not see', async () => {
    const eve = app.slack.people.add({ name: 'eve', teamId: 'T0OTHER' });
    const ref = await post();
    expect(() => app.slack.press(eve, ref, 'take')).to.throw(/does not see/);
    const ephemeral = await whisper();
    const ben = app.slack.people.add({ name: 'ben' });
    expect(() => app.slack.press(ben, ephemeral, 'take')).to.throw(/sees no message/);
    await app.slack.press(ana, ephemeral, 'take');
    expect(last()).to.not.have.property('message');
    expect(last()['container']).to.include({ is_ephemeral: true, message_ts: ephemeral.ts });
  });

  it('a response_url answers five times in half an hour', async () => {
    await app.slack.slash(ana, help, '/triage', 'list');
    const url = asText(last()['response_url']);
    const respond = (body: Json): Promise<Response> =>
      fetch(url, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
    expect((await respond({ text: 'for you' })).status).to.equal(200);
    expect((await respond({ text: 'for all', response_type: 'in_channel' })).status).to.equal(200);
    expect(app.slack.ephemerals(ana).map((each) => each.text)).to.deep.equal(['for you']);
    expect(app.slack.messages(help).map((each) => each.text)).to.deep.equal(['for all']);
    for (let count = 0; count < 3; count += 1) await respond({ text: 'more' });
    const used = await respond({ text: 'more' });
    expect([used.status, await used.json()]).to.deep.equal([404, { ok: false, error: 'used_url' }]);
    await app.slack.slash(ana, help, '/triage', 'list');
    now += 31 * 60_000;
    const late = await fetch(asText(last()['response_url']), { method: 'POST', body: '{"text":"x"}' });
    expect(late.status).to.equal(404);
  });

  it('a response_url changes or removes what the button was on', async () => {
    const ephemeral = await whisper();
    await app.slack.press(ana, ephemeral, 'take');
    const url = asText(last()['response_url']);
    const headers = { 'content-type': 'application/json' };
    await fetch(url, { method: 'POST', headers, body: '{"replace_original":true,"text":"taken"}' });
    expect(app.slack.ephemerals(ana).map((each) => [each.text, each.blocks])).to.deep.equal([['taken', []]]);
    await fetch(url, { method: 'POST', headers, body: '{"delete_original":true}' });
    expect(app.slack.ephemerals(ana)).to.deep.equal([]);
  });

  it('a response_url changes or removes an ordinary message too, and takes no nonsense', async () => {
    const ref = await post();
    await app.slack.press(ana, ref, 'take');
    const url = asText(last()['response_url']);
    const respond = async (body: Json): Promise<number> => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
    };
    expect(await respond({ replace_original: true, text: 'taken', blocks: [{ type: 'divider' }] })).to.equal(
      200,
    );
    expect(app.slack.messages(help).map((each) => [each.text, each.blocks?.length])).to.deep.equal([
      ['taken', 1],
    ]);
    expect(await respond({ text: 'x', blocks: [{ type: 'no such' }] })).to.equal(400);
    expect(await respond({})).to.equal(400);
    expect(await respond({ delete_original: true })).to.equal(200);
    expect(app.slack.messages(help)).to.deep.equal([]);
    expect(await respond({ delete_original: true })).to.equal(404);
    expect((await fetch(`${url}x`, { method: 'POST', body: '{}' })).status).to.equal(404);
  });

  it('every kind of input reports what was chosen in it', async () => {
    const choices = [
      { text: plain('One'), value: '1' },
      { text: plain('Two'), value: '2' },
    ];
    const kinds: [string, Json, string | string[], Json][] = [
      ['a', { type: 'users_select', initial_user: 'U1' }, 'U2', { selected_user: 'U2' }],
      ['b', { type: 'multi_users_select' }, ['U1', 'U2'], { selected_users: ['U1', 'U2'] }],
      ['c', { type: 'channels_select' }, 'C1', { selected_channel: 'C1' }],
      ['d', { type: 'conversations_select' }, 'C1', { selected_conversation: 'C1' }],
      ['e', { type: 'datepicker' }, '2026-01-05', { selected_date: '2026-01-05' }],
      ['f', { type: 'timepicker' }, '09:30', { selected_time: '09:30' }],
      ['g', { type: 'datetimepicker' }, '1767603600', { selected_date_time: 1_767_603_600 }],
      ['h', { type: 'checkboxes', options: choices }, ['2'], { selected_options: [choices[1]] }],
      ['i', { type: 'radio_buttons', options: choices }, 'Two', { selected_option: choices[1] }],
      ['j', { type: 'number_input', is_decimal_allowed: false }, '7', { value: '7' }],
    ];
    const blocks = kinds.map(([id, element]) => ({
      type: 'input',
      block_id: id,
      label: plain(id),
      element: { action_id: id, ...element },
    }));
    await openModal({ ...modal, blocks });
    const chosen = Object.fromEntries(kinds.map(([id, , value]) => [id, value]));
    await app.slack.submit(ana, chosen);
    const expected = kinds.map(([id, element, , state]) => [
      id,
      { [id]: { type: element['type'], ...state } },
    ]);
    expect(last()).to.have.nested.property('view.state.values').deep.equal(Object.fromEntries(expected));
    await openModal({ ...modal, blocks });
    const missing = (await app.slack.submit(ana)).errors ?? {};
    expect(Object.keys(missing)).to.deep.equal(['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']);
    const wrong: unknown = await app.slack.submit(ana, { nowhere: 'x' }).catch((error: unknown) => error);
    expect(wrong)
      .to.have.property('message')
      .that.matches(/no input nowhere/);
  });

  it('a trigger opens one modal, within three seconds', async () => {
    const { triggerId } = await app.slack.shortcut(ana, 'new_request');
    expect(last())
      .to.include({ type: 'shortcut', callback_id: 'new_request' })
      .and.to.not.have.property('channel');
    expect(
      await errorOf('views.open', { trigger_id: triggerId, view: { ...modal, submit: undefined } }),
    ).to.equal('invalid_arguments');
    expect(await errorOf('views.open', { trigger_id: triggerId, view: modal })).to.equal('');
    expect(await errorOf('views.open', { trigger_id: triggerId, view: modal })).to.equal(
      'exchanged_trigger_id',
    );
    const late = await app.slack.shortcut(ana, 'new_request');
    now += 3001;
    expect(await errorOf('views.open', { trigger_id: late.triggerId, view: modal })).to.equal(
      'expired_trigger_id',
    );
    expect(await errorOf('views.open', { trigger_id: 'made.up', view: modal })).to.equal(
      'invalid_trigger_id',
    );
    expect(app.slack.views(ana)).to.have.length(1);
  });

  it('a message shortcut carries its message, wherever the bot is', async () => {
    const elsewhere = app.slack.channels.add({
      name: 'elsewhere',
      isPrivate: true,
      members: [ana],
      bot: false,
    });
    const ts = app.slack.say(ana, elsewhere, 'my screen');
    await app.slack.shortcut(ana, 'triage_this', { channel: elsewhere.id, ts });
    expect(last()).to.include({ type: 'message_action', message_ts: ts });
    expect(last()).to.have.nested.property('channel.name', 'privategroup');
    expect(last()).to.have.nested.property('message.text', 'my screen');
  });

  it('a modal is submitted with what was typed, chosen, or there from the start', async () => {
    await openModal();
    expect((await app.slack.submit(ana)).errors).to.deep.equal({
      what: 'Please complete this required field.',
    });
    expect((await app.slack.submit(ana, { text: 'x'.repeat(21) })).errors).to.have.property('what');
    app.answer = () => ({ response_action: 'errors', errors: { what: 'Say more' } });
    expect((await app.slack.submit(ana, { text: 'pc' })).errors).to.deep.equal({ what: 'Say more' });
    expect(app.slack.views(ana)).to.have.length(1);
    app.answer = () => undefined;
    const sent = await app.slack.submit(ana, { what: 'my pc', priority: 'Urgent' });
    expect(sent).to.not.have.property('errors');
    expect(last())
      .to.have.nested.property('view.state.values')
      .deep.equal({
        what: { text: { type: 'plain_text_input', value: 'my pc' } },
        level: {
          priority: { type: 'static_select', selected_option: { text: plain('Urgent'), value: 'urgent' } },
        },
      });
    expect(last()).to.have.nested.property('view.private_metadata', 'here');
    expect(app.slack.views(ana)).to.have.length(0);
  });

  it('a modal can be updated, pushed upon, and closed altogether', async () => {
    await openModal();
    const before = app.slack.views(ana)[0];
    await app.web.apiCall('views.update', { view_id: before?.id, hash: before?.hash, view: modal });
    const old = { view_id: before?.id, hash: 'old', view: modal };
    expect(await errorOf('views.update', old)).to.equal('hash_conflict');
    const pressed = await app.slack.pressInView(ana, 'Add a line');
    expect(last()).to.have.nested.property('container.type', 'view');
    await app.web.apiCall('views.push', { trigger_id: pressed.triggerId, view: modal });
    app.answer = () => ({ response_action: 'push', view: modal });
    await app.slack.submit(ana, { text: 'two' });
    expect(app.slack.views(ana).map((each) => each.rootId)).to.deep.equal([
      before?.id,
      before?.id,
      before?.id,
    ]);
    const third = await app.slack.pressInView(ana, 'again');
    expect(await errorOf('views.push', { trigger_id: third.triggerId, view: modal })).to.equal(
      'push_limit_reached',
    );
    app.answer = () => ({ response_action: 'update', view: { ...modal, blocks: [{ type: 'divider' }] } });
    await app.slack.submit(ana, { text: 'three' });
    expect(app.slack.views(ana).at(-1)?.body.blocks).to.have.length(1);
    app.answer = () => ({ response_action: 'clear' });
    await app.slack.submit(ana);
    expect(app.slack.views(ana)).to.have.length(0);
  });

  it('an answer to a submission that Slack cannot show is an error that the person sees', async () => {
    await openModal();
    app.answer = () => ({ response_action: 'errors', errors: { nowhere: 'oops' } });
    expect(await app.slack.submit(ana, { text: 'x' })).to.include({ error: 'dispatch_failed' });
    expect(app.slack.userErrors()).to.have.length(1);
  });

  it('a message that only they see is off their screen once they have read it', async () => {
    const { ts } = await whisper();
    const ben = app.slack.people.add({ name: 'ben' });
    expect(() => app.slack.dismissEphemeral(ben, ts)).to.throw(/ben sees no message/);
    app.slack.dismissEphemeral(ana, ts);
    expect(app.slack.ephemerals(ana)).to.deep.equal([]);
    expect(() => app.slack.dismissEphemeral(ana, ts)).to.throw(/ana sees no message/);
  });

  it('a closed modal is told only if the app asked for it', async () => {
    await openModal();
    expect(await app.slack.dismiss(ana)).to.equal(undefined);
    await openModal({ ...modal, notify_on_close: true });
    await app.slack.dismiss(ana);
    expect(last()).to.include({ type: 'view_closed', is_cleared: false });
  });

  it('there is no Home tab before the manifest has one', async () => {
    const view = { type: 'home', blocks: [{ type: 'divider' }] };
    expect(await errorOf('views.publish', { user_id: ana.id, view })).to.equal('not_enabled');
  });
});
