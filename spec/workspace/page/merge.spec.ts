import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { MessageSeen, MessagesSeen } from '../face/wire.ts';
import { continues, merge, prepend } from './merge.ts';

const message = (ts: string, more: Partial<MessageSeen> = {}): MessageSeen => ({
  ts,
  text: ts,
  user: 'U1',
  isEphemeral: false,
  requestNumber: null,
  ...more,
});
const page = (tss: readonly string[], hasEarlier: boolean): MessagesSeen => ({
  channel: 'C1',
  thread: null,
  messages: tss.map((ts) => message(ts)),
  hasEarlier,
});
const tsOf = ({ messages }: MessagesSeen): readonly string[] => messages.map(({ ts }) => ts);

describe('the pages of a channel', () => {
  it('keep what was read before the newest page, and take the newest page as it is', () => {
    const known = prepend(page(['3', '4'], true), page(['1', '2'], false));
    expect(tsOf(known)).to.deep.equal(['1', '2', '3', '4']);
    const merged = merge(known, page(['3', '5'], true));
    expect(tsOf(merged)).to.deep.equal(['1', '2', '3', '5']);
    expect(merged.hasEarlier).to.equal(false);
  });

  it('begin anew where more has come than a page holds, so that no gap is hidden', () => {
    const merged = merge(page(['1', '2'], false), page(['7', '8'], true));
    expect(tsOf(merged)).to.deep.equal(['7', '8']);
    expect(merged.hasEarlier).to.equal(true);
  });

  it('forget what is deleted when all fits one page', () => {
    expect(tsOf(merge(page(['1', '2'], false), page(['2'], false)))).to.deep.equal(['2']);
  });

  it('put messages of one author together, cards never', () => {
    const first = message('100.000000');
    expect(continues(message('200.000000'), first)).to.equal(true);
    expect(continues(message('500.000000'), first)).to.equal(false);
    expect(continues(message('200.000000', { user: 'U2' }), first)).to.equal(false);
    expect(continues(message('200.000000', { requestNumber: 1 }), first)).to.equal(false);
    expect(continues(message('200.000000', { isEphemeral: true }), first)).to.equal(false);
  });
});
