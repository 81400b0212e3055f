import { expect } from 'chai';
import { describe, it } from 'mocha';
import { parseTriageFile } from '../../src/config/triage-file.ts';
import { ConfigError } from '../../src/errors.ts';

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

describe('config/triage.yaml', () => {
  const single: Record<string, readonly [string, string]> = {
    'a file without queues': ['timezone: UTC', '1: the file has no queues'],
    'an empty file': ['# nothing', '1: the file is empty; it must list at least one queue under queues'],
    'a file that is a list': ['- it', '1: the file must have keys: timezone, retention, queues'],
    'queues without a value': ['queues:', '1: queues has no value (what begins with # must be in quotes)'],
    'an empty list of queues': ['queues: []', '1: queues is empty: at least one is needed'],
    'queues that are no list': ['queues: { it: 1 }', '1: queues must be a list of queues'],
    'a key given twice': [queueWith('name: hr'), '5: "name" is given twice (first at line 2)'],
    'a key that is no word': [queueWith('? [a]', ': 1'), '5: "?" is not a key of a queue'],
    'an alias without an anchor': [queueWith('lead: *x'), '5: *x has no &anchor before it'],
    'an alias inside itself': ['queues: &q [*q]', '1: *q contains itself'],
    'an unknown tag': [queueWith('lead: !x "@lea"'), '5: not valid YAML: Unresolved tag: !x'],
    'a zone that is no text': [`timezone: 2\n${queueWith()}`, '1: timezone must be text, in quotes: "2"'],
    'a name that is a number': [
      'queues: [{ name: 007, triage_channel: C1, rotation: [U1] }]',
      '1: name must be text, in quotes: "007"',
    ],
    'a name of two words': [
      'queues: [{ name: "it desk", triage_channel: C1, rotation: [U1] }]',
      '1: name must be one word of letters, digits, - and _ (at most 40), not "it desk" (did you mean "it-desk"?)',
    ],
    'a name without letters': [
      'queues: [{ name: "!", triage_channel: C1, rotation: [U1] }]',
      '1: name must be one word of letters, digits, - and _ (at most 40), not "!"',
    ],
    'a default that is no boolean': [queueWith('default: yes'), '5: default must be true or false'],
    'a channel without #': [
      queueWith('intake: [{ channel: help-it }]'),
      '5: intake[0].channel must be a channel (#name or id), not "help-it" (did you mean "#help-it"?)',
    ],
    'a channel that is none': [
      queueWith('intake: [{ channel: "#a b" }]'),
      '5: intake[0].channel must be a channel (#name or id), not "#a b"',
    ],
    'an intake that is no map': [
      queueWith('intake: ["#help-it"]'),
      '5: intake[0] must have keys: channel, mode',
    ],
    'an intake that is no list': [
      queueWith('intake: "#help-it"'),
      '5: intake must be a list of { channel: "#name", mode: mention }',
    ],
    'a mode that is a list': [
      queueWith('intake: [{ channel: C9, mode: [] }]'),
      '5: intake[0].mode must be mention or every_message, not it',
    ],
    'a person without @': [
      queueWith('lead: lea'),
      '5: lead must be a person (@name, id or e-mail), not "lea" (did you mean "@lea"?)',
    ],
    'a lead that is a list': [queueWith('lead: ["@lea"]'), '5: lead must be text'],
    'an empty text': [queueWith('lead: ""'), '5: lead must be text'],
    'an escalation to neither': [
      queueWith('escalation: boss'),
      '5: escalation must be a person (@name, id or e-mail) or a channel (#name or id), not "boss"',
    ],
    'an unknown priority': [
      queueWith('ladder: { urgnt: [1m, 2m, 3m, 4m] }'),
      '5: "urgnt" is not a key of a ladder (did you mean "urgent"?)',
    ],
    'a ladder that is a list': [
      queueWith('ladder: [1m]'),
      '5: ladder must have keys: urgent, high, normal, low',
    ],
    'steps that are no list': [queueWith('ladder: { low: 1m }'), '5: ladder.low must be a list of durations'],
    'a ladder of three steps': [
      queueWith('ladder: { low: [1m, 2m, 3m] }'),
      '5: ladder.low must have 4 steps: duty, next, lead, escalation',
    ],
    'a ladder of five steps': [
      queueWith('ladder: { low: [1m, 2m, 3m, 4m, 5m] }'),
      '5: ladder.low must have 4 steps: duty, next, lead, escalation',
    ],
    'a ladder that stands still': [
      queueWith('ladder: { low: [1m, 2m, 120s, 4m] }'),
      '5: ladder.low must rise: each time later than the one before',
    ],
    'a step that is no duration': [
      queueWith('ladder:', '  low: [1m, 2min, 3m, 4m]'),
      '6: ladder.low[1] must be a duration like 30s, 5m, 2h, 1d, 2bd, not "2min" (did you mean "2m"?)',
    ],
    'a later step without time': [
      queueWith('ladder: { low: [1m, 0s, 3m, 4m] }'),
      '5: ladder.low[1] must be longer than "0s"',
    ],
    'a nudge after the notice': [
      queueWith('waiting: { nudge: [1bd, 6bd] }'),
      '5: waiting (nudge, notice, resolve) must rise: each time later than the one before',
    ],
    'nudges that are no list': [
      queueWith('waiting: { nudge: 1bd }'),
      '5: waiting.nudge must be a list of durations',
    ],
    'a wrong notice': [
      queueWith('waiting: { notice: 5 days }'),
      '5: waiting.notice must be a duration like 30s, 5m, 2h, 1d, 2bd, not "5 days" (did you mean "5d"?)',
    ],
    'waiting that is no map': [
      queueWith('waiting: 7bd'),
      '5: waiting must have keys: nudge, notice, resolve',
    ],
    'a duration that is a map': [
      queueWith('close_after: {}'),
      '5: close_after must be a duration like 30s, 5m, 2h, 1d, 2bd',
    ],
    'a duration of nothing': [queueWith('close_after: 0s'), '5: close_after must be longer than "0s"'],
    'a rotation that is text': [
      'queues: [{ name: it, triage_channel: C1, rotation: "@ana" }]',
      '1: rotation must be a list of people, or have keys: people, turn, from',
    ],
    'people that are text': [
      'queues: [{ name: it, triage_channel: C1, rotation: { people: "@ana" } }]',
      '1: rotation.people must be a list of people',
    ],
    'a person twice in a rotation': [
      'queues: [{ name: it, triage_channel: C1, rotation: ["@ana", "@Ana"] }]',
      '1: "@Ana" is twice in rotation',
    ],
    'a turn of business days': [
      'queues: [{ name: it, triage_channel: C1, rotation: { people: [U1], turn: 2bd } }]',
      '1: rotation.turn must be a duration like 8h, 1d, 1w, not "2bd" (did you mean "2d"?)',
    ],
    'a turn of no weeks': [
      'queues: [{ name: it, triage_channel: C1, rotation: { people: [U1], turn: 0w } }]',
      '1: rotation.turn must be a duration like 8h, 1d, 1w, not "0w"',
    ],
    'a turn that is a list': [
      'queues: [{ name: it, triage_channel: C1, rotation: { people: [U1], turn: [] } }]',
      '1: rotation.turn must be a duration like 30s, 5m, 2h, 1d, 2bd',
    ],
    'a start that is no date': [
      'queues: [{ name: it, triage_channel: C1, rotation: { people: [U1], from: monday } }]',
      '1: rotation.from must be a date, or date and time, like 2026-01-05T09:00',
    ],
    'a start on a day that is not': [
      'queues: [{ name: it, triage_channel: C1, rotation: { people: [U1], from: 2026-02-30 } }]',
      '1: rotation.from must be a date, or date and time, like 2026-01-05T09:00',
    ],
    'a start that is a list': [
      'queues: [{ name: it, triage_channel: C1, rotation: { people: [U1], from: [] } }]',
      '1: rotation.from must be a date, or date and time, like 2026-01-05T09:00',
    ],
    'an unknown key of a rotation': [
      'queues: [{ name: it, triage_channel: C1, rotation: { people: [U1], turns: 1w } }]',
      '1: "turns" is not a key of a rotation (did you mean "turn"?)',
    ],
    'hours that are a list': [
      queueWith('hours: [always]'),
      '5: hours is not in this version (only "always")',
    ],
  };
  for (const [what, [text, problem]] of Object.entries(single)) {
    it(`refuses ${what} in one line`, () => {
      expect(problems(text)).to.deep.equal([`t.yaml:${problem}`]);
    });
  }
});
