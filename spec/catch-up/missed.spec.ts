import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  hasReplies,
  isTombstone,
  joinedAt,
  missedDeletion,
  missedEdit,
  missedMessage,
  missedReactions,
} from '../../src/catch-up/missed.ts';
import { identify } from '../../src/slack/identify.ts';
import { parseEvent } from '../../src/slack/parse-event.ts';
import type { NewEvent } from '../../src/store/inbox.ts';
import type { KnownMessage } from '../../src/store/known-messages.ts';

const BOT = 'UBOT';
const place = { channel: 'C1', isDm: false, botUserId: BOT, now: 1_700_000_500_000 };
const TS = '1700000000.000100';
const found = { type: 'message', user: 'U1', ts: TS, text: 'the printer' };
const known: KnownMessage = {
  ts: TS,
  text: 'the printer',
  isWhole: false,
  files: [],
  priority: 'normal',
  isDeleted: false,
};

/** What a handler makes of it. */
const parsed = (event: NewEvent | null) => parseEvent(event?.type ?? '', JSON.parse(event?.body ?? '{}'));

describe('what Slack did not tell', () => {
  it('is told as Slack would have told it: a message has the key of the event that never came', () => {
    const event = missedMessage(place, { ...found, reactions: [{ name: 'eyes', users: ['U2'] }] });
    const real = { event_id: 'Ev1', event: { ...found, channel: 'C1', event_ts: TS } };
    expect(event?.key).to.equal(identify('events_api', 'e', real).key);
    expect(event).to.include({ isLate: true, lane: `C1:${TS}`, happenedAt: 1_700_000_000_000 });
    expect(parsed(event)).to.include({ kind: 'message', text: 'the printer', user: 'U1', isDm: false });
  });

  it('leaves out what we wrote ourselves, notices, and what has no author', () => {
    expect(missedMessage(place, { ...found, user: BOT })).to.equal(null);
    expect(missedMessage(place, { ...found, subtype: 'channel_join' })).to.equal(null);
    expect(missedMessage(place, { type: 'message', ts: TS, text: 'x' })).to.equal(null);
    expect(missedMessage(place, {})).to.equal(null);
  });

  it('knows a DM for one', () => {
    expect(parsed(missedMessage({ ...place, channel: 'D1', isDm: true }, found))).to.include({ isDm: true });
  });

  describe('an edit', () => {
    const edited = { ...found, text: 'the other printer', edited: { user: 'U1', ts: '1700000100.000000' } };

    it('is one when the text is another than the one we know', () => {
      const event = missedEdit(place, edited, known);
      expect(parsed(event)).to.include({
        kind: 'message_changed',
        text: 'the other printer',
        previousText: 'the printer',
      });
      expect(event?.key).to.equal(`changed:C1:${TS}:1700000100.000000`);
    });

    it('is none when only the mention and the mark of the priority are more than we know', () => {
      expect(missedEdit(place, { ...edited, text: `<@${BOT}> 🔴 the printer` }, known)).to.equal(null);
      expect(
        missedEdit(place, { ...edited, text: '🔴 the printer' }, { ...known, isWhole: true }),
      ).not.to.equal(null);
    });

    it('is none when nobody edited it, whatever we know, and none of a message that is deleted for us', () => {
      expect(missedEdit(place, { ...found, text: 'other words' }, known)).to.equal(null);
      expect(missedEdit(place, edited, { ...known, isDeleted: true })).to.equal(null);
    });

    it('is one when a file was taken out of it', () => {
      const files = [{ name: 'log.txt', bytes: 1, type: 'text' }];
      const event = missedEdit(place, found, { ...known, files });
      expect(parsed(event)).to.include({ kind: 'message_changed' });
    });

    it('sets the priority by its mark only where nobody can have changed it since', () => {
      const urgent = { ...edited, text: '🔴 the other printer' };
      expect(parsed(missedEdit(place, urgent, known))).to.include({ previousText: 'the printer' });
      expect(parsed(missedEdit(place, urgent, { ...known, priority: 'low' }))).to.include({
        previousText: '🔴 the printer',
      });
    });
  });

  it('takes a message that is gone for deleted, in its thread', () => {
    expect(parsed(missedDeletion(place, '1700000001.000200', TS))).to.include({
      kind: 'message_deleted',
      threadTs: TS,
    });
    expect(missedDeletion(place, TS, null)?.key).to.equal(`deleted:C1:${TS}`);
    expect(isTombstone({ ...found, subtype: 'tombstone' })).to.equal(true);
    expect(isTombstone(found)).to.equal(false);
  });

  describe('reactions', () => {
    const reactions = [
      { name: 'eyes', users: ['U1', BOT] },
      { name: 'ticket::skin-tone-2', users: ['U2'] },
      { name: 'tada', users: ['U1'] },
    ];
    const kinds = (heard: { user: string; emoji: string }[]) =>
      missedReactions(place, { ...found, reactions }, heard).map((event) => {
        const reaction = parsed(event);
        return reaction.kind === 'reaction'
          ? `${reaction.added ? '+' : '-'}${reaction.emoji} ${reaction.user}`
          : reaction.kind;
      });

    it('are those with a meaning, 🎫 first, and none of the bot’s', () => {
      expect(kinds([])).to.deep.equal(['+ticket U2', '+eyes U1']);
    });

    it('that were heard are none; those that are gone were taken away, but for 🎫', () => {
      const heard = [
        { user: 'U1', emoji: 'eyes' },
        { user: 'U2', emoji: 'ticket' },
        { user: 'U3', emoji: 'white_check_mark' },
        { user: 'U3', emoji: 'ticket' },
      ];
      expect(kinds(heard)).to.deep.equal(['-white_check_mark U3']);
    });

    it('of which Slack does not name all were not taken away by whoever is not named', () => {
      const many = { name: 'eyes', users: ['U1', 'U2'], count: 3 };
      const heard = [{ user: 'U3', emoji: 'eyes' }];
      const seen = (reaction: object) =>
        missedReactions(place, { ...found, reactions: [reaction] }, heard).map((event) => event.key);
      expect(seen({ ...many, users: ['U1'] }).join())
        .to.include('reaction+')
        .and.not.include('reaction-');
      expect(seen({ ...many, count: 2 }).join()).to.include('reaction-');
    });
  });

  it('begins where the bot came in', () => {
    const join = { subtype: 'channel_join', user: BOT, ts: '5.5' };
    expect(joinedAt([found, join, found], BOT)).to.equal('5.5');
    expect(joinedAt([found, { ...join, user: 'U1' }], BOT)).to.equal(null);
  });

  it('goes on in the threads that have replies', () => {
    expect(hasReplies({ ...found, reply_count: 2 })).to.equal(true);
    expect(hasReplies(found)).to.equal(false);
  });
});
