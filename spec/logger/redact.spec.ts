import { expect } from 'chai';
import { describe, it } from 'mocha';
import { isSecretName, redactText } from '../../src/logger/redact.ts';

describe('redactText', () => {
  const cases = {
    'connect with xoxb-12-34-AbC now': 'connect with xoxb-[redacted] now',
    'xapp-1-A0-99-deadbeef': 'xapp-[redacted]',
    'TOKEN=xoxp-1-2-3,next': 'TOKEN=xoxp-[redacted],next',
    'xoxe.xoxp-1-abc': 'xoxe.xoxp-[redacted]',
    'wss://wss-primary.slack.com/link/?ticket=0f-1&app_id=a1':
      'wss://wss-primary.slack.com/link/?ticket=[redacted]&app_id=a1',
    'postgres://triage:hunter2@db:5432/triage': 'postgres://triage:[redacted]@db:5432/triage',
    'redis://:p@ss/w:rd@cache:6379/0 refused': 'redis://:[redacted]@cache:6379/0 refused',
    'Authorization: Bearer abc.def-123': 'Authorization: [redacted]',
    '{"authorization":"Basic dXNlcjpwdw==","a":1}': '{"authorization":"[redacted]","a":1}',
    'sent bearer abcdef012345': 'sent bearer [redacted]',
    'POST https://hooks.slack.com/commands/T1/2/secret failed':
      'POST https://hooks.slack.com/[redacted] failed',
    'https://hooks.slack-gov.com/actions/T1/2/secret': 'https://hooks.slack-gov.com/[redacted]',
    '{"response_url":"http://127.0.0.1:9/r/1","x":2}': '{"response_url":"[redacted]","x":2}',
    'host=db password=hunter2 user=t': 'host=db password=[redacted] user=t',
  };

  for (const [text, expected] of Object.entries(cases)) {
    it(`cuts the secret out of ${text}`, () => {
      expect(redactText(text)).to.equal(expected);
    });
  }

  it('cuts every secret of a text, not only the first', () => {
    expect(redactText('xoxb-1 xoxb-2\nxapp-3')).to.equal('xoxb-[redacted] xoxb-[redacted]\nxapp-[redacted]');
  });

  it('leaves harmless text alone', () => {
    for (const text of [
      'http://127.0.0.1:3000/ready',
      'ana@example.org',
      'at 10:30 #12',
      'basic functionality',
    ])
      expect(redactText(text)).to.equal(text);
  });
});

describe('isSecretName', () => {
  it('knows secrets by the name of their property, however it is spelt', () => {
    for (const name of [
      'token',
      'botToken',
      'SLACK_BOT_TOKEN',
      'Authorization',
      'set-cookie',
      'response_url',
      'client_secret',
      'PGPASSWORD',
    ])
      expect(isSecretName(name), name).to.equal(true);
    for (const name of ['tokenKind', 'channel', 'url', 'cookies', 'requestId'])
      expect(isSecretName(name), name).to.equal(false);
  });
});
