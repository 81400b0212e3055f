import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Request } from '../../../src/domain/request.ts';
import { renderAskerReply } from '../../../src/outbox/render/asker-reply.ts';
import { ANA, ASK, DAY, HOUR, request, SECOND, T0 } from '../../support/builders.ts';
import { mentions, rendering, seen } from '../../support/rendering.ts';

const ctx = rendering();
const reply = (overrides: Partial<Request>, of = ctx): string[] =>
  seen(renderAskerReply(request(overrides), of, 'reply:12'));

function resolvedBy(by: string | null): Partial<Request> {
  const resolution = request({ state: 'resolved' }).resolution!;
  return { state: 'resolved', resolution: { ...resolution, by, note: 'secret note' } };
}

describe("the asker's reply", () => {
  it('says number, who looks at it, and when an answer usually comes', () => {
    expect(reply({})).to.deep.equal([
      'Got it: *#12*. Ana is on duty until 2026-01-05 17:00 UTC. A first answer usually comes within 4 h. If there is more to say, write here.',
      '[Withdraw] [More…]',
    ]);
  });

  it('names a priority only if it is not normal', () => {
    expect(reply({ priority: 'urgent' })[0]).to.match(/^Got it: \*#12\*, urgent 🔴\. /);
  });

  it('promises nobody who is not there', () => {
    expect(reply({}, rendering({ onDuty: null }))[0]).to.include('The team has been told. A first answer');
    expect(reply({ asker: ANA })[0]).to.include('The team has been told.');
  });

  it('promises no time that has passed', () => {
    const late = reply({}, rendering({ now: T0 + 5 * HOUR }))[0];
    expect(late).to.include('It takes longer than it should; the team is reminded of it.');
    expect(late).not.to.include('usually');
  });

  it('says who has it, and no more of times once it was answered', () => {
    expect(reply({ state: 'in_progress', answeredAt: T0 })).to.deep.equal([
      'Ana has *#12*. Write here to reach them.',
      '[It is solved] [Withdraw] [More…]',
    ]);
    expect(reply({ state: 'in_progress', owner: null })[0]).to.match(/^\*#12\* is being worked on\./);
  });

  it('says whose turn it is, and the end once the asker has been told of it', () => {
    expect(reply({ state: 'waiting' })[0]).to.equal(
      '*#12* waits for your answer. Write here and it goes on.',
    );
    const told = { nudges: 2, closesAt: T0 + 7 * DAY, isKeptOpen: false };
    expect(reply({ state: 'waiting', waiting: told })[0]).to.equal(
      '*#12* waits for your answer. Write here and it goes on. Without an answer it ends 2026-01-12 10:00 UTC.',
    );
    expect(reply({ state: 'waiting', waiting: { ...told, isKeptOpen: true } })[0]).not.to.include('ends');
  });

  it('says until when it is on hold, and not for what: that was written for the team', () => {
    const [line] = reply({ state: 'on_hold' });
    expect(line).to.match(/^\*#12\* is on hold until 2026-01-07 10:00 UTC: /);
    expect(line).not.to.include('vendor');
    expect(reply({ state: 'on_hold', hold: null })[0]).to.match(/^\*#12\* is on hold: /);
  });

  it('asks whether it works, once somebody else has resolved it', () => {
    expect(reply(resolvedBy(ANA))).to.deep.equal([
      '✅ *#12* is resolved. Does it work? Without a word from you it closes 2026-01-07 10:00 UTC; until then writing here re-opens it.',
      '[It works!] [Still broken]',
    ]);
    expect(reply(resolvedBy(ASK))).to.deep.equal([
      '✅ *#12* is resolved. Write here before 2026-01-07 10:00 UTC and it goes on as it was.',
      '[Re-open]',
    ]);
    expect(reply(resolvedBy(null))[0]).to.match(/^\*#12\* ended without an answer\. Write here before/);
  });

  it('says how to ask again once it is closed', () => {
    expect(reply({ state: 'closed' })).to.deep.equal([
      '✅ *#12* is closed. If you need it again, mention <@UBOT> here and a new request continues it.',
    ]);
    const dm = { channel: 'D1', threadTs: '1.2', isMirrored: true };
    expect(reply({ state: 'closed', conversation: dm })[0]).to.include('write here and a new request');
  });

  it('explains each exit, and offers Undo while there is one', () => {
    const exit = { ...request({ state: 'declined' }).exit!, reason: 'we do not buy phones', duplicateOf: 10 };
    expect(reply({ state: 'declined', exit })).to.deep.equal([
      'Ben declined *#12*: we do not buy phones',
      '[Undo]',
    ]);
    expect(reply({ state: 'duplicate', exit })[0]).to.equal('*#12* was asked before and goes on as *#10*.');
    expect(reply({ state: 'not_request' })[0]).to.equal(
      'The team read *#12* as not a request. If it is one, press *Undo*.',
    );
    expect(reply({ state: 'withdrawn' })[0]).to.equal('*#12* is withdrawn; nothing more happens with it.');
    const later = rendering({ now: T0 + DAY + SECOND });
    expect(reply({ state: 'declined', exit: { ...exit, by: null, reason: null } }, later)).to.deep.equal([
      '*#12* was declined. If you need it again, mention <@UBOT> here and a new request continues it.',
    ]);
    expect(reply({ state: 'not_request' }, later).join()).not.to.include('Undo');
    expect(reply({ state: 'duplicate', exit: null })[0]).to.equal(
      '*#12* was asked before and goes on there.',
    );
  });

  it('says that a request which may not be shown yet waits for them', () => {
    expect(reply({ state: 'unposted' })).to.deep.equal(['*#12* waits until you agree to post it.']);
  });

  it('never shows what the team wrote for itself, and rings for nobody', () => {
    for (const state of [
      'new',
      'in_progress',
      'waiting',
      'on_hold',
      'resolved',
      'closed',
      'withdrawn',
    ] as const) {
      const asked = request({
        ...(state === 'resolved' ? resolvedBy(ANA) : { state }),
        lastChange: { what: 'secret doings', by: ANA, at: T0 },
      });
      const message = renderAskerReply(asked, ctx, 'k');
      expect(JSON.stringify(message)).not.to.match(/secret|vendor/);
      expect(mentions(message).filter((token) => token !== '<@UBOT>')).to.deep.equal([]);
    }
  });

  it('carries its key, and says the state in its notification', () => {
    const message = renderAskerReply(request({ state: 'in_progress' }), ctx, 'reply:12');
    expect(message.blocks[0]?.block_id).to.equal('reply:12');
    expect(message.text).to.equal('Ana has #12.');
    expect(renderAskerReply(request({ state: 'waiting' }), ctx, 'k').text).to.equal(
      '#12 waits for your answer.',
    );
  });
});
