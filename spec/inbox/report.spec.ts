import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { InboxStatus } from '../../src/inbox/inbox.ts';
import { reportInbox } from '../../src/inbox/report.ts';

const NOW = Date.UTC(2026, 0, 5, 10);

describe('the report of the inbox', () => {
  const status: InboxStatus = {
    uncommitted: 0,
    inHand: 0,
    left: 0,
    oldestAt: null,
    isFull: false,
    token: null,
  };

  it('is well before there is an inbox and while nothing waits', () => {
    expect(reportInbox(undefined, NOW).ok).to.equal(true);
    expect(reportInbox(status, NOW)).to.include({ ok: true, oldestSeconds: 0 });
  });

  it('is well while something waits for less than a minute, and tells how long', () => {
    expect(
      reportInbox({ ...status, uncommitted: 1, inHand: 2, left: 3, oldestAt: NOW - 60_000 }, NOW),
    ).to.include({ ok: true, uncommitted: 1, inHand: 2, left: 3, oldestSeconds: 60 });
  });

  it('is ill when something has waited for longer, when nothing more is taken in, when the token is refused', () => {
    expect(reportInbox({ ...status, oldestAt: NOW - 60_001 }, NOW).ok).to.equal(false);
    expect(reportInbox({ ...status, isFull: true }, NOW)).to.include({ ok: false, isFull: true });
    expect(reportInbox({ ...status, token: 'token_revoked' }, NOW).ok).to.equal(false);
  });

  it('is well when the clock was set back', () => {
    expect(reportInbox({ ...status, oldestAt: NOW + 3_600_000 }, NOW)).to.include({
      ok: true,
      oldestSeconds: 0,
    });
  });
});
