import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { parseTriageFile } from '../../src/config/triage-file.ts';
import type { TriageFile } from '../../src/config/triage-spec.ts';
import { ConfigError, TransientError } from '../../src/errors.ts';
import { createAppTokenTest, createSlackClient } from '../../src/slack/client.ts';
import { checkAgainstSlack, type SlackCheck } from '../../src/slack/startup-checks.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { type LocalSlack, type LocalSlackOptions, startLocalSlack } from '../workspace/local-slack.ts';

const logger = captureLogger();

function fileOf(...lines: readonly string[]): TriageFile {
  return parseTriageFile(['queues:', ...lines].join('\n'), 't.yaml');
}

const good = fileOf(
  '  - name: it',
  '    triage_channel: "#triage-it"',
  '    intake: [{ channel: "#Help-IT", mode: every_message }]',
  '    rotation: ["@ana", ben@example.com]',
  '    lead: "@Lea"',
  '    escalation: "#managers"',
);

describe('the checks against Slack', () => {
  let slack: LocalSlack;

  async function start(options: LocalSlackOptions = {}): Promise<void> {
    slack = await startLocalSlack(options);
    const [ana, ben] = ['ana', 'ben'].map(
      (name) => slack.people.add({ id: `U${name.toUpperCase()}`, name }).id,
    );
    slack.people.add({ id: 'ULEA', name: 'lea.m', displayName: 'Lea' });
    const members = [ana ?? '', ben ?? ''];
    slack.channels.add({ id: 'CTRIAGE', name: 'triage-it', isPrivate: true, members });
    slack.channels.add({ id: 'CHELP', name: 'help-it', members });
    slack.channels.add({ id: 'CMAN', name: 'managers', members });
  }

  beforeEach(() => start());
  afterEach(() => slack.close());

  function check(file: TriageFile, tokens: { bot?: string; app?: string } = {}): Promise<SlackCheck> {
    const { apiUrl } = slack;
    return checkAgainstSlack({
      client: createSlackClient({ botToken: tokens.bot ?? slack.botToken, apiUrl, logger }),
      testAppToken: createAppTokenTest({ appToken: tokens.app ?? slack.appToken, apiUrl, logger }),
      file,
    });
  }

  async function problems(
    file: TriageFile,
    tokens: { bot?: string; app?: string } = {},
  ): Promise<readonly string[]> {
    try {
      await check(file, tokens);
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
    return [];
  }

  it('resolve every name to its id, whatever form it has, without listing what it need not', async () => {
    const { queues, warnings, installation } = await check(good);
    expect(queues[0]).to.deep.include({
      triageChannel: 'CTRIAGE',
      intake: [{ channel: 'CHELP', mode: 'every_message' }],
      lead: 'ULEA',
      escalation: { kind: 'channel', channel: 'CMAN' },
    });
    expect(queues[0]?.rotation.people).to.deep.equal(['UANA', 'UBEN']);
    expect(warnings).to.deep.equal([]);
    expect(installation).to.include({ userId: slack.botUserId, teamId: slack.teamId });
    expect(slack.countOf('conversations.list')).to.equal(0);
    const ids = fileOf('  - { name: it, triage_channel: CTRIAGE, rotation: [UANA] }');
    expect((await check(ids)).queues[0]?.rotation.people).to.deep.equal(['UANA']);
    expect(slack.countOf('users.list')).to.equal(1);
  });

  it('name every channel and person that is not as the file says, with its line and what may be meant', async () => {
    slack.people.add({ name: 'old', deleted: true, email: 'old@example.com' });
    slack.people.add({ name: 'guest', teamId: 'T0OTHER' });
    for (const name of ['tw.in', 'tw.o']) slack.people.add({ id: `U${name}`, name, displayName: 'Twin' });
    slack.channels.add({ name: 'empty', bot: false });
    slack.channels.archive(slack.channels.add({ name: 'past' }));
    const found = await problems(
      fileOf(
        '  - name: it',
        '    triage_channel: "#triage-ti"',
        '    intake: [{ channel: "#empty" }, { channel: "#past" }]',
        '    rotation:',
        '      - "@anna"',
        '      - "@old"',
        '      - "@guest"',
        '      - "@triage"',
        '      - "@twin"',
        '      - old@example.com',
        '      - bem@example.com',
        '      - U404',
      ),
    );
    expect(found).to.deep.equal([
      't.yaml:3: triage_channel: Slack knows no channel "#triage-ti" (did you mean "#triage-it"?)',
      't.yaml:4: intake: the bot is not in "#empty"; invite it there with /invite',
      't.yaml:4: intake: the channel "#past" is archived',
      't.yaml:6: rotation: Slack knows no person "@anna" (did you mean "@ana"?)',
      't.yaml:7: rotation: "@old" is deactivated',
      't.yaml:8: rotation: "@guest" is of another workspace',
      't.yaml:9: rotation: "@triage" is a bot',
      't.yaml:10: rotation: "@twin" may be any of Utw.in, Utw.o; name one by id',
      't.yaml:11: rotation: "old@example.com" is deactivated',
      't.yaml:11: "old@example.com" is twice in rotation, under two names',
      't.yaml:12: rotation: Slack knows no person "bem@example.com" (did you mean "ben@example.com"?)',
      't.yaml:13: rotation: Slack knows no person "U404"',
    ]);
  });

  it('name tokens that Slack does not accept, and tokens of the wrong kind', async () => {
    expect(await problems(good, { bot: 'xoxb-wrong', app: 'xapp-wrong' })).to.deep.equal([
      'SLACK_APP_TOKEN: Slack does not accept it (invalid_auth)',
      'SLACK_BOT_TOKEN: Slack does not accept it (invalid_auth)',
    ]);
    expect(await problems(good, { bot: slack.appToken, app: slack.botToken })).to.deep.equal([
      'SLACK_APP_TOKEN: this is no app-level token (xapp-…)',
      'SLACK_BOT_TOKEN: this is no bot token (xoxb-…)',
    ]);
    slack.refuseToken('bot', 'account_inactive');
    expect(await problems(good)).to.deep.equal([
      'SLACK_BOT_TOKEN: Slack does not accept it (account_inactive)',
    ]);
  });

  it('name missing scopes together with the names that are wrong', async () => {
    const { scopes } = await createSlackClient({
      botToken: slack.botToken,
      apiUrl: slack.apiUrl,
      logger,
    }).authTest();
    await slack.close();
    await start({ scopes: scopes.filter((scope) => scope !== 'dnd:read') });
    const wrong = fileOf('  - { name: it, triage_channel: "#triage-ti", rotation: ["@ana"] }');
    expect(await problems(wrong)).to.deep.equal([
      'SLACK_BOT_TOKEN: the scope dnd:read is missing (no reminders while somebody has Do Not Disturb on); add it and reinstall the app',
      't.yaml:2: triage_channel: Slack knows no channel "#triage-ti" (did you mean "#triage-it"?)',
    ]);
  });

  it('accuse no name that a missing scope keeps them from finding', async () => {
    await slack.close();
    await start({ scopes: ['chat:write'] });
    const found = await problems(good);
    expect(found.every((problem) => problem.startsWith('SLACK_BOT_TOKEN: the scope'))).to.equal(true);
    expect(found).to.have.length(13);
  });

  it('warn where private text would be read in public, and of people who are not there', async () => {
    slack.channels.add({ id: 'CPUB', name: 'triage-pub', members: ['UANA'] });
    slack.channels.add({
      id: 'CSHARED',
      name: 'triage-shared',
      isPrivate: true,
      isExtShared: true,
      members: ['UANA'],
    });
    slack.channels.add({ id: 'CSECRET', name: 'secret', isPrivate: true, members: ['UANA'] });
    slack.channels.add({ id: 'CQUIET', name: 'triage-quiet', members: ['UANA'] });
    const { warnings } = await check(
      fileOf(
        '  - { name: a, triage_channel: "#triage-pub", rotation: ["@ana", "@ben"], default: true }',
        '  - { name: b, triage_channel: "#triage-shared", rotation: ["@ana"], intake: [{ channel: "#secret" }] }',
        '  - { name: c, triage_channel: "#triage-quiet", rotation: ["@ana"] }',
      ),
    );
    expect(warnings).to.deep.equal([
      't.yaml:2: triage_channel: "#triage-pub" is public: text from direct messages will be shown to the asker first, to post it there or not',
      't.yaml:2: rotation: "@ben" is not in the triage channel and will be passed over',
      't.yaml:3: triage_channel: "#triage-shared" is shared with another workspace: text from private channels will be shown to the asker first, to post it there or not',
    ]);
  });

  it('are to be tried again while Slack does not answer, and accuse nobody', async () => {
    for (const method of ['auth.test', 'users.conversations', 'users.list', 'conversations.members']) {
      slack.failNext(method, { kind: 'http', status: 503 });
      expect(await check(good).catch((error: unknown) => error), method).to.be.instanceOf(TransientError);
    }
    slack.unreachable();
    expect(await check(good).catch((error: unknown) => error)).to.be.instanceOf(TransientError);
  });

  it('wait where a long list takes more than a minute’s allowance', async () => {
    for (let index = 0; index < 1100; index += 1) slack.people.add({ name: `p${index}` });
    let pages = 0;
    slack.faultPlan(({ method }) => {
      if (method === 'users.list') pages += 1;
      return method === 'users.list' && pages === 2 ? { kind: 'rate_limited', retryAfter: 1 } : undefined;
    });
    expect((await check(good)).queues).to.have.length(1);
    expect(pages).to.equal(3);
  });
});
