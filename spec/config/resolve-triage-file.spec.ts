import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  type Lookup,
  type ResolvedReference,
  type Resolver,
  referencesOf,
  resolveTriageFile,
} from '../../src/config/resolve-triage-file.ts';
import { parseTriageFile } from '../../src/config/triage-file.ts';
import { ConfigError } from '../../src/errors.ts';

const file = parseTriageFile(
  [
    'queues:',
    '  - name: it',
    '    triage_channel: "#triage-it"',
    '    intake: [{ channel: "#help-it", mode: every_message }]',
    '    rotation: ["@ana", ben@example.org]',
    '    lead: "@lea"',
    '    escalation: "#managers"',
    '  - { name: hr, triage_channel: "#triage-hr", rotation: ["@zoe"], escalation: "@lea" }',
  ].join('\n'),
  't.yaml',
);

const IDS: Record<string, string> = {
  '#triage-it': 'C1',
  '#help-it': 'C2',
  '#managers': 'C3',
  '#triage-hr': 'C4',
  '@ana': 'U1',
  'ben@example.org': 'U2',
  '@lea': 'U3',
  '@zoe': 'U4',
};

function resolverOf(ids: Record<string, string>, check?: Resolver['check']): Resolver {
  const find = (text: string): Lookup => {
    const id = ids[text];
    return id === undefined ? { nearest: text === '#triage-it' ? '#triage-ti' : undefined } : { id };
  };
  return { channel: find, person: find, ...(check ? { check } : {}) };
}

function problems(resolver: Resolver): readonly string[] {
  try {
    resolveTriageFile(file, resolver);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('resolveTriageFile', () => {
  it('turns every name into its id and adds the targets', () => {
    const [desk, hr] = resolveTriageFile(file, resolverOf(IDS));
    expect(desk).to.deep.include({
      name: 'it',
      isDefault: true,
      triageChannel: 'C1',
      intake: [{ channel: 'C2', mode: 'every_message' }],
      lead: 'U3',
      escalation: { kind: 'channel', channel: 'C3' },
    });
    expect(desk?.rotation.people).to.deep.equal(['U1', 'U2']);
    expect(desk?.targets.firstResponseMs.urgent).to.equal(15 * 60_000);
    expect(desk?.targets.resolutionMs.low).to.equal(40 * 3_600_000);
    expect(hr).to.deep.include({ isDefault: false, lead: null, escalation: { kind: 'person', user: 'U3' } });
  });

  it('reports every name that Slack does not know, with its line and the nearest one', () => {
    expect(problems(resolverOf({ '#help-it': 'C2' }))).to.deep.equal([
      't.yaml:3: triage_channel: Slack knows no channel "#triage-it" (did you mean "#triage-ti"?)',
      't.yaml:5: rotation: Slack knows no person "@ana"',
      't.yaml:5: rotation: Slack knows no person "ben@example.org"',
      't.yaml:6: lead: Slack knows no person "@lea"',
      't.yaml:7: escalation: Slack knows no channel "#managers"',
      't.yaml:8: triage_channel: Slack knows no channel "#triage-hr"',
      't.yaml:8: rotation: Slack knows no person "@zoe"',
      't.yaml:8: escalation: Slack knows no person "@lea"',
    ]);
  });

  it('sees the same channel or person behind two names', () => {
    expect(problems(resolverOf({ ...IDS, '#help-it': 'C4', 'ben@example.org': 'U1' }))).to.deep.equal([
      't.yaml:5: "ben@example.org" is twice in rotation, under two names',
      't.yaml:8: "#triage-hr" cannot be the triage channel of queue "hr": it is already an intake of queue "it" (line 4)',
    ]);
  });

  it('lets the caller add problems to whatever exists, knowing what it is used for', () => {
    const seen: string[] = [];
    const check = ({ use, queue, id }: ResolvedReference): readonly string[] => {
      seen.push(`${queue} ${use} ${id}`);
      return id === 'C2' ? ['the bot is not in "#help-it"'] : [];
    };
    const { '@ana': _gone, ...rest } = IDS;
    expect(problems(resolverOf(rest, check))).to.deep.equal([
      't.yaml:4: the bot is not in "#help-it"',
      't.yaml:5: rotation: Slack knows no person "@ana"',
    ]);
    expect(seen)
      .to.include.members(['it triage_channel C1', 'it lead U3', 'hr escalation U3'])
      .and.to.have.lengthOf(8);
  });
});

describe('referencesOf', () => {
  it('lists every name with its line, kind, use and queue, in the order of the file', () => {
    expect(
      referencesOf(file).map(({ text, line, kind, use, queue }) => [line, queue, use, kind, text].join(' ')),
    ).to.deep.equal([
      '3 it triage_channel channel #triage-it',
      '4 it intake channel #help-it',
      '5 it rotation person @ana',
      '5 it rotation person ben@example.org',
      '6 it lead person @lea',
      '7 it escalation channel #managers',
      '8 hr triage_channel channel #triage-hr',
      '8 hr rotation person @zoe',
      '8 hr escalation person @lea',
    ]);
  });
});
