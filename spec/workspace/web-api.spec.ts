import { WebClient } from '@slack/web-api';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { type LocalSlack, type LocalSlackOptions, startLocalSlack } from './local-slack.ts';
import { quiet } from './small-app.ts';
import { asText, type Channel, isJson, isJsonList, type Json, type Person } from './wire.ts';

/** One field of each row of an answer. */
function column(answer: object, rows: string, field: string): unknown[] {
  const all: unknown = Object.entries(answer).find(([name]) => name === rows)?.[1];
  return isJsonList(all) ? all.map((each) => each[field]) : [];
}

describe('the Web API of the local Slack', () => {
  let slack: LocalSlack;
  let web: WebClient;
  let ana: Person;
  let help: Channel;

  async function start(options: LocalSlackOptions = {}): Promise<void> {
    await slack?.close();
    slack = await startLocalSlack(options);
    web = new WebClient(slack.botToken, {
      slackApiUrl: slack.apiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logger: quiet,
    });
    ana = slack.people.add({ name: 'ana', tz: 'America/New_York' });
    help = slack.channels.add({ name: 'help', members: [ana] });
  }

  beforeEach(() => start());
  afterEach(() => slack.close());

  /** The whole answer of a call, whether it went well or not. */
  async function call(method: string, args: Json = {}): Promise<Json> {
    try {
      const { response_metadata: metadata, ...answer } = await web.apiCall(method, args);
      return { ...answer, metadata };
    } catch (error) {
      if (error instanceof Error && 'data' in error && isJson(error.data)) return error.data;
      throw error;
    }
  }

  async function errorOf(method: string, args: Json = {}): Promise<string> {
    return asText((await call(method, args))['error']);
  }

  async function plainCall(method: string, token: string | undefined, body?: string): Promise<Json> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
    const response = await fetch(`${slack.apiUrl}${method}`, { method: 'POST', headers, body: body ?? '{}' });
    const answer: unknown = await response.json();
    return isJson(answer) ? answer : {};
  }

  it('dates calls by the clock that stamps messages', async () => {
    let now = Date.UTC(2026, 0, 5, 9);
    await start({ clock: { now: () => now } });
    await call('chat.postMessage', { channel: help.id, text: 'nine' });
    now += 3_600_000;
    await call('chat.postMessage', { channel: help.id, text: 'ten' });
    expect(slack.calls().map(({ at }) => at)).to.deep.equal([now - 3_600_000, now]);
    expect(slack.messages(help).map(({ ts }) => Number(ts) * 1000)).to.deep.equal([now - 3_600_000, now]);
  });

  it('tells wrong, missing and misplaced tokens apart', async () => {
    expect(await plainCall('auth.test', undefined)).to.include({ error: 'not_authed' });
    expect(await plainCall('auth.test', 'xoxb-wrong')).to.include({ error: 'invalid_auth' });
    expect(await plainCall('users.list', slack.appToken)).to.include({ error: 'not_allowed_token_type' });
    expect(await plainCall('apps.connections.open', slack.botToken)).to.include({
      error: 'not_allowed_token_type',
    });
    slack.refuseToken('bot', 'token_revoked');
    expect(await plainCall('auth.test', slack.botToken)).to.include({ error: 'token_revoked' });
    slack.refuseToken('bot', undefined);
    expect(await plainCall('auth.test', slack.botToken)).to.include({ ok: true });
    expect(await plainCall('chat.scheduleSend', slack.botToken)).to.include({ error: 'unknown_method' });
  });

  it('takes every token that was issued, until that very one is revoked', async () => {
    const next = slack.issueToken('app');
    expect(await plainCall('apps.connections.open', next)).to.include({ ok: true });
    expect(await plainCall('apps.connections.open', slack.appToken)).to.include({ ok: true });
    slack.revokeToken(slack.appToken);
    expect(await plainCall('apps.connections.open', slack.appToken)).to.include({ error: 'token_revoked' });
    expect(await plainCall('apps.connections.open', next)).to.include({ ok: true });
    expect(await plainCall('auth.test', slack.issueToken('bot'))).to.include({ ok: true });
    expect(() => slack.revokeToken('xapp-of-nobody')).to.throw('no such token');
  });

  it('names the scope that is missing', async () => {
    await start({ scopes: ['chat:write', 'channels:read'] });
    const answer = await call('users.info', { user: ana.id });
    expect(answer).to.include({
      error: 'missing_scope',
      needed: 'users:read',
      provided: 'chat:write,channels:read',
    });
    expect(await errorOf('conversations.history', { channel: help.id })).to.equal('missing_scope');
    expect(await errorOf('users.conversations', { types: 'public_channel,private_channel' })).to.equal(
      'missing_scope',
    );
    expect(await call('users.conversations')).to.include({ ok: true });
  });

  it('takes JSON bodies and forms alike', async () => {
    const body = JSON.stringify({ channel: help.id, blocks: [{ type: 'divider' }], text: 'x' });
    expect(await plainCall('chat.postMessage', slack.botToken, body)).to.include({ ok: true });
    expect(
      await call('chat.postMessage', { channel: help.id, blocks: [{ type: 'divider' }], text: 'x' }),
    ).to.include({ ok: true });
    expect(slack.messages(help).map((each) => each.blocks?.[0]?.['type'])).to.deep.equal([
      'divider',
      'divider',
    ]);
    expect(slack.calls()[1]?.body['blocks']).to.deep.equal([{ type: 'divider' }]);
  });

  it('knows people with zone and mail, and who has left', async () => {
    const user = (await web.users.info({ user: ana.id })).user;
    expect(user).to.deep.include({
      name: 'ana',
      tz: 'America/New_York',
      team_id: slack.teamId,
      deleted: false,
    });
    expect(user?.tz_offset).to.be.oneOf([-18_000, -14_400]);
    expect((await web.users.lookupByEmail({ email: 'ANA@example.com' })).user?.id).to.equal(ana.id);
    slack.deactivate(ana);
    expect((await web.users.info({ user: ana.id })).user?.deleted).to.equal(true);
    expect(await errorOf('users.lookupByEmail', { email: 'ana@example.com' })).to.equal('users_not_found');
    expect(await errorOf('users.info', { user: 'U404' })).to.equal('user_not_found');
  });

  it('lists everybody, and tells Do Not Disturb', async () => {
    const { members } = await web.users.list({});
    expect(members?.map((each) => each.name)).to.deep.equal(['triage', 'slackbot', 'ana']);
    expect(await call('dnd.info', { user: ana.id })).to.include({ ok: true, dnd_enabled: false });
    slack.people.change(ana, { dnd: { startsAt: 60_000, endsAt: 120_000 } });
    const dnd = await call('dnd.info', { user: ana.id });
    expect(dnd).to.include({ dnd_enabled: true, next_dnd_start_ts: 60, next_dnd_end_ts: 120 });
  });

  it('hides private channels from a bot that is not in them', async () => {
    const secret = slack.channels.add({ name: 'secret', isPrivate: true, members: [ana], bot: false });
    expect(await errorOf('conversations.info', { channel: secret.id })).to.equal('channel_not_found');
    expect(await errorOf('chat.postMessage', { channel: secret.id, text: 'x' })).to.equal(
      'channel_not_found',
    );
    const listed = await web.conversations.list({ types: 'public_channel,private_channel' });
    expect(listed.channels?.map((each) => each.name)).to.deep.equal(['help']);
    const open = slack.channels.add({ name: 'open', members: [ana], bot: false });
    const info = await web.conversations.info({ channel: open.id, include_num_members: true });
    expect(info.channel).to.include({
      is_member: false,
      is_private: false,
      is_ext_shared: false,
      num_members: 1,
    });
    expect(await errorOf('chat.postMessage', { channel: open.id, text: 'x' })).to.equal('not_in_channel');
    expect(await errorOf('conversations.history', { channel: open.id })).to.equal('not_in_channel');
  });

  it('pages through channels and members by cursor', async () => {
    for (const name of ['a', 'b', 'c', 'd']) slack.channels.add({ name, members: [ana] });
    const names: unknown[] = [];
    for await (const page of web.paginate('users.conversations', { limit: 2 }))
      names.push(column(page, 'channels', 'name'));
    expect(names).to.deep.equal([['help', 'a'], ['b', 'c'], ['d']]);
    const members = await web.conversations.members({ channel: help.id, limit: 1 });
    expect(members.members).to.deep.equal([ana.id]);
    expect(members.response_metadata?.next_cursor).to.not.equal('');
  });

  it('reads the history back from the newest, or forward from oldest, replies left out', async () => {
    const ts = ['1', '2', '3', '4', '5'].map((text) => slack.say(ana, help, text));
    slack.say(ana, help, 'reply', { threadTs: ts[0] });
    slack.say(ana, help, 'also here', { threadTs: ts[0], broadcast: true });
    const texts = async (args: Json): Promise<unknown> => {
      const answer = await call('conversations.history', { channel: help.id, ...args });
      return Array.isArray(answer['messages'])
        ? answer['messages'].map((each: Json) => each['text'])
        : answer;
    };
    expect(await texts({})).to.deep.equal(['also here', '5', '4', '3', '2', '1']);
    expect(await texts({ limit: 2 })).to.deep.equal(['also here', '5']);
    expect(await texts({ oldest: ts[1], limit: 2 })).to.deep.equal(['4', '3']);
    expect(await texts({ oldest: ts[1], latest: ts[3] })).to.deep.equal(['3']);
    expect(await texts({ oldest: ts[1], latest: ts[3], inclusive: true })).to.deep.equal(['4', '3', '2']);
  });

  it('pages through a thread, its first message first and once', async () => {
    const first = slack.say(ana, help, 'first');
    for (const text of ['a', 'b', 'c']) slack.say(ana, help, text, { threadTs: first });
    const texts: unknown[] = [];
    for await (const page of web.paginate('conversations.replies', {
      channel: help.id,
      ts: first,
      limit: 2,
    })) {
      texts.push(...column(page, 'messages', 'text'));
    }
    expect(texts).to.deep.equal(['first', 'a', 'b', 'c']);
    expect(await errorOf('conversations.replies', { channel: help.id, ts: '1.0' })).to.equal(
      'thread_not_found',
    );
  });

  it('opens a direct message once and refuses bots and people who left', async () => {
    const opened = await call('conversations.open', { users: ana.id });
    expect(opened['channel']).to.deep.equal({ id: slack.dmOf(ana) });
    expect(await call('conversations.open', { users: ana.id })).to.include({ already_open: true });
    expect(await call('chat.postMessage', { channel: ana.id, text: 'hi' })).to.include({
      channel: slack.dmOf(ana),
    });
    expect(await errorOf('conversations.open', { users: slack.botUserId })).to.equal('cannot_dm_bot');
    slack.deactivate(ana);
    expect(await errorOf('conversations.open', { users: ana.id })).to.equal('user_disabled');
  });

  it('refuses kinds of conversations that there are not, and lists direct messages with their person', async () => {
    slack.dm(ana, 'hi');
    const listed = await web.users.conversations({ types: 'im' });
    expect(listed.channels?.map((each) => each.user)).to.deep.equal([ana.id]);
    expect(await errorOf('users.conversations', { types: 'rooms' })).to.equal('invalid_types');
    expect(await errorOf('users.conversations', { cursor: 'bm9uc2Vuc2U=' })).to.equal('invalid_cursor');
    slack.channels.archive(help);
    expect((await web.users.conversations({ exclude_archived: true })).channels).to.deep.equal([]);
  });

  it('changes and deletes only what the bot wrote', async () => {
    const theirs = slack.say(ana, help, 'mine');
    expect(await errorOf('chat.update', { channel: help.id, ts: theirs, text: 'x' })).to.equal(
      'cant_update_message',
    );
    expect(await errorOf('chat.delete', { channel: help.id, ts: theirs })).to.equal('cant_delete_message');
    expect(await errorOf('chat.update', { channel: help.id, ts: '1.0', text: 'x' })).to.equal(
      'message_not_found',
    );
    const { ts } = await call('chat.postMessage', {
      channel: help.id,
      text: 'x',
      blocks: [{ type: 'divider' }],
    });
    await call('chat.update', { channel: help.id, ts, text: 'y' });
    expect(slack.messages(help).at(-1))
      .to.include({ text: 'y' })
      .and.to.have.property('blocks')
      .with.length(1);
    await call('chat.update', { channel: help.id, ts, text: 'z', blocks: [] });
    expect(slack.messages(help).at(-1)).to.include({ text: 'z' }).and.to.not.have.property('blocks');
    expect(await errorOf('chat.delete', { channel: help.id, ts })).to.equal('');
    expect(slack.messages(help)).to.have.length(1);
  });

  it('refuses empty, endless and badly built messages', async () => {
    const post = (args: Json): Promise<Json> => call('chat.postMessage', { channel: help.id, ...args });
    expect(await post({})).to.include({ error: 'no_text' });
    expect(await post({ text: 'x'.repeat(40_001) })).to.include({ error: 'msg_too_long' });
    expect(await post({ text: 'x', blocks: 'no' })).to.include({ error: 'invalid_blocks_format' });
    expect(await post({ text: 'x', metadata: { event_type: 'x' } })).to.include({
      error: 'invalid_metadata_format',
    });
    const bad = await post({ text: 'x', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '' } }] });
    expect(bad).to.include({ error: 'invalid_blocks' });
    expect(bad['response_metadata']).to.deep.include({
      messages: ['[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    });
    slack.channels.archive(help);
    expect(await post({ text: 'x' })).to.include({ error: 'is_archived' });
    expect(slack.messages(help)).to.have.length(0);
  });

  it('complains about a reply to what is no first message', async () => {
    await call('chat.postMessage', { channel: help.id, text: 'x', thread_ts: '1.000000' });
    expect(slack.complaints()).to.have.length(1);
  });

  it('shows ephemerals to one member only, and never in the history', async () => {
    const ben = slack.people.add({ name: 'ben' });
    expect(await errorOf('chat.postEphemeral', { channel: help.id, user: ben.id, text: 'x' })).to.equal(
      'user_not_in_channel',
    );
    await call('chat.postEphemeral', { channel: help.id, user: ana.id, text: 'only you' });
    slack.join(ben, help);
    expect(slack.sees(ana, 'only you')).to.equal(true);
    expect(slack.sees(ben, 'only you')).to.equal(false);
    expect(slack.messages(help).map((each) => each.subtype)).to.deep.equal(['channel_join']);
  });

  it('links to messages and to replies', async () => {
    const first = slack.say(ana, help, 'first');
    const reply = slack.say(ana, help, 'reply', { threadTs: first });
    const link = async (ts: string): Promise<unknown> =>
      (await call('chat.getPermalink', { channel: help.id, message_ts: ts }))['permalink'];
    expect(await link(first)).to.equal(
      `https://local-team.slack.com/archives/${help.id}/p${first.replace('.', '')}`,
    );
    expect(await link(reply)).to.include(`?thread_ts=${first}&cid=${help.id}`);
  });

  it('adds, shows and removes reactions', async () => {
    const timestamp = slack.say(ana, help, 'look');
    const item = { channel: help.id, timestamp, name: 'eyes' };
    expect(await errorOf('reactions.add', item)).to.equal('');
    expect(await errorOf('reactions.add', item)).to.equal('already_reacted');
    slack.react(ana, { channel: help.id, ts: timestamp }, 'eyes');
    const got = await web.reactions.get({ channel: help.id, timestamp });
    expect(got.message?.reactions).to.deep.equal([
      { name: 'eyes', users: [slack.botUserId, ana.id], count: 2 },
    ]);
    expect(await errorOf('reactions.remove', item)).to.equal('');
    expect(await errorOf('reactions.remove', item)).to.equal('no_reaction');
  });

  it('limits posts to one channel, with the seconds to wait', async () => {
    await start({ postIntervalMs: 60_000 });
    const other = slack.channels.add({ name: 'other', members: [ana] });
    await call('chat.postMessage', { channel: help.id, text: 'one' });
    await call('chat.postMessage', { channel: other.id, text: 'one' });
    const refused: unknown = await web
      .apiCall('chat.postMessage', { channel: help.id, text: 'two' })
      .catch((error: unknown) => error);
    expect(refused).to.include({ code: 'slack_webapi_rate_limited_error', retryAfter: 60 });
    expect(slack.messages(help)).to.have.length(1);
    expect(slack.calls().at(-1)).to.include({ status: 429 });
  });

  it('goes wrong on demand, and records how', async () => {
    const failing = async (args: Json = {}): Promise<unknown> =>
      web
        .apiCall('chat.postMessage', { channel: help.id, text: 'x', ...args })
        .catch((error: unknown) => error);
    slack.failNext('chat.postMessage', { kind: 'rate_limited', retryAfter: 7 });
    expect(await failing()).to.include({ retryAfter: 7 });
    slack.failNext('chat.postMessage', { kind: 'http', status: 503 });
    expect(await failing()).to.include({ statusCode: 503 });
    slack.failNext('chat.postMessage', { kind: 'html' });
    expect(await failing()).to.have.property('code', 'slack_webapi_platform_error');
    slack.failNext('chat.postMessage', { kind: 'error', error: 'fatal_error' });
    expect(await failing()).to.have.nested.property('data.error', 'fatal_error');
    slack.failNext('*', { kind: 'reset', when: 'before' });
    expect(await failing()).to.have.property('code', 'slack_webapi_request_error');
    expect(slack.messages(help)).to.have.length(0);
    slack.failNext('chat.postMessage', { kind: 'reset', when: 'after' });
    expect(await failing()).to.have.property('code', 'slack_webapi_request_error');
    expect(slack.messages(help)).to.have.length(1);
    slack.failNext('chat.postMessage', { kind: 'hang', ms: 20 });
    expect(await failing()).to.include({ ok: true });
    slack.faultPlan((each) =>
      each.args['text'] === 'bad' ? { kind: 'error', error: 'planned' } : undefined,
    );
    expect(await failing({ text: 'bad' })).to.have.nested.property('data.error', 'planned');
    expect(await failing()).to.include({ ok: true });
    expect(slack.countOf('chat.postMessage')).to.equal(9);
  });

  it('can be out of reach and come back', async () => {
    slack.unreachable();
    const failed: unknown = await web.auth.test().catch((error: unknown) => error);
    expect(failed).to.have.property('code', 'slack_webapi_request_error');
    slack.unreachable(false);
    expect((await web.auth.test()).ok).to.equal(true);
  });
});
