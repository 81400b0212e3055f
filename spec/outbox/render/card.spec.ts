import { expect } from 'chai';
import { describe, it } from 'mocha';
import { parsePressed } from '../../../src/domain/actions.ts';
import { type FileName, STATES } from '../../../src/domain/request.ts';
import { renderCard, renderLeftCard } from '../../../src/outbox/render/card.ts';
import { ANA, BEN, DAY, HOUR, LEA, MINUTE, request, SECOND, source, T0 } from '../../support/builders.ts';
import { mentions, rendering, seen, tokens } from '../../support/rendering.ts';

const ctx = rendering();

const file = (name: string): FileName => ({ name, bytes: null, type: '' });

function title(files: readonly FileName[], text: string): string | undefined {
  return seen(renderCard(request({ source: source({ title: text, text, files }) }), ctx, 'k'))[0];
}

describe('the card', () => {
  it('of a new request reads at a glance', () => {
    const card = renderCard(request({ priority: 'urgent' }), ctx, 'card:12');
    expect(seen(card)).to.deep.equal([
      '🔴 #12 · The printer is on fire',
      'Asta | #help-it | opened 2026-01-05 10:00 UTC | Open the message',
      '*Status*',
      'new',
      '*Owner*',
      'nobody yet',
      '*Priority*',
      '🔴 urgent',
      '*Due*',
      '🔴 an owner was due 2026-01-05 10:10 UTC',
      'The printer is on fire',
      '[Take it!] [Assign] [Not a request] ⋯(Priority…, Hold…, Duplicate…, Move…, More…)',
    ]);
    expect(card.text).to.equal('🔴 #12 · The printer is on fire (new)');
  });

  it('of an owned one names owner, next deadline and whoever else changed it last', () => {
    const card = renderCard(
      request({
        state: 'in_progress',
        priority: 'high',
        lastChange: { what: 'set to high', by: LEA, at: T0 + MINUTE },
        continues: 3,
      }),
      ctx,
      'k',
    );
    expect(seen(card).slice(2)).to.deep.equal([
      '*Status*',
      'in progress',
      '*Owner*',
      'Ana',
      '*Priority*',
      '🟠 high',
      '*Due*',
      '🟨 answer by 2026-01-05 11:00 UTC',
      'The printer is on fire',
      'Continues *#3* | Lea set it to high 2026-01-05 10:01 UTC',
      '[Resolve!] [Waiting for asker] [Hand over] ⋯(Priority…, Hold…, Duplicate…, Move…, More…)',
    ]);
  });

  it('carries the key in its first block and nowhere else', () => {
    const ids = renderCard(request(), ctx, 'card:12').blocks.map((block) => block.block_id);
    expect(ids[0]).to.equal('card:12');
    expect(ids.slice(1).every((id) => id === undefined)).to.equal(true);
  });

  it('says why and until when a request is on hold, and that its clock is paused', () => {
    const lines = seen(renderCard(request({ state: 'on_hold', answeredAt: T0 + MINUTE }), ctx, 'k'));
    expect(lines).to.include('on hold');
    expect(lines).to.include('paused');
    expect(lines).to.include('On hold until 2026-01-07 10:00 UTC: the vendor');
    expect(lines.at(-1)).to.equal(
      '[Resolve!] [Unhold] ⋯(Hand over…, Waiting for asker, Hold…, Priority…, More…)',
    );
  });

  it('offers to take what waits without an owner', () => {
    const lines = seen(renderCard(request({ state: 'waiting', owner: null }), ctx, 'k'));
    expect(lines.at(-1)).to.equal('[Resolve!] [Unhold] ⋯(Take it, Hold…, Priority…, Duplicate…, More…)');
  });

  it('says whether the target was met once it is resolved', () => {
    const intervals = [{ kind: 'resolution' as const, startedAt: T0, endedAt: T0 + 14 * MINUTE }];
    const met = seen(renderCard(request({ state: 'resolved', intervals }), ctx, 'k'));
    expect(met).to.include('✅ met in 14 min');
    const late = [{ kind: 'resolution' as const, startedAt: T0, endedAt: T0 + 25 * HOUR }];
    expect(seen(renderCard(request({ state: 'resolved', intervals: late }), ctx, 'k'))).to.include(
      '🔴 over by 1 h',
    );
    expect(met.at(-1)).to.equal('[Re-open] ⋯(Details, Remind me…, More…)');
  });

  it('tells what the clock did without a name', () => {
    const card = renderCard(
      request({
        state: 'resolved',
        lastChange: { what: 'resolved: no answer', by: null, at: T0 },
        resolution: {
          by: ANA,
          at: T0,
          note: 'new cable',
          before: 'waiting',
          ownerBefore: ANA,
          holdBefore: null,
          reactionOf: null,
        },
      }),
      ctx,
      'k',
    );
    expect(seen(card)).to.include('Note: new cable | resolved: no answer 2026-01-05 10:00 UTC');
  });

  it('says nothing about the last change when the owner made it', () => {
    const card = renderCard(
      request({ state: 'in_progress', lastChange: { what: 'took it', by: ANA, at: T0 } }),
      ctx,
      'k',
    );
    expect(seen(card).join()).not.to.include('took it');
  });

  it('gives an exit its reason, the number it repeats, and Undo for 24 h', () => {
    const left = request({ state: 'declined' });
    const exit = { ...left.exit!, reason: 'we do not buy phones', duplicateOf: 10 };
    const lines = seen(renderCard({ ...left, exit }, ctx, 'k'));
    expect(lines).to.include('Duplicate of #10 | Reason: we do not buy phones');
    expect(lines.at(-1)).to.equal('[Undo] ⋯(Details, More…)');
    const later = seen(renderCard({ ...left, exit }, rendering({ now: T0 + DAY + SECOND }), 'k'));
    expect(later.join()).not.to.include('Undo');
  });

  it('spells the status as the contract does, in every state', () => {
    const words = STATES.map((state) => seen(renderCard(request({ state }), ctx, 'k'))).map(
      (lines) => lines[lines.indexOf('*Status*') + 1],
    );
    expect(words.slice(1)).to.deep.equal([
      'new',
      'in progress',
      'waiting',
      'on hold',
      'resolved',
      'closed',
      'duplicate',
      'not a request',
      'declined',
      'withdrawn',
    ]);
  });

  it('has at most five buttons, and every one of them is read back as an action on this request', () => {
    for (const state of STATES) {
      for (const block of renderCard(request({ state }), ctx, 'k').blocks) {
        if (block.type !== 'actions') continue;
        expect(block.elements.length).to.be.at.most(6);
        for (const element of block.elements) {
          const values =
            element.type === 'overflow'
              ? element.options.map((option) => option.value ?? '')
              : element.type === 'button'
                ? [element.value ?? '']
                : [];
          for (const value of values) {
            expect(parsePressed(element.action_id ?? '', value)?.value).to.equal('12');
          }
        }
      }
    }
  });

  it('names files with size and type, five of them, and counts the rest', () => {
    const files = [
      { name: 'a.png', bytes: 1_234_567, type: 'png' },
      { name: 'b.txt', bytes: 12_345, type: 'text' },
      { name: 'c', bytes: 12, type: '' },
      { name: 'd', bytes: null, type: '' },
      { name: 'x &amp; y', bytes: null, type: 'pdf' },
      { name: 'f', bytes: 1, type: 'pdf' },
      { name: 'g', bytes: 1, type: 'pdf' },
    ];
    expect(seen(renderCard(request({ source: source({ files }) }), ctx, 'k'))).to.include(
      '📎 a.png (1.2 MB, png) | 📎 b.txt (12 kB, text) | 📎 c (12 B) | 📎 d | 📎 x &amp; y (pdf) | +2 more',
    );
  });

  it('calls a request without text by its files, or says that there is none', () => {
    expect(title([], '')).to.equal('🔵 #12 · (no text)');
    expect(title([], '\u200b \u2060')).to.equal('🔵 #12 · (no text)');
    expect(title([file('a.png')], '')).to.equal('🔵 #12 · a.png');
    expect(title([file('a.png'), file('b'), file('c')], '')).to.equal('🔵 #12 · a.png and 2 more');
    expect(title([file('')], '')).to.equal('🔵 #12 · a file');
  });

  it('shows nothing of a deleted source', () => {
    const deleted = source({ title: null, text: null, isDeleted: true });
    const lines = seen(renderCard(request({ state: 'in_progress', source: deleted }), ctx, 'k'));
    expect(lines[0]).to.equal('🔵 #12 · deleted by its author');
    expect(lines[1]).to.equal('Asta | #help-it | opened 2026-01-05 10:00 UTC');
    expect(lines).to.include('deleted by its author');
  });

  it('shows nothing of what its asker has not agreed to show', () => {
    const card = renderCard(request({ state: 'unposted' }), ctx, 'k');
    expect(JSON.stringify(card)).not.to.include('printer');
  });

  it('names a DM as such, without a link that nobody could open', () => {
    for (const where of [source({ kind: 'dm' }), source({ kind: 'shortcut', channel: 'D1' })]) {
      const card = renderCard(request({ source: where }), ctx, 'k');
      expect(seen(card)[1]).to.equal('Asta | DM | opened 2026-01-05 10:00 UTC');
      expect(tokens(card).some((token) => token.startsWith('<http'))).to.equal(false);
    }
  });

  it('names a private channel, and links to it, only where the triage channel is private too', () => {
    const asked = request({ source: source({ isPrivate: true }) });
    expect(seen(renderCard(asked, ctx, 'k'))[1]).to.equal(
      'Asta | a private channel | opened 2026-01-05 10:00 UTC',
    );
    expect(seen(renderCard(asked, rendering({ triageIsPrivate: true }), 'k'))[1]).to.equal(
      'Asta | #help-it | opened 2026-01-05 10:00 UTC | Open the message',
    );
  });

  it('has no place to name for a request without a message', () => {
    const card = renderCard(
      request({ source: source({ kind: 'modal', channel: null, threadTs: null }) }),
      ctx,
      'k',
    );
    expect(seen(card)[1]).to.equal('Asta | opened 2026-01-05 10:00 UTC');
  });

  it('links to a message in a thread within its thread', () => {
    const inThread = source({ ts: '1767607300.000200' });
    expect(tokens(renderCard(request({ source: inThread }), ctx, 'k'))).to.include(
      '<https://acme.slack.com/archives/CHELP/p1767607300000200?thread_ts=1767607200.000100&amp;cid=CHELP|Open the message>',
    );
  });

  it('rings for nobody, whoever owns, asked or changed it', () => {
    for (const state of STATES) {
      const asked = request({ state, lastChange: { what: `handed it over to <@${BEN}>`, by: LEA, at: T0 } });
      expect(mentions(renderCard(asked, ctx, 'k'))).to.deep.equal([]);
    }
  });

  it('of a queue that it left shows number and where it went, and no more', () => {
    const card = renderLeftCard(12, 'hr', 'left:12');
    expect(seen(card)).to.deep.equal(['#12 · moved to the queue “hr”']);
    expect(card.blocks[0]?.block_id).to.equal('left:12');
  });
});
