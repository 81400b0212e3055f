import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { Answer, Saying } from '../../../src/domain/effects.ts';
import { PRIORITIES, type Request, STATES } from '../../../src/domain/request.ts';
import { textMark } from '../../../src/domain/text-mark.ts';
import { renderAnswer } from '../../../src/outbox/render/answer.ts';
import { renderAskerReply } from '../../../src/outbox/render/asker-reply.ts';
import { renderCard, renderLeftCard } from '../../../src/outbox/render/card.ts';
import type { Message } from '../../../src/outbox/render/context.ts';
import { renderMirror } from '../../../src/outbox/render/mirror.ts';
import { renderSaying } from '../../../src/outbox/render/saying.ts';
import { ANA, ASK, BEN, DAY, LEA, request, source, T0 } from '../../support/builders.ts';
import { leafTypes, mentions, parsedTexts, rendering, textLength, tokens } from '../../support/rendering.ts';
import { checkBlocks } from '../../workspace/block-kit.ts';

/** What people write who mean harm, or paste. */
const EVIL = [
  '<!channel>',
  '<!here|here>',
  '<!everyone>',
  '<!subteam^S1|@admins>',
  '<!date^0^{ago}|long ago>',
  '<@UZOE>',
  '<@UZOE|zoe>',
  '<#C1|general>',
  '<https://evil.example|Reset your password>',
  '<mailto:a@b.c|x>',
  '<',
  '>',
  '&lt;!channel&gt;',
  '&amp;lt;!here&amp;gt;',
  '&',
  '*bold*',
  '_it_',
  '~no~',
  '`code`',
  '```block```',
  '\n> quote',
  '@channel',
  '#general',
  ':tada:',
  '👩‍👩‍👧‍👦',
  'e\u0301\u0301',
  '\u202eturned\u202c',
  '\u200b',
  '\u0000\u0007\u001b[31m',
  '\ud800',
  'مرحبا',
  '\r\n\n',
  '|',
  '^',
  '\u2028',
  '\uE000',
  '\u{10ffff}',
];

const evil = fc
  .array(fc.oneof(fc.constantFrom(...EVIL), fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 12 })
  .map((parts) => parts.join(''));

/** Some of it as long as Slack lets a message be. */
const text = fc.oneof(
  { weight: 4, arbitrary: evil },
  { weight: 1, arbitrary: evil.map((part) => (part === '' ? 'ab ' : part).repeat(400).slice(0, 40_000)) },
);

const KEY = 'k'.repeat(255);
const EXPLODED = 12;

/** All that can be shown of a request in this state, with `words` wherever people's words can stand. */
function messages(state: Request['state'], shape: Shape, words: string): readonly Message[] {
  const named = words.slice(0, 300).toWellFormed();
  const ctx = rendering({
    now: T0 + shape.elapsedMs,
    triageIsPrivate: shape.flag,
    onDuty: shape.flag ? { user: ANA, untilMs: T0 + DAY } : null,
    names: { person: () => named, channel: () => named },
  });
  const plain = request({ state });
  const asked: Request = {
    ...plain,
    priority: shape.priority,
    owner: shape.flag ? plain.owner : null,
    source: source({
      title: words,
      text: words,
      files: Array.from({ length: shape.files }, () => ({ name: words, bytes: 1000, type: words })),
      isPrivate: shape.isPrivate,
    }),
    unshownText: words,
    conversation: { ...plain.conversation, isMirrored: shape.isPrivate },
    hold: plain.hold === null ? null : { ...plain.hold, reason: words },
    exit: plain.exit === null ? null : { ...plain.exit, reason: words, duplicateOf: 10 },
    resolution: plain.resolution === null ? null : { ...plain.resolution, note: words },
    lastChange: { what: words, by: shape.flag ? LEA : null, at: T0 },
    continues: 3,
  };
  const item = {
    ...asked,
    dueAt: T0 + DAY,
    link: { channel: 'C1', ts: '1.2', threadTs: null },
  };
  const texts = new Map([[asked.id, { title: words, text: words, unshownText: words }]]);
  const answers: readonly Answer[] = [
    { kind: 'list', heading: words, items: Array.from({ length: EXPLODED * 2 }, () => item), more: 2 },
    {
      kind: 'show',
      item,
      isUnshown: shape.flag,
      queue: words,
      timeline: Array.from({ length: EXPLODED * 2 }, () => ({
        at: T0,
        actor: shape.flag ? BEN : null,
        what: words,
      })),
      links: Array.from({ length: EXPLODED }, () => ({ label: words, id: 3 })),
    },
    {
      kind: 'status',
      mine: Array.from({ length: EXPLODED * 2 }, () => item),
      queues: Array.from({ length: EXPLODED * 2 }, () => ({ name: words, unowned: 1, open: 2, overdue: 1 })),
    },
    {
      kind: 'duty',
      // Its name is also a button's value: one word of at most 40 characters, as the configuration has it.
      queues: Array.from({ length: EXPLODED * 2 }, () => ({ name: 'it', user: ANA, untilAt: T0 })),
    },
    { kind: 'pressed', id: 12, by: ANA, what: words },
    { kind: 'merged', id: 12, channel: 'D1', ts: '1.2' },
    { kind: 'help', lead: null },
  ];
  return [
    renderCard(asked, ctx, KEY),
    renderCard({ ...asked, source: { ...asked.source, isDeleted: true, title: null, text: null } }, ctx, KEY),
    renderLeftCard(12, words, KEY),
    renderAskerReply(asked, ctx, KEY),
    renderMirror({ speaker: words, text: words, files: asked.source.files, isInside: shape.flag }, ctx, KEY),
    ...sayings(words).map((saying) => renderSaying(saying, asked, ctx, KEY)),
    ...answers.map((answer) => renderAnswer(answer, { ...ctx, texts }, KEY)),
  ];
}

function sayings(words: string): readonly Saying[] {
  return [
    { kind: 'taken', by: BEN },
    { kind: 'question', by: BEN },
    { kind: 'resolved', by: BEN },
    { kind: 'resolved', by: ASK },
    { kind: 'resolved', by: null },
    { kind: 'escalated' },
    { kind: 'nudge', nth: 1 },
    { kind: 'notice', closesAt: T0 },
    { kind: 'consent', mark: textMark(words), triageChannel: 'CTRIAGE' },
    { kind: 'consent_over', posted: true },
    { kind: 'ask_duty', step: 'duty', user: ANA },
    { kind: 'ask_duty', step: 'next', user: BEN },
    { kind: 'assigned', by: LEA, user: BEN },
    { kind: 'done_by_other', by: LEA, what: words },
    { kind: 'reopened', by: ASK },
    { kind: 'hold_over', reason: words },
    { kind: 'reminder', user: BEN },
    { kind: 'escalation', openedAt: T0 },
    { kind: 'mirror_opens' },
    { kind: 'lead', lead: LEA },
    { kind: 'lead', lead: null },
    { kind: 'owner_left', user: BEN, requests: [12] },
  ];
}

const shapes = fc.record({
  priority: fc.constantFrom(...PRIORITIES),
  flag: fc.boolean(),
  isPrivate: fc.boolean(),
  files: fc.integer({ min: 0, max: 8 }),
  elapsedMs: fc.integer({ min: 0, max: 30 * DAY }),
});
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

const states = fc.constantFrom(...STATES);

/** What of a text formats: marks of Slack's own outside of tokens. Those inside a word format nothing. */
function marks(message: Message): string {
  return parsedTexts(message)
    .map((each) => each.replaceAll(/<[^<>]*>/g, ''))
    .join('\n')
    .replaceAll(/[^*~`]/g, '');
}

describe("people's words", () => {
  it("fit Slack's limits, whatever they are and wherever they stand", () => {
    fc.assert(
      fc.property(states, shapes, text, (state, shape, words) => {
        for (const message of messages(state, shape, words)) {
          expect(checkBlocks(message.blocks, 'message')).to.deep.equal([]);
          expect(message.text.length).to.be.within(1, 4000);
          expect(textLength(message)).to.be.at.most(11_000);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('ring for nobody, link nowhere and format nothing: a message acts as if they were “x”', () => {
    fc.assert(
      fc.property(states, shapes, evil, (state, shape, words) => {
        const harmless = messages(state, shape, 'x');
        for (const [index, message] of messages(state, shape, `x${words}`).entries()) {
          // Longer words may push out something of ours at the end, and bring nothing of their own.
          expect(tokens(harmless[index]!)).to.include.members(tokens(message));
          expect(marks(message).length).to.be.at.most(marks(harmless[index]!).length);
          expect(leafTypes(message).every((type) => type === 'text')).to.equal(true);
          for (const each of parsedTexts(message)) {
            expect(each.replaceAll(/<[^<>]*>/g, '')).not.to.match(/[<>]|&(?!(?:amp|lt|gt);)/);
            expect(each.isWellFormed()).to.equal(true);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('echoed in a refusal or an answer neither ring nor link', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('text', 'refusal'), (words, kind) => {
        const message = renderAnswer({ kind, text: words }, { ...rendering(), texts: new Map() });
        expect(checkBlocks(message.blocks, 'message')).to.deep.equal([]);
        expect(mentions(message)).to.deep.equal([]);
        expect(tokens(message).every((token) => token.startsWith('<!date^'))).to.equal(true);
        const help = renderAnswer({ kind: 'help', lead: words }, { ...rendering(), texts: new Map() });
        expect(checkBlocks(help.blocks, 'message')).to.deep.equal([]);
        expect(mentions(help).filter((token) => token !== '<@UBOT>')).to.deep.equal([]);
      }),
    );
  });
});
