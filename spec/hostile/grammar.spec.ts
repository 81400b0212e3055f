import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { type Place, parseCommand } from '../../src/domain/command.ts';
import { VERBS } from '../../src/domain/command-verbs.ts';
import { formatDuration, parseDuration, suggestDuration } from '../../src/domain/duration.ts';
import { titleLine } from '../../src/domain/texts.ts';
import { parseWhen, splitWhen } from '../../src/domain/when.ts';
import { wantedBy } from '../../src/handlers/modals/change-form.ts';
import { FORM_NAMES, FORMS } from '../../src/handlers/modals/forms.ts';
import { renderAnswer } from '../../src/outbox/render/answer.ts';
import { renderMirror } from '../../src/outbox/render/mirror.ts';
import { escapedText, mentioned, startsWithLock, withoutMention } from '../../src/slack/mrkdwn.ts';
import { rendering } from '../support/rendering.ts';
import { runs } from './fuzz.ts';
import { endlessTexts, hostileText } from './texts.ts';

const PLACES: readonly Place[] = ['slash', 'mention', 'mention_in_thread', 'dm_top', 'dm_thread'];
const ZONES = ['UTC', 'Europe/Madrid', 'Pacific/Kiritimati', 'America/St_Johns', 'Mars/Olympus', ''];
const DAY_MS = 86_400_000;
const TEN_YEARS_MS = 3653 * DAY_MS;

const places = fc.constantFrom(...PLACES);
const zones = fc.constantFrom(...ZONES);
/** Now is somewhere between 2020 and 2070, clock changes and leap days included. */
const nows = fc.integer({ min: 1_577_836_800_000, max: 3_155_760_000_000 });

const ARGUMENTS =
  '#1;#0;#-1;#999999999;#9999999999999999;12;until;of;queue;it;@ana;<@U1>;<@U1|x>;friday;tomorrow 9am;in 2h;' +
  '99999999d;31 feb;2bd;9 am;high;yesterday';
const TIMES =
  'in;next;at;on;the;of;friday;may;feb 30;5/3;13/13/2030;25:61;9am;12;0;-1;1e9;9999;275760-09-13;0000-00-00;' +
  '2026-02-30;noon;midnight;now;years;week;seconds;quarter;day after tomorrow;utc+99;z;bc;½;٣;999999999d';
const FAR_TIMES =
  'in 20 years;in 9999 years;in 500 months;in 99999999 weeks;in 3000000000000 hours;13 march 2090;9999-12-31;' +
  'friday 12 may 2099;in 99999999999999999999 days';

/** Nearly commands: verbs and their arguments in any order, with anything between them. */
const words = fc.constantFrom(...VERBS.map(({ name }) => name), ...ARGUMENTS.split(';'));
const nearlyCommands = fc
  .array(fc.oneof({ weight: 4, arbitrary: words }, { weight: 1, arbitrary: hostileText }), { maxLength: 6 })
  .map((parts) => parts.join(' '));
const typed = fc.oneof(nearlyCommands, hostileText);

const whens = fc
  .array(fc.oneof(fc.constantFrom(...TIMES.split(';')), fc.string({ maxLength: 8 })), { maxLength: 6 })
  .map((parts) => parts.join(' '));
const times = fc.oneof({ weight: 9, arbitrary: whens }, fc.constantFrom(...FAR_TIMES.split(';')));

/** Every instant and number in a command. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

describe('what people type', () => {
  it('is a command, a later verb or unknown, with sound numbers and times to come, whatever it is', () => {
    fc.assert(
      fc.property(typed, places, nows, zones, (text, place, now, zone) => {
        const parsed = parseCommand(text, { place, now, zone });
        expect(['command', 'not_yet', 'unknown']).to.include(parsed.kind);
        if (parsed.kind !== 'command') return;
        for (const found of numbersIn(parsed.command)) {
          expect(Number.isSafeInteger(found) && found > 0).to.equal(true);
          // A number of a request has at most nine digits; everything else is an instant.
          if (found > 999_999_999) expect(found).to.be.within(now + 1, now + TEN_YEARS_MS);
        }
      }),
      runs(800),
    );
  });

  it('means the same with white space or invisible marks around it', () => {
    const around = fc.array(fc.constantFrom(' ', '\t', '\n', '\r\n', '\u00a0', '\u200b', '\u2060'), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(typed, places, around, around, (text, place, before, after) => {
        const where = { place, now: 1_800_000_000_000, zone: 'Europe/Madrid' };
        expect(parseCommand(before.join('') + text + after.join(''), where)).to.deep.equal(
          parseCommand(text, where),
        );
      }),
      runs(500),
    );
  });

  it('as a time is one to come within ten years, or none', () => {
    fc.assert(
      fc.property(times, nows, zones, (text, now, zone) => {
        for (const at of [parseWhen(text, now, zone), splitWhen(text, now, zone)?.at ?? null]) {
          if (at === null) continue;
          expect(Number.isSafeInteger(at), String(at)).to.equal(true);
          expect(at).to.be.within(now + 1, now + TEN_YEARS_MS);
        }
      }),
      runs(600),
    );
  });

  it('as a duration is a finite number of milliseconds up to ten years, or none, and so is what is suggested', () => {
    const durations = fc.oneof(
      fc
        .tuple(
          fc.constantFrom('', '-', '+', ' '),
          fc.nat(),
          fc.constantFrom('s', 'm', 'bd', 'd', 'y', 'S', 'ms', ''),
        )
        .map((parts) => parts.join('')),
      hostileText,
    );
    fc.assert(
      fc.property(durations, (text) => {
        const suggested = suggestDuration(text);
        for (const each of [text, ...(suggested === undefined ? [] : [suggested])]) {
          const duration = parseDuration(each);
          if (duration === null) continue;
          expect(duration.ms).to.be.within(0, TEN_YEARS_MS);
          expect(formatDuration(duration.ms)).not.to.match(/NaN|Infinity|undefined/);
        }
      }),
      runs(500),
    );
  });

  it('into a form is a change with sound numbers and a time within ten years, or an error below its input', () => {
    const inputs = 'text;until;reason;person;level;of;queue;note;__proto__;constructor'.split(';');
    const odd = '#1;0;-1;1e300;1e306;NaN;Infinity;1800000001;1900000000;0x7fffffff;1800000001.5'.split(';');
    const value = fc.oneof(fc.constantFrom(null, ...odd, '9'.repeat(15), '9'.repeat(30)), hostileText);
    const values = fc.dictionary(fc.constantFrom(...inputs), value, { noNullPrototype: true });
    fc.assert(
      fc.property(fc.constantFrom(...FORM_NAMES), values, (name, given) => {
        const now = 1_800_000_000_000;
        if (Object.keys(FORMS[name].check(given, now)).length > 0) return;
        for (const found of numbersIn(wantedBy(name, given))) {
          expect(Number.isSafeInteger(found), String(found)).to.equal(true);
          if (name === 'duplicate') expect(found).to.be.at.most(999_999_999_999_999);
          else expect(found).to.be.within(now + 1, now + TEN_YEARS_MS);
        }
      }),
      {
        ...runs(600),
        examples: [
          ['snooze', { until: '1e306' }],
          ['hold', { until: '1e15', reason: 'x' }],
          ['remind', { until: '1800000001.2345' }],
        ],
      },
    );
  });

  it('takes time in proportion to its length, to read and to show, in texts of 40,000 characters', () => {
    const ctx = rendering();
    const where = { now: 1_800_000_000_000, zone: 'Europe/Madrid' };
    const readers: Readonly<Record<string, (text: string) => unknown>> = {
      withoutMention: (text) => withoutMention(escapedText(text), 'UBOT'),
      startsWithLock: (text) => startsWithLock(escapedText(text)),
      mentioned: (text) => mentioned(escapedText(text)),
      titleLine,
      parseWhen: (text) => parseWhen(text, where.now, where.zone),
      splitWhen: (text) => splitWhen(text, where.now, where.zone),
      ...Object.fromEntries(
        PLACES.map((place) => [
          `parseCommand ${place}`,
          (text: string) => parseCommand(text, { ...where, place }),
        ]),
      ),
      renderAnswer: (text) => renderAnswer({ kind: 'text', text }, { ...ctx, texts: new Map() }),
      renderMirror: (text) =>
        renderMirror({ speaker: text, text, files: [{ name: text, bytes: 1, type: text }] }, ctx, 'k'),
    };
    for (const text of endlessTexts(40_000)) {
      for (const [name, read] of Object.entries(readers)) {
        const before = process.threadCpuUsage();
        read(text);
        const { user } = process.threadCpuUsage(before);
        // Processor time, so that a busy machine does not count; what is quadratic takes some seconds.
        expect(user / 1000, `ms of ${name} for ${JSON.stringify(text.slice(0, 30))}`).to.be.below(700);
      }
    }
  });
});
