import { expect } from 'chai';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, it } from 'mocha';
import type { Rotation } from '../../src/domain/queue.ts';
import { dutyAmong, dutyAt, nextAfter } from '../../src/domain/rotation.ts';

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
const at = (text: string, zone = 'Europe/Madrid'): number => DateTime.fromISO(text, { zone }).toMillis();

const weekly: Rotation = {
  people: ['ANA', 'BEN', 'CAT'],
  turnMs: WEEK_MS,
  fromMs: at('2026-01-05T00:00'),
  zone: 'Europe/Madrid',
};

const rotations = fc.record({
  people: fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 6 }),
  turnMs: fc.oneof(
    fc.integer({ min: 1000, max: 40 * HOUR_MS }),
    fc.integer({ min: 1, max: 60 }).map((d) => d * 24 * HOUR_MS),
  ),
  fromMs: fc.integer({ min: at('2000-01-01'), max: at('2040-01-01') }),
  zone: fc.constantFrom('UTC', 'Europe/Madrid', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Chatham'),
});
const instants = fc.integer({ min: at('1990-01-01'), max: at('2050-01-01') });

describe('dutyAt', () => {
  it('gives each person one turn after the other and then begins anew', () => {
    const users = [0, 1, 2, 3].map((week) => dutyAt(weekly, weekly.fromMs + week * WEEK_MS)?.user);
    expect(users).to.deep.equal(['ANA', 'BEN', 'CAT', 'ANA']);
    expect(dutyAt(weekly, weekly.fromMs)).to.deep.equal({
      user: 'ANA',
      index: 0,
      untilAt: at('2026-01-12T00:00'),
    });
  });

  it('also counts turns backwards, before the rotation began', () => {
    expect(dutyAt(weekly, weekly.fromMs - 1)?.user).to.equal('CAT');
    expect(dutyAt(weekly, at('2025-12-22T12:00'))?.user).to.equal('BEN');
  });

  it('hands over on Monday at 00:00 of its zone, across both changes of the clock', () => {
    for (const monday of ['2026-03-30', '2026-04-06', '2026-10-26', '2026-11-02']) {
      const handOver = at(`${monday}T00:00`);
      const before = dutyAt(weekly, handOver - 1)!;
      const after = dutyAt(weekly, handOver)!;
      expect(before.untilAt, monday).to.equal(handOver);
      expect(after.index, monday).to.equal((before.index + 1) % 3);
    }
  });

  it('counts turns shorter than a day in plain time', () => {
    const shift: Rotation = { ...weekly, turnMs: 8 * HOUR_MS };
    const night = dutyAt(shift, at('2026-03-29T01:30'))!;
    expect(night.untilAt).to.equal(at('2026-03-29T09:00'));
  });

  it('finds the turn of a day that follows one which the zone skipped', () => {
    const daily = {
      ...weekly,
      turnMs: 24 * HOUR_MS,
      fromMs: at('2011-12-01', 'Pacific/Apia'),
      zone: 'Pacific/Apia',
    };
    const duty = dutyAt(daily, at('2011-12-31T23:30', 'Pacific/Apia'))!;
    expect(duty).to.deep.equal({ user: 'ANA', index: 0, untilAt: at('2012-01-01', 'Pacific/Apia') });
  });

  it('knows nobody in an empty rotation', () => {
    expect(dutyAt({ ...weekly, people: [] }, weekly.fromMs)).to.equal(null);
  });

  it('lets an override stand until its end and no longer', () => {
    const override = { user: 'CAT', untilAt: weekly.fromMs + HOUR_MS };
    expect(dutyAt(weekly, weekly.fromMs, override)).to.deep.equal({ ...override, index: 2 });
    expect(dutyAt(weekly, override.untilAt, override)?.user).to.equal('ANA');
  });

  it('puts a stand-in from outside at the place of the person replaced', () => {
    const override = { user: 'ZOE', untilAt: weekly.fromMs + 2 * WEEK_MS };
    expect(dutyAt(weekly, weekly.fromMs + WEEK_MS, override)).to.deep.equal({ ...override, index: 1 });
    expect(dutyAt({ ...weekly, people: [] }, 0, override)).to.deep.equal({ ...override, index: 0 });
  });

  it('ends every turn after now, and the next person follows at that very instant', () => {
    fc.assert(
      fc.property(rotations, instants, (rotation, now) => {
        const duty = dutyAt(rotation, now)!;
        expect(duty.untilAt).to.be.above(now);
        expect(duty.untilAt - now).to.be.at.most(rotation.turnMs + 24 * HOUR_MS);
        expect(dutyAt(rotation, duty.untilAt - 1)).to.deep.equal(duty);
        const next = dutyAt(rotation, duty.untilAt)!;
        expect(next.index).to.equal((duty.index + 1) % rotation.people.length);
        expect(next.user).to.equal(rotation.people[next.index]);
      }),
    );
  });
});

describe('dutyAmong', () => {
  const now = at('2026-01-06T12:00');
  const among = (...unfit: readonly string[]) => dutyAmong(weekly, now, null, (user) => unfit.includes(user));

  it('is the person whose turn it is, or else the next who can, until the same moment', () => {
    expect(among()).to.include({ user: 'ANA', untilAt: at('2026-01-12T00:00') });
    expect(among('ANA')).to.include({ user: 'BEN', untilAt: at('2026-01-12T00:00') });
    expect(among('ANA', 'BEN')?.user).to.equal('CAT');
  });

  it('is nobody when nobody can, or nobody is in rotation', () => {
    expect(among('ANA', 'BEN', 'CAT')).to.equal(null);
    expect(dutyAmong({ ...weekly, people: [] }, now, null, () => false)).to.equal(null);
  });
});

describe('nextAfter', () => {
  it('goes on from a place or a person, around the end', () => {
    expect(nextAfter(weekly, 'ANA')).to.deep.equal({ user: 'BEN', index: 1 });
    expect(nextAfter(weekly, 2)).to.deep.equal({ user: 'ANA', index: 0 });
  });

  it('skips those who cannot, and never asks the same person again', () => {
    expect(nextAfter(weekly, 'ANA', (user) => user === 'BEN')?.user).to.equal('CAT');
    expect(nextAfter(weekly, 'ANA', (user) => user !== 'ANA')).to.equal(null);
    expect(nextAfter({ ...weekly, people: ['ANA'] }, 'ANA')).to.equal(null);
  });

  it('starts with the first after somebody who is not in the rotation', () => {
    expect(nextAfter(weekly, 'ZOE')?.user).to.equal('ANA');
    expect(nextAfter({ ...weekly, people: ['ANA'] }, 'ZOE')?.user).to.equal('ANA');
  });

  it('asks everybody else exactly once before it gives up', () => {
    fc.assert(
      fc.property(rotations, fc.nat(), (rotation, pick) => {
        const start = pick % rotation.people.length;
        const asked: string[] = [];
        for (;;) {
          const next = nextAfter(rotation, start, (user) => asked.includes(user));
          if (next === null) break;
          asked.push(next.user);
        }
        const inOrder = [...rotation.people.slice(start + 1), ...rotation.people.slice(0, start)];
        expect(asked).to.deep.equal(inOrder);
      }),
    );
  });
});
