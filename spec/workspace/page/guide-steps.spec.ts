import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Explained, ExplainedLine, Panel } from '../face/wire.ts';
import { doneNow, nextStep, type Sight, type StepId, stepsOf } from './guide-steps.ts';

const line = (what: string, more: Partial<ExplainedLine> = {}): ExplainedLine => ({
  at: 0,
  kind: 'decision',
  what,
  by: null,
  key: null,
  isPending: false,
  ...more,
});
const request = (more: Partial<Explained> = {}): Explained => ({
  number: 1,
  title: 'VPN',
  state: 'new',
  queue: 'it',
  owner: null,
  asker: 'U1',
  priority: 'normal',
  lines: [],
  ...more,
});
const well: Panel = {
  ready: { status: 200, parts: {} },
  sockets: 2,
  inbox: { waiting: 0, done: 1 },
  outbox: { waiting: 0, done: 1 },
  timers: { pending: 0, nextAt: null },
  deliveries: { sent: 1, acked: 1, waiting: 0, lost: 0, ackP99Ms: 5 },
  requests: 1,
  doubled: 0,
};
const sight = (more: Partial<Sight> = {}): Sight => ({
  stage: { kind: 'time', troubles: [], isUp: true },
  panel: well,
  requests: [],
  flags: new Set(),
  wasIll: true,
  ...more,
});
const done = (seen: Sight): readonly StepId[] => [...doneNow(stepsOf(seen.stage.kind), new Set(), seen)];

describe('the guide', () => {
  it('ticks nothing before anything has happened', () => {
    expect(done(sight())).to.deep.equal([]);
    expect(done(sight({ stage: { kind: 'faults', troubles: [], isUp: true } }))).to.deep.equal([]);
  });

  it('sees each step of a life by what TrIAge has written down, whoever did it', () => {
    const steps: readonly [Partial<Explained>, readonly StepId[]][] = [
      [{}, ['ask']],
      [{ owner: 'U2' }, ['ask', 'take']],
      [{ lines: [line('wrote “hello”', { kind: 'event', by: 'U2' })] }, ['ask', 'talk']],
      [{ lines: [line('wrote “hello”', { kind: 'event', by: 'U1' })] }, ['ask']],
      [{ lines: [line('ladder: escalation')] }, ['ask', 'chase']],
      [{ lines: [line('ladder: duty')] }, ['ask']],
      [{ lines: [line('hold ended')] }, ['ask', 'hold']],
      [{ state: 'closed' }, ['ask', 'close']],
    ];
    for (const [more, expected] of steps)
      expect(done(sight({ requests: [request(more)] })), JSON.stringify(more)).to.deep.equal(expected);
  });

  it('does not take what is still to come for what has happened', () => {
    const lines = [line('ladder: escalation', { isPending: true }), line('hold ended', { isPending: true })];
    expect(done(sight({ requests: [request({ lines })] }))).to.deep.equal(['ask']);
  });

  it('counts a fault as survived once it is over and all is well again', () => {
    const stage = { kind: 'faults', isUp: true } as const;
    const flags = new Set(['postgresStopped']);
    expect(done(sight({ stage: { ...stage, troubles: ['postgresStopped'] }, flags }))).to.deep.equal([]);
    const ill: Panel = { ...well, ready: { status: 503, parts: {} } };
    expect(done(sight({ stage: { ...stage, troubles: [] }, flags, panel: ill }))).to.deep.equal([]);
    expect(done(sight({ stage: { ...stage, troubles: [] }, flags, wasIll: false }))).to.deep.equal([]);
    expect(done(sight({ stage: { ...stage, troubles: [] }, flags }))).to.deep.equal(['postgres']);
  });

  it('keeps what was done, and leads to the first step that was not', () => {
    const steps = stepsOf('time');
    const before = new Set<StepId>(['ask', 'talk']);
    expect(doneNow(steps, before, sight())).to.equal(before);
    expect(nextStep(steps, before)?.id).to.equal('take');
    expect(nextStep(steps, new Set(steps.map(({ id }) => id)))).to.equal(null);
  });
});
