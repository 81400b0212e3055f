import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { parseTriageFile } from '../../src/config/triage-file.ts';
import { ConfigError } from '../../src/errors.ts';
import { runs } from './fuzz.ts';

const WHOLE = `timezone: Europe/Madrid
queues:
  - name: it
    default: true
    triage_channel: "#triage-it"
    intake:
      - { channel: "#help-it", mode: every_message }
    rotation: { people: ["@ana", "@ben"], turn: 1w, from: 2026-01-05T09:00 }
    lead: "@lea"
    escalation: "#managers"
    ladder: { urgent: [5m, 10m, 15m, 30m] }
    waiting: { nudge: [1bd, 3bd], notice: 5bd, resolve: 7bd }
    close_after: 2bd
`;

/** Signs of YAML's own, and what a terminal or a log would act on. */
const SIGNS: readonly string[] = [
  '[',
  ']',
  '{',
  '}',
  ':',
  ': ',
  '- ',
  '\n',
  '  ',
  '\t',
  '\r',
  '&a ',
  '*a',
  '<<: *a',
  '!!x ',
  '!<',
  '"',
  "'",
  '|',
  '>',
  '%YAML 1.2\n---\n',
  '---\n',
  '...\n',
  '#',
  '@',
  '`',
  '? ',
  'null',
  '~',
  '1e400',
  '.inf',
  '0x',
  'yes',
  '999999999d',
  '\0',
  '\u0007',
  '\u001b[31m',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\ud800',
  '__proto__',
  'constructor',
  'queues',
  '2026-13-45',
];
const sign = fc.oneof(fc.constantFrom(...SIGNS), fc.string({ unit: 'binary', maxLength: 6 }));

/** Either a file, or problems as an operator can read them. */
function read(text: string): void {
  try {
    expect(parseTriageFile(text, 'triage.yaml').queues.length).to.be.at.least(1);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.problems.length).to.be.at.least(1);
    for (const problem of error.problems) {
      expect(problem).to.match(/^triage\.yaml:\d+: \S/);
      expect(problem).not.to.match(/[\p{Cc}\u2028\u2029]|\bat \S+:\d+:\d+|undefined|\[object /u);
      expect(problem.length).to.be.at.most(500);
    }
  }
}

describe('a configuration', () => {
  it('that is whole is a file', () => {
    expect(parseTriageFile(WHOLE, 'triage.yaml').queues).to.have.length(1);
  });

  it('with anything in the wrong place is a file, or problems of one line each with its number', () => {
    const edits = fc.array(fc.tuple(fc.nat(WHOLE.length), fc.nat(6), sign), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(edits, (made) => {
        read(
          made.reduce((text, [at, gone, added]) => text.slice(0, at) + added + text.slice(at + gone), WHOLE),
        );
      }),
      runs(400),
    );
  });

  it('of any text or any JSON is problems of one line each with its number', () => {
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 30 }), fc.jsonValue(), (signs, json) => {
        read(signs.join(''));
        read(`queues:\n  - ${signs.join('')}`);
        read(JSON.stringify(json));
        read(
          JSON.stringify({ timezone: json, queues: [json, { name: json, rotation: json, waiting: json }] }),
        );
      }),
      runs(150),
    );
  });

  it('nested, repeated or aliased without end is problems too', () => {
    for (const each of SIGNS) {
      read(each.repeat(200));
      read(`queues:\n  - name: ${each.repeat(200)}`);
    }
    for (const depth of [500, 5000]) {
      read('['.repeat(depth) + ']'.repeat(depth));
      read('{a: '.repeat(depth) + '}'.repeat(depth));
    }
    const laughs = Array.from(
      { length: 25 },
      (_, nth) => `b${nth}: &a${nth + 1} [*a${nth}, *a${nth}, *a${nth}]`,
    );
    read(`a: &a0 [x, x]\n${laughs.join('\n')}\nqueues: *a25`);
    read('queues: &a [*a]');
  });
});
