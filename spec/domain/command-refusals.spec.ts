import { expect } from 'chai';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, it } from 'mocha';
import { type Parsed, type Place, parseCommand } from '../../src/domain/command.ts';
import { helpLines, VERBS } from '../../src/domain/command-verbs.ts';

const zone = 'Europe/Madrid';
const at = (iso: string): number => DateTime.fromISO(iso, { zone }).toMillis();
const now = at('2026-03-04T14:30');
const PLACES: readonly Place[] = ['slash', 'mention', 'mention_in_thread', 'dm_top', 'dm_thread'];
/** Where text that is no command is somebody's request, note or conversation. */
const TALK: readonly Place[] = ['mention', 'mention_in_thread', 'dm_top', 'dm_thread'];
/** Where every verb with its `#n` is a command. */
const FULL: readonly Place[] = ['slash', 'mention', 'mention_in_thread', 'dm_top'];

const parse = (text: string, place: Place): Parsed => parseCommand(text, { place, now, zone });

const isTalk = (text: string, places: readonly Place[] = TALK): void => {
  for (const place of places) expect(parse(text, place).kind, `${place}: ${text}`).to.equal('unknown');
};

const problem = (text: string, place: Place = 'slash'): string | null => {
  const parsed = parse(text, place);
  return parsed.kind === 'unknown' ? parsed.problem : `parsed as ${parsed.kind}`;
};

const later = (text: string, verb: string, places: readonly Place[] = FULL): void => {
  for (const place of places) {
    expect(parse(text, place), `${place}: ${text}`).to.deep.equal({ kind: 'not_yet', verb });
  }
};

describe('parseCommand, of what is none', () => {
  it('refuses the verbs whose time has not come by name', () => {
    later('away until friday', 'away');
    later('back', 'back');
    later('stats', 'stats');
    later('stats it week', 'stats');
    later('stats month', 'stats');
    later('config', 'config');
    later('show #12 clocks', 'show clocks');
    later('show clocks', 'show clocks', ['mention_in_thread']);
    later('stats whatever', 'stats', ['slash']);
    later('away', 'away', ['slash']);
    expect(problem('away from keyboard', 'mention')).to.equal('away is not in this version');
    isTalk('back', ['dm_thread']);
  });

  it('says what is missing, with an example, and never with what was typed', () => {
    expect(problem('assign #12')).to.equal('assign needs a person: assign #12 @ana');
    expect(problem('claim')).to.equal('claim needs the number of a request: claim #12');
    expect(problem('resolve cable')).to.equal(
      'resolve needs the number of a request: resolve #12 replaced the cable',
    );
    expect(problem('priority #12 x')).to.equal(
      'priority needs one of urgent, high, normal, low: priority #12 high',
    );
    expect(problem('hold #12 until friday')).to.equal(
      'hold needs a reason: hold #12 until friday waiting for the supplier',
    );
    expect(problem('hold #12 friday parts')).to.match(/^hold needs "until" and a time to come/);
    expect(problem('snooze #12 yesterday')).to.match(/^snooze needs a time to come/);
    expect(problem('remind #12')).to.match(/^remind needs a time to come/);
    expect(problem('decline #12')).to.equal('decline needs a reason: decline #12 we do not buy phones');
    expect(problem('duplicate #12')).to.match(/^duplicate needs "of" and the number of the other/);
    expect(problem('move #12 a b')).to.match(/^move needs the name of one queue/);
    expect(problem('duty @ana')).to.match(/^duty needs "until" and a time to come/);
    expect(problem('duty ana')).to.equal('duty needs a person: duty @ana until monday');
    expect(problem('claim #12 #13')).to.equal('there is more than this verb takes: claim #n');
    for (const text of ['help x', 'status x', 'list x', 'show #1 x']) {
      expect(problem(text), text).to.match(/^there is more than this verb takes/);
    }
    expect(problem('new x', 'mention_in_thread')).to.match(/^a new request cannot be made inside/);
  });

  it('names the nearest verb when the first word is none', () => {
    const unknown = { kind: 'unknown', problem: null };
    expect(parse('clam #12', 'slash')).to.deep.equal({ ...unknown, nearest: 'claim' });
    expect(parse('not_reqest #12', 'slash')).to.deep.equal({ ...unknown, nearest: 'not-request' });
    expect(parse('banana', 'slash')).to.deep.equal({ ...unknown, nearest: null });
    expect(parse(`resolve${'e'.repeat(50_000)}`, 'slash')).to.deep.equal({ ...unknown, nearest: null });
  });

  it('reads the usage line of every verb, filled in, and its example', () => {
    const filled: Record<string, string> = {
      TEXT: 'a text',
      NAME: 'it',
      '#n': '#12',
      '#m': '#10',
      '@user': '<@U123>',
      LEVEL: 'low',
      WHEN: 'friday',
      REASON: 'a reason',
      NOTE: 'a note',
      QUEUE: 'it',
    };
    const fill = (usage: string): string =>
      usage.replace(/#n|#m|@user|[A-Z]{4,}/g, (word) => filled[word] ?? word);
    for (const { verb, usage, example } of VERBS) {
      const options = /\[(.*)\]/.exec(usage)?.[1]?.split('|') ?? [];
      const texts = [example, ...['', ...options].map((option) => fill(usage.replace(/\[.*\]/, option)))];
      for (const text of texts) {
        const parsed = parse(text, 'slash');
        expect(parsed.kind === 'command' && parsed.command.kind, text).to.equal(verb);
      }
    }
  });

  it('never throws, and never takes a long text for more than it is, whatever is typed wherever', () => {
    const word = fc.oneof(
      fc.constantFrom(
        ...VERBS.map(({ name }) => name),
        'away',
        'stats',
        'clocks',
        'until',
        'of',
        'queue',
        'week',
      ),
      fc.constantFrom(
        '#12',
        '12',
        '@ana',
        '<@U1>',
        '<@',
        'friday',
        '2h',
        '🔴',
        ':x:',
        '“it”',
        '"',
        '.',
        '!',
        '\u200B',
      ),
      fc.string({ unit: 'binary', maxLength: 10 }),
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(word, { maxLength: 8 }).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(...PLACES), (typed, place) => {
        expect(parse(typed, place).kind).to.be.oneOf(['command', 'not_yet', 'unknown']);
      }),
      { numRuns: 1000 },
    );
  });

  it('never takes a verb that ordinary words follow for a command outside the slash command', () => {
    const grammar = /^(mine|new|waiting|overdue|queue|until|clocks|week|month|of)$/;
    const word = fc.stringMatching(/^[a-z]{1,9}[,.?]?$/).filter((one) => !grammar.test(one));
    const verbs = VERBS.map(({ name }) => name).filter((name) => name !== 'new');
    fc.assert(
      fc.property(
        fc.constantFrom(...verbs),
        fc.array(word, { minLength: 1, maxLength: 6 }),
        fc.constantFrom<Place>('mention', 'dm_top', 'dm_thread'),
        (verb, words, place) => isTalk(`${verb} ${words.join(' ')}`, [place]),
      ),
      { numRuns: 500 },
    );
  });

  it('reads hostile texts of 40,000 characters at once', () => {
    const long = 40_000;
    const texts = [
      `${' '.repeat(long)}x${' '.repeat(long)}`,
      `claim${' '.repeat(long)}x`,
      `not${' '.repeat(long)}x`,
      `a${' '.repeat(long)}x.`,
      `move #1 "${' '.repeat(long)}x`,
      `stats ${'x '.repeat(long)}`,
      `resolve #12 ${'x '.repeat(long)}`,
      `hold #12 until ${'- '.repeat(long)}`,
      '-'.repeat(long),
      `assign #1 @${'a'.repeat(long)}`,
    ];
    const startedAt = performance.now();
    for (const text of texts) for (const place of PLACES) parse(text, place);
    expect(performance.now() - startedAt).to.be.below(2000);
  });
});

describe('helpLines', () => {
  it('explains every verb of this version once, and no later one', () => {
    expect(helpLines()).to.have.length(VERBS.length);
    expect(helpLines()).to.include('`claim #n` take it (responders)');
    expect(helpLines().join('\n')).not.to.match(/away|back until|stats|config|clocks/);
  });

  it('needs no escaping in mrkdwn', () => {
    expect(helpLines().join('')).not.to.match(/[<>&]/);
  });
});
