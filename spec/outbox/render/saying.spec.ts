import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Saying } from '../../../src/domain/effects.ts';
import type { Request } from '../../../src/domain/request.ts';
import { SHOW_TEXT } from '../../../src/domain/show-text.ts';
import { textMark } from '../../../src/domain/text-mark.ts';
import { CARRIED_LENGTH } from '../../../src/outbox/render/carried.ts';
import type { Message, RenderContext } from '../../../src/outbox/render/context.ts';
import { renderSaying } from '../../../src/outbox/render/saying.ts';
import { SAID } from '../../chaos/post-kinds.ts';
import { ANA, ASK, BEN, DAY, LEA, queue, request, source, T0 } from '../../support/builders.ts';
import { mentions, rendering, seen } from '../../support/rendering.ts';

const ctx = rendering();
const DM = { channel: 'D1', threadTs: '1767607200.000100', isMirrored: true };

function say(saying: Saying, overrides: Partial<Request> = {}, of: RenderContext = ctx): Message {
  return renderSaying(saying, request(overrides), of, 'say:12:1');
}

function lines(saying: Saying, overrides: Partial<Request> = {}, of: RenderContext = ctx): string[] {
  return seen(say(saying, overrides, of));
}

/** The text that the question is about stands in the request. */
function ask(text: string, overrides: Partial<Request> = {}): Message {
  const saying: Saying = { kind: 'consent', mark: textMark(text), triageChannel: 'CTRIAGE' };
  return say(saying, { unshownText: text, ...overrides });
}

function resolvedBy(by: string, note: string): Request['resolution'] {
  const { resolution } = request({ state: 'resolved' });
  return resolution === null ? null : { ...resolution, by, note };
}

describe('what is said to the asker', () => {
  it('tells who has it, without ringing for anybody', () => {
    expect(lines({ kind: 'taken', by: BEN })).to.deep.equal(['👀 Ben has *#12* now.']);
    expect(mentions(say({ kind: 'taken', by: BEN }))).to.deep.equal([]);
  });

  it('mentions them where it is their turn, and not in their own DM', () => {
    const turns: readonly Saying[] = [
      { kind: 'question', by: BEN },
      { kind: 'nudge', nth: 1 },
      { kind: 'notice', closesAt: T0 + DAY },
      { kind: 'resolved', by: BEN },
      { kind: 'resolved', by: null },
    ];
    for (const turn of turns) {
      expect(mentions(say(turn)), turn.kind).to.deep.equal([`<@${ASK}>`]);
      expect(mentions(say(turn, { conversation: DM })), turn.kind).to.deep.equal([]);
    }
  });

  it('passes a question on with what to do', () => {
    expect(lines({ kind: 'question', by: BEN })).to.deep.equal([
      '<@UASK> Ben needs an answer from you to go on with *#12*. Just write here.',
    ]);
    expect(lines({ kind: 'question', by: '' })[0]).to.include('The team needs an answer');
  });

  it('tells who resolved it and asks whether it works', () => {
    expect(
      lines({ kind: 'resolved', by: BEN }, { state: 'resolved', resolution: resolvedBy(BEN, 'new\ncable') }),
    ).to.deep.equal([
      '<@UASK> Ben resolved *#12*: new cable',
      'Does it work? Without a word from you it closes in 2 d.',
      '[It works!] [Still broken]',
    ]);
    expect(lines({ kind: 'resolved', by: BEN })[0]).to.equal('<@UASK> Ben resolved *#12*.');
    // Resolved by somebody else since: that note is not this one's.
    const other = { state: 'resolved', resolution: resolvedBy(LEA, 'mine') } as const;
    expect(lines({ kind: 'resolved', by: BEN }, other)[0]).to.equal('<@UASK> Ben resolved *#12*.');
  });

  it('asks nothing of an asker who resolved it, and invites back one who fell silent', () => {
    expect(lines({ kind: 'resolved', by: ASK })).to.deep.equal(['✅ *#12* is resolved.']);
    expect(lines({ kind: 'resolved', by: null })).to.deep.equal([
      '<@UASK> *#12* ends here, since no answer came. Write here within 2 d and it goes on as it was.',
      '[Re-open]',
    ]);
  });

  it('says that it has waited too long, and who knows', () => {
    expect(lines({ kind: 'escalated' })[0]).to.match(/the team's lead has been told\.$/);
    const noLead = rendering({ queue: queue({ lead: null }) });
    expect(lines({ kind: 'escalated' }, {}, noLead)[0]).to.match(/the whole team has been told\.$/);
  });

  it('nudges, and gives notice with a day and a way out', () => {
    expect(lines({ kind: 'nudge', nth: 1 })[0]).to.equal(
      '<@UASK> *#12* waits for your answer. Write here and it goes on.',
    );
    expect(lines({ kind: 'nudge', nth: 2 })[0]).to.include('still waits');
    expect(lines({ kind: 'notice', closesAt: T0 + DAY })).to.deep.equal([
      '<@UASK> *#12* waits for your answer and ends 2026-01-06 10:00 UTC without one. Write here, or keep it open.',
      '[Keep open!] [It is solved]',
    ]);
  });
});

describe('the question whether a text may be posted', () => {
  it('shows the exact text and its files before anything else is seen of it', () => {
    const files = [{ name: 'a.png', bytes: 10, type: 'png' }];
    expect(
      seen(ask('my *secret*\n\n  &lt;line&gt;', { state: 'unposted', source: source({ files }) })),
    ).to.deep.equal([
      '*#12* would be handled in <#CTRIAGE>, a channel that everybody here can read. This is the text that would stand there:',
      'my *secret*\n\n  <line>',
      '📎 a.png (10 B, png)',
      'What you or the team write about it later is public there too. Without your yes within 1 d it is withdrawn.',
      '[Post it there!] [Cancel]',
    ]);
  });

  it('says of an edit that the text stays until then', () => {
    const edited = seen(ask('new text', { state: 'in_progress' }));
    expect(edited[0]).to.match(/^You edited \*#12\*/);
    expect(edited.join()).to.include('Until your yes the text stays as it was.');
    const taken = seen(ask('what is left', { state: 'new', source: source({ title: null, text: null }) }));
    expect(taken.join()).to.include('Until your yes it stands there without a text.');
  });

  it('keeps the text out of its notification', () => {
    expect(ask('my secret', { state: 'unposted' }).text).to.equal('May #12 be posted in a public channel?');
  });

  it('shows a long text whole, over several blocks, and says how much of a longer one is missing', () => {
    const fits = 'ab '.repeat(2900).trim();
    const whole = seen(ask(fits)).filter((line) => line.startsWith('ab'));
    expect(whole.length).to.be.greaterThan(1);
    expect(whole.join('').replaceAll(/\s/g, '')).to.equal(fits.replaceAll(/\s/g, ''));
    expect(seen(ask(fits)).join()).not.to.include('not shown');
    expect(seen(ask('x'.repeat(CARRIED_LENGTH + 500))).join()).to.include(
      'about 500 more characters are not shown',
    );
  });

  it('says so where there is no text', () => {
    expect(seen(ask(''))).to.include('(no text)');
  });

  it('is answered with what became of it', () => {
    expect(lines({ kind: 'consent_over', posted: true })).to.deep.equal([
      'Posted: the team sees *#12* in <#CTRIAGE> now.',
    ]);
    expect(lines({ kind: 'consent_over', posted: false }, { state: 'withdrawn' })).to.deep.equal([
      'Not posted: *#12* is withdrawn.',
    ]);
    expect(lines({ kind: 'consent_over', posted: false })).to.deep.equal([
      'Not posted: the team still sees *#12* as it was.',
    ]);
  });
});

describe('what is said to one responder', () => {
  it('asks the person on duty to take it, with all that is needed to decide', () => {
    expect(lines({ kind: 'ask_duty', step: 'duty', user: ANA })).to.deep.equal([
      'You are on duty, and nobody has *#12* yet. Take it?',
      '🔵 *The printer is on fire*',
      'The printer is on fire',
      'opened 2026-01-05 10:00 UTC · 🟨 take by 2026-01-05 12:00 UTC · Open the card',
      '[Take it!] [Pass] [Snooze]',
    ]);
  });

  it('tells nobody that they are on duty who is not', () => {
    expect(lines({ kind: 'ask_duty', step: 'duty', user: BEN })[0]).to.equal(
      'It is your turn: nobody has *#12* yet. Take it?',
    );
    expect(lines({ kind: 'ask_duty', step: 'next', user: BEN })[0]).to.equal(
      'Nobody has taken *#12* for 20 min. Can you?',
    );
  });

  it('shows nothing of a deleted source, and no link to a card that is not there', () => {
    const gone = { source: source({ title: null, text: null, isDeleted: true }), card: null };
    expect(lines({ kind: 'ask_duty', step: 'duty', user: ANA }, gone).slice(1, 4)).to.deep.equal([
      '🔵 *deleted by its author*',
      'deleted by its author',
      'opened 2026-01-05 10:00 UTC · 🟨 take by 2026-01-05 12:00 UTC',
    ]);
  });

  it('tells who gave it to them', () => {
    expect(
      lines({ kind: 'assigned', by: LEA, user: BEN }, { state: 'in_progress', owner: BEN }),
    ).to.deep.equal([
      'Lea gave you *#12*.',
      '🔵 *The printer is on fire*',
      'opened 2026-01-05 10:00 UTC · 🟨 answer by 2026-01-05 14:00 UTC · Open the card',
    ]);
  });

  it('tells an owner what somebody else did', () => {
    const said = say({ kind: 'done_by_other', by: LEA, what: `handed it over to <@${BEN}>` });
    expect(seen(said)).to.deep.equal(['Lea handed your *#12* over to @Ben. Open the card']);
    expect(mentions(said)).to.deep.equal([]);
    expect(lines({ kind: 'done_by_other', by: BEN, what: 'resolved it' }, { card: null })).to.deep.equal([
      'Ben resolved your *#12*.',
    ]);
  });

  it('tells an owner that it is open again, or that its hold is over', () => {
    expect(lines({ kind: 'reopened', by: ASK }, { state: 'in_progress' })[0]).to.equal(
      'Asta re-opened *#12*, which is yours.',
    );
    expect(lines({ kind: 'reopened', by: '' })[0]).to.match(/^Somebody re-opened/);
    expect(lines({ kind: 'hold_over', reason: 'the vendor' }, { state: 'in_progress' })).to.deep.equal([
      'The hold of *#12* is over: it is yours to go on with.',
      '🔵 *The printer is on fire*',
      'It was on hold for: the vendor | opened 2026-01-05 10:00 UTC · 🟨 answer by 2026-01-05 14:00 UTC · Open the card',
    ]);
    expect(lines({ kind: 'hold_over', reason: '' }).join()).not.to.include('It was on hold');
  });

  it('leads a reminded asker to the conversation, and everybody else to the card', () => {
    expect(lines({ kind: 'reminder', user: BEN })).to.deep.equal([
      '⏰ You wanted to be reminded of *#12* · The printer is on fire',
      'new · Open the card',
    ]);
    expect(lines({ kind: 'reminder', user: ASK })[1]).to.equal('new · Open the conversation');
    const unopened = { conversation: { ...DM, channel: null, threadTs: null } };
    expect(lines({ kind: 'reminder', user: ASK }, unopened)[1]).to.equal('new');
  });
});

describe('what is said to the team', () => {
  it('rings for the lead, once, without the text', () => {
    const said = say({ kind: 'lead', lead: LEA }, { priority: 'high' });
    expect(seen(said)).to.deep.equal([
      '<@ULEA> nobody has taken *#12* (🟠 high), opened 2026-01-05 10:00 UTC. Can you find somebody? Open the card',
    ]);
    expect(mentions(said)).to.deep.equal(['<@ULEA>']);
  });

  it('asks everybody where there is no lead, mentioning nobody', () => {
    const said = say({ kind: 'lead', lead: null });
    expect(seen(said)[0]).to.match(/^Still nobody has taken \*#12\*.*Who can take it\?/);
    expect(mentions(said)).to.deep.equal([]);
  });

  it('tells those beyond the queue number, age, queue and link, never text or people', () => {
    const said = say({ kind: 'escalation', openedAt: T0 }, { owner: ANA });
    expect(seen(said)).to.deep.equal([
      'Nobody has taken *#12* in the queue “it”, opened 2026-01-05 10:00 UTC. Open the card',
    ]);
    expect(said.text).to.equal('Nobody has taken #12 in “it” for 20 min.');
    expect(JSON.stringify(said)).not.to.match(/printer|Asta|Ana/);
  });

  it('says at once that a mirrored thread is read by the asker, and how to keep a message inside', () => {
    expect(lines({ kind: 'mirror_opens' })).to.deep.equal([
      'What you write here goes to Asta by DM, with your name; what they answer comes here. A message with 🔒 at the start of a line stays here.',
    ]);
  });

  it('names an owner who left, and what is needed now', () => {
    const left = (...requests: number[]): Saying => ({ kind: 'owner_left', user: BEN, requests });
    expect(lines(left(12))).to.deep.equal([
      'Ben can no longer respond here: *#12* needs a new owner. Open the card',
    ]);
    expect(lines(left(12), { card: null })[0]).to.match(/owner\.$/);
    expect(lines(left(12, 14, 15))).to.deep.equal([
      'Ben can no longer respond here: *#12*, *#14*, *#15* need new owners.',
    ]);
    expect(lines(left(...Array.from({ length: 40 }, (_, n) => n + 1)))[0]).to.include(
      '*#30*, and 10 more need',
    );
  });
});

describe('what people wrote', () => {
  const MARK = 'xyzzy';
  const hold = { untilAt: T0 + DAY, reason: MARK };
  const resolution = resolvedBy(ANA, MARK);
  const exit = {
    by: BEN,
    at: T0,
    reason: MARK,
    duplicateOf: null,
    before: 'new',
    ownerBefore: null,
    holdBefore: hold,
  } as const;
  const written: Partial<Request> = {
    source: source({ title: MARK, text: MARK, files: [{ name: MARK, bytes: 1, type: 'png' }] }),
    unshownText: MARK,
    hold,
    exit,
    resolution,
  };
  const showing = new Set<Saying['kind']>([...SHOW_TEXT, 'resolved']);

  it('is in those lines only that are noted to be deleted one day', () => {
    for (const { saying } of SAID) {
      const message = say(saying, { ...written, state: 'resolved' });
      const isShown = JSON.stringify(message).includes(MARK);
      expect(isShown, saying.kind).to.equal(showing.has(saying.kind));
    }
  });
});
