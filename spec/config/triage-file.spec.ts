import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { DateTime } from 'luxon';
import { describe, it } from 'mocha';
import { loadTriageFile, parseTriageFile } from '../../src/config/triage-file.ts';
import type { QueueSpec, TriageFile } from '../../src/config/triage-spec.ts';
import { ConfigError } from '../../src/errors.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

function problemsOf(action: () => unknown): readonly string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const problems = (text: string): readonly string[] => problemsOf(() => parseTriageFile(text, 't.yaml'));

/** One valid queue, to which lines of a queue are added from line 5 on. */
const queueWith = (...lines: string[]): string =>
  [
    'queues:',
    '  - name: it',
    '    triage_channel: "#triage-it"',
    '    rotation: ["@ana", "@ben"]',
    ...lines.map((line) => `    ${line}`),
  ].join('\n');

const queue = (...lines: string[]): QueueSpec => parseTriageFile(queueWith(...lines), 't.yaml').queues[0]!;

describe('parseTriageFile', () => {
  it('fills in every default of a queue that has only a name, a channel and people', () => {
    const file = parseTriageFile(queueWith(), 't.yaml');
    expect(file.timezone).to.equal('UTC');
    expect(file.queues).to.deep.equal([
      {
        name: 'it',
        line: 2,
        isDefault: true,
        triageChannel: { text: '#triage-it', line: 3 },
        intake: [],
        rotation: {
          people: [
            { text: '@ana', line: 4 },
            { text: '@ben', line: 4 },
          ],
          turnMs: 7 * DAY_MS,
          fromMs: Date.UTC(2026, 0, 5),
          zone: 'UTC',
        },
        lead: null,
        escalation: null,
        ladder: {
          urgent: {
            duty: 5 * MINUTE_MS,
            next: 10 * MINUTE_MS,
            lead: 15 * MINUTE_MS,
            escalation: 30 * MINUTE_MS,
          },
          high: { duty: 15 * MINUTE_MS, next: 30 * MINUTE_MS, lead: HOUR_MS, escalation: 2 * HOUR_MS },
          normal: { duty: HOUR_MS, next: 2 * HOUR_MS, lead: 4 * HOUR_MS, escalation: DAY_MS },
          low: { duty: 2 * HOUR_MS, next: 4 * HOUR_MS, lead: 8 * HOUR_MS, escalation: 2 * DAY_MS },
        },
        waiting: { nudgeMs: [DAY_MS, 3 * DAY_MS], noticeMs: 5 * DAY_MS, resolveMs: 7 * DAY_MS },
        closeAfterMs: 2 * DAY_MS,
        hasTakenLine: true,
      },
    ]);
  });

  it('reads everything that a queue may say', () => {
    const { queues } = parseTriageFile(
      [
        'timezone: Europe/Madrid',
        'queues:',
        '  - { name: hr, triage_channel: C0HR, rotation: [U0ZOE] }',
        '  - name: it',
        '    default: true',
        '    triage_channel: "#triage-it"',
        '    intake:',
        '      - { channel: "#help-it", mode: every_message }',
        '      - channel: C0HELP',
        '    rotation: { people: ["@ana", ben@example.org, U012], turn: 2w, from: 2026-01-05T09:00 }',
        '    lead: "@Lea María"',
        '    escalation: "#managers"',
        '    hours: always',
        '    ladder: { urgent: [0s, 1s, 2s, 3s] }',
        '    waiting: { nudge: [10s], resolve: 8bd }',
        '    close_after: 30s',
        '    taken_line: false',
      ].join('\n'),
      't.yaml',
    );
    const [hr, desk] = queues;
    expect(hr?.isDefault).to.equal(false);
    expect(desk).to.deep.include({
      isDefault: true,
      intake: [
        { channel: { text: '#help-it', line: 8 }, mode: 'every_message' },
        { channel: { text: 'C0HELP', line: 9 }, mode: 'mention' },
      ],
      lead: { text: '@Lea María', line: 11 },
      escalation: { kind: 'channel', to: { text: '#managers', line: 12 } },
      waiting: { nudgeMs: [10_000], noticeMs: 5 * DAY_MS, resolveMs: 8 * DAY_MS },
      closeAfterMs: 30_000,
      hasTakenLine: false,
    });
    expect(desk?.ladder.urgent).to.deep.equal({ duty: 0, next: 1000, lead: 2000, escalation: 3000 });
    expect(desk?.ladder.high.duty).to.equal(15 * MINUTE_MS);
    expect(desk?.rotation.people.map(({ text }) => text)).to.deep.equal(['@ana', 'ben@example.org', 'U012']);
    expect(desk?.rotation).to.include({ turnMs: 14 * DAY_MS, zone: 'Europe/Madrid' });
    expect(desk?.rotation.fromMs).to.equal(DateTime.fromISO('2026-01-05T08:00Z').toMillis());
  });

  it('begins a bare rotation on Monday at 00:00 of its zone', () => {
    const { rotation } = parseTriageFile(`timezone: America/New_York\n${queueWith()}`, 't.yaml').queues[0]!;
    const start = DateTime.fromMillis(rotation.fromMs, { zone: 'America/New_York' });
    expect([start.weekday, start.hour, start.minute]).to.deep.equal([1, 0, 0]);
  });

  it('takes an escalation to a person, turns of hours, starts without a time, and no nudges', () => {
    expect(queue('escalation: "@boss"').escalation).to.deep.equal({
      kind: 'person',
      to: { text: '@boss', line: 5 },
    });
    expect(queue('waiting: { nudge: [] }').waiting.nudgeMs).to.deep.equal([]);
    const [desk] = parseTriageFile(
      'queues: [{ name: it, triage_channel: C1, rotation: { people: [U1], turn: 8h, from: 2026-02-01 } }]',
      't',
    ).queues;
    expect(desk?.rotation).to.include({ turnMs: 8 * HOUR_MS, fromMs: Date.UTC(2026, 1, 1) });
  });

  it('follows anchors', () => {
    const text =
      'queues:\n  - &it { name: it, triage_channel: C1, rotation: &us [U1, U2] }\n  - { name: hr, triage_channel: C2, rotation: *us }\n';
    const [desk, hr] = parseTriageFile(text, 't').queues;
    expect(hr?.rotation).to.deep.equal(desk?.rotation);
  });

  it('reports four mistakes in exactly four lines, in the order of the file', () => {
    const text = [
      'timezone: Europe/Madird',
      'queues:',
      '  - name: it',
      '    triage_chanel: "#triage-it"',
      '    triage_channel: "#triage-it"',
      '    rotation: []',
      '    intake:',
      '      - { channel: "#help-it", mode: every_mesage }',
    ].join('\n');
    expect(problemsOf(() => parseTriageFile(text, 'config/triage.yaml'))).to.deep.equal([
      'config/triage.yaml:1: timezone: there is no zone "Europe/Madird" (did you mean "Europe/Madrid"?)',
      'config/triage.yaml:4: "triage_chanel" is not a key of a queue (did you mean "triage_channel"?)',
      'config/triage.yaml:6: rotation is empty: somebody must be on duty',
      'config/triage.yaml:8: intake[0].mode must be mention or every_message, not "every_mesage" (did you mean "every_message"?)',
    ]);
  });

  it('refuses by name what is not in this version', () => {
    const later = [
      'holidays: [2026-12-25]',
      'targets: { urgent: 1h }',
      'owner_silence: { urgent: 1bd }',
      'hours: { mon-fri: ["09:00-17:00"] }',
    ];
    expect(problems(queueWith(...later))).to.deep.equal([
      't.yaml:5: holidays is not in this version',
      't.yaml:6: targets is not in this version',
      't.yaml:7: owner_silence is not in this version',
      't.yaml:8: hours is not in this version (only "always")',
    ]);
  });

  it('reads how long text is kept, and keeps events for 3 and texts for 365 days when nothing is said', () => {
    const retention = (line: string): unknown =>
      parseTriageFile(`${line}\n${queueWith()}`, 't.yaml').retention;
    expect(retention('')).to.deep.equal({ inboxMs: 3 * DAY_MS, closedTextMs: 365 * DAY_MS });
    expect(retention('retention: { inbox: 2d, closed_text: 2d }')).to.deep.equal({
      inboxMs: 2 * DAY_MS,
      closedTextMs: 2 * DAY_MS,
    });
    expect(retention('retention: { closed_text: 72h }')).to.deep.equal({
      inboxMs: 3 * DAY_MS,
      closedTextMs: 3 * DAY_MS,
    });
  });

  it('has one line, with its number, for each retention that cannot be', () => {
    const said = (...lines: string[]): readonly string[] => problems(`${lines.join('\n')}\n${queueWith()}`);
    expect(said('retention:', '  inbox: 47h')).to.deep.equal([
      't.yaml:2: retention.inbox must be at least 2d, not "47h": Slack tells of an event again for 24 h',
    ]);
    expect(said('retention:', '  inbox: 1d', '  closed_text: 1d')).to.have.length(1);
    expect(said('retention:', '  inbox: 5d', '  closed_text: 4d')).to.deep.equal([
      't.yaml:3: retention.closed_text must not be shorter than retention.inbox (3d where the file says none)',
    ]);
    expect(said('retention: { closed_text: 2d }')).to.have.length(1);
    expect(said('retention: { inbox: 366d }')).to.have.length(1);
    expect(said('retention: { closed_text: never }')).to.deep.equal([
      't.yaml:1: retention.closed_text must be a duration like 30s, 5m, 2h, 1d, 2bd, not "never"',
    ]);
    expect(said('retention: 3d')).to.deep.equal(['t.yaml:1: retention must have keys: inbox, closed_text']);
    expect(said('retention: { inbux: 3d }')).to.deep.equal([
      't.yaml:1: "inbux" is not a key of retention (did you mean "inbox"?)',
    ]);
  });

  it('has a line for every compulsory key that is absent', () => {
    expect(problems('queues:\n\n  - lead: "@lea"')).to.deep.equal([
      't.yaml:3: queues[0] has no name',
      't.yaml:3: queues[0] has no triage_channel',
      't.yaml:3: queues[0] has no rotation',
    ]);
    expect(problems(queueWith('intake: [{ mode: mention }]'))).to.deep.equal([
      't.yaml:5: intake[0] has no channel',
    ]);
    expect(problems('queues: [{ name: it, triage_channel: C1, rotation: { turn: 1w } }]')).to.deep.equal([
      't.yaml:1: rotation has no people',
    ]);
  });

  it('explains a value that YAML took for a comment', () => {
    const text =
      'queues:\n  - name: it\n    triage_channel: #triage-it\n    rotation:\n      - "@ana"\n      - #ben\n    lead:\n';
    expect(problems(text)).to.deep.equal([
      't.yaml:3: triage_channel has no value (what begins with # must be in quotes)',
      't.yaml:6: rotation[1] has no value (what begins with # must be in quotes)',
      't.yaml:7: lead has no value (what begins with # must be in quotes)',
    ]);
  });

  it('explains an unquoted @ and still checks the rest', () => {
    expect(problems(queueWith('lead: @lea', 'close_after: soon'))).to.deep.equal([
      't.yaml:5: not valid YAML: Plain value cannot start with reserved character @: put it in quotes',
      't.yaml:6: close_after must be a duration like 30s, 5m, 2h, 1d, 2bd, not "soon"',
    ]);
  });

  it('has one line for each mistake of syntax, and then says nothing of the rest', () => {
    expect(problems('queues:\n  - name: it\n\tlead: x\n  bad: [1\n')).to.satisfy(
      (lines: string[]) =>
        lines.length > 0 && lines.every((line) => /^t\.yaml:\d+: not valid YAML: /.test(line)),
    );
    const lines = problems('- a\nb: 1\n').map((line) => line.split(':')[1]);
    expect(lines).to.deep.equal(['2']);
  });

  it('refuses what two queues cannot share, even when they have other mistakes', () => {
    const text = [
      'queues:',
      '  - { name: it, default: true, triage_channel: "#triage", rotation: [U1], intake: [{ channel: "#help" }] }',
      '  - { name: IT, default: true, triage_channel: "#TRIAGE", rotation: 5 }',
      '  - { name: hr, triage_channel: "#help", rotation: [U1] }',
      '  - { triage_channel: "#t4", rotation: [U1], intake: [{ channel: "#help" }, { channel: "#t4" }] }',
    ].join('\n');
    expect(problems(text)).to.deep.equal([
      't.yaml:3: rotation must be a list of people, or have keys: people, turn, from',
      't.yaml:3: there is already a queue "IT" (line 2)',
      't.yaml:3: there is already a default queue (line 2)',
      't.yaml:3: "#TRIAGE" cannot be the triage channel of queue "IT": it is already the triage channel of queue "it" (line 2)',
      't.yaml:4: "#help" cannot be the triage channel of queue "hr": it is already an intake of queue "it" (line 2)',
      't.yaml:5: queues[3] has no name',
      't.yaml:5: "#help" cannot be an intake of a queue: it is already an intake of queue "it" (line 2)',
      't.yaml:5: "#t4" cannot be an intake of a queue: it is already the triage channel of a queue (line 5)',
    ]);
  });
});

/** The sample with its commented keys switched on, except the one that is there in another form. */
function sampleWithAllKeys(path: string): TriageFile {
  const text = readFileSync(path, 'utf8').replaceAll(
    /^ {4}# (?=(lead|escalation|hours|ladder|waiting|close_after): )/gm,
    '    ',
  );
  return parseTriageFile(text.replaceAll(/^ {4}# {3}(?=(urgent|high|normal|low): )/gm, '      '), path);
}

describe('loadTriageFile', () => {
  it('reads the sample that ships with TrIAge', () => {
    const path = new URL('../../config/triage.yaml', import.meta.url).pathname;
    const file = loadTriageFile(path, 'config/triage.yaml');
    expect(file.queues.map(({ name, isDefault }) => [name, isDefault])).to.deep.equal([['it', true]]);
  });

  it('ships a sample whose commented keys are valid too, and are the defaults', () => {
    const path = new URL('../../config/triage.yaml', import.meta.url).pathname;
    const sample = loadTriageFile(path);
    const full = sampleWithAllKeys(path);
    expect(full.queues[0]).to.deep.include({
      ...sample.queues[0],
      lead: full.queues[0]?.lead,
      escalation: full.queues[0]?.escalation,
    });
    expect(full.queues[0]?.lead?.text).to.equal('@lea');
  });

  it('names TRIAGE_CONFIG and the path when there is no such file', () => {
    expect(problemsOf(() => loadTriageFile('/nowhere/triage.yaml', 'triage.yaml'))).to.deep.equal([
      'TRIAGE_CONFIG: there is no file triage.yaml',
    ]);
    expect(problemsOf(() => loadTriageFile('/'))).to.deep.equal(['TRIAGE_CONFIG: cannot read / (EISDIR)']);
  });

  it('puts the name of the file before every problem', () => {
    const path = new URL('../../package.json', import.meta.url).pathname;
    for (const line of problemsOf(() => loadTriageFile(path, 'p.json')))
      expect(line).to.match(/^p\.json:\d+: /);
  });
});
