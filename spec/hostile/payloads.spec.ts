import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { validateSubmission } from '../../src/handlers/submission.ts';
import { identify } from '../../src/slack/identify.ts';
import { parseEvent } from '../../src/slack/parse-event.ts';
import { parseFrame } from '../../src/socket/envelope.ts';
import { runs } from './fuzz.ts';
import { slips, WIDE, withSlips } from './near-misses.ts';
import { SOME_IDS, shapesOf } from './shapes.ts';

const SHAPES = shapesOf(SOME_IDS, 1);
const NOW = 1_800_000_000_000;

/** PostgreSQL takes no larger entry in an index, and no instant beyond JavaScript's own. */
const INDEX_BYTES = 2600;
const LATEST_MS = 8.64e15;

/** Reads a payload all the way to what is stored of it, and checks that the database can take that. */
function readAll(type: string, envelopeId: string, payload: string): void {
  const frame = parseFrame(
    `{"envelope_id":${JSON.stringify(envelopeId)},"type":${JSON.stringify(type)},"payload":${payload}}`,
  );
  if (frame.kind !== 'envelope') throw new Error(`no envelope but ${frame.kind}`);
  const event = parseEvent(frame.type, frame.payload);
  expect(event.kind).to.be.a('string');
  if (event.kind === 'submission') validateSubmission(event, NOW);
  const { eventId, key, subject, lane, happenedAt } = identify(frame.type, frame.envelopeId, frame.payload);
  for (const text of [eventId, key ?? '-', subject ?? '-', lane]) {
    expect(text).not.to.equal('');
    expect(text).not.to.include('\0');
    expect(text.isWellFormed()).to.equal(true);
    expect(Buffer.byteLength(text)).to.be.at.most(INDEX_BYTES);
  }
  // It becomes part of the key of a post, which has 255 characters.
  expect(eventId.length).to.be.at.most(200);
  if (happenedAt !== null) {
    expect(Math.abs(happenedAt)).to.be.at.most(LATEST_MS);
    expect(happenedAt).to.satisfy(Number.isSafeInteger);
  }
}

describe('a payload', () => {
  for (const { type, name, payload } of SHAPES) {
    it(`of “${name}” with fields missing, of other types, huge or deep is read and can be stored`, () => {
      fc.assert(
        fc.property(slips, (made) => readAll(type, 'e1', withSlips(payload, made))),
        runs(50),
      );
    });
  }

  it('that names a time beyond all dates, or ids that no index holds, is stored without them', () => {
    const archived = { type: 'channel_archive', channel: 'C1', user: 'U1' };
    for (const event_time of [1e300, -1e300, 1e12, -8e14])
      readAll('events_api', 'e1', JSON.stringify({ event_id: 'Ev1', event_time, event: archived }));
    const press = {
      type: 'block_actions',
      user: { id: WIDE },
      trigger_id: WIDE,
      view: { id: WIDE },
      actions: [{ action_id: WIDE }],
    };
    for (const each of [press, JSON.parse(JSON.stringify(press).replaceAll(WIDE, WIDE.slice(0, 120)))])
      readAll('interactive', 'e1', JSON.stringify(each));
    for (const id of ['\0', 'a\0b', '\ud800', WIDE, 'x'.repeat(1_000_000)]) readAll('events_api', id, '{}');
  });

  it('of any JSON is read and can be stored, under whatever type and envelope id', () => {
    const ids = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
      fc.constantFrom('\0', '\ud800', WIDE, 'x'.repeat(100_000)),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.constantFrom('events_api', 'interactive', 'slash_commands', 'other'),
          fc.string({ unit: 'binary' }),
        ),
        ids,
        fc.oneof(
          fc.json(),
          fc.json().map((json) => `{"event":${json}}`),
        ),
        readAll,
      ),
      runs(200),
    );
  });
});
