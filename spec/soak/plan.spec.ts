import { expect } from 'chai';
import { describe, it } from 'mocha';
import { mootLines } from './check-requests.ts';
import type { Entry } from './journal.ts';
import { Model, wordsIn } from './model.ts';
import { ACTS, drawPlan, FAULTS } from './plan.ts';
import { createRandom, pickAt, pickLate, weighed } from './random.ts';
import { storyOf } from './story.ts';

const PEOPLE = ['ana', 'ben', 'uli'];

describe("the soak's plan", () => {
  const draw = (seed: number, minutes = 3) => drawPlan({ seed, minutes, people: PEOPLE });

  it('is the same for the same seed, and another one for another', () => {
    expect(draw(7)).to.deep.equal(draw(7));
    expect(draw(7)).to.not.deep.equal(draw(8));
  });

  it('has everybody do everything, and everything go wrong, within a few minutes', () => {
    const steps = draw(1, 20);
    const acts = new Set(steps.flatMap((step) => (step.kind === 'act' ? step.act : [])));
    const faults = new Set(steps.flatMap((step) => (step.kind === 'fault' ? step.fault : [])));
    expect([...acts].toSorted()).to.deep.equal(Object.keys(ACTS).toSorted());
    expect([...faults].toSorted()).to.deep.equal(Object.values(FAULTS).flat().toSorted());
    expect(new Set(steps.flatMap((step) => (step.kind === 'act' ? step.who : [])))).to.deep.equal(
      new Set(PEOPLE),
    );
  });

  it('comes in order of time, and lets no two faults of a group overlap', () => {
    const steps = draw(3, 10);
    expect(steps.map(({ atMs }) => atMs)).to.deep.equal(
      steps.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
    );
    for (const group of Object.values(FAULTS)) {
      const own = steps.filter((step) => step.kind === 'fault' && group.some((name) => name === step.fault));
      for (const [place, step] of own.entries()) {
        const before = own[place - 1];
        if (before?.kind === 'fault') expect(before.atMs + before.lastsMs).to.be.lessThan(step.atMs);
      }
    }
  });

  it('leaves out a group of faults and changes nothing else', () => {
    const all = drawPlan({ seed: 5, minutes: 3, people: PEOPLE });
    const some = drawPlan({ seed: 5, minutes: 3, people: PEOPLE, without: ['redis'] });
    const isRedis = (name: string): boolean => name.startsWith('redis');
    const rest = all.filter((step) => step.kind === 'act' || !isRedis(step.fault));
    expect(some.length).to.be.lessThan(all.length);
    expect(some.map(({ number: _n, ...step }) => step)).to.deep.equal(
      rest.map(({ number: _n, ...step }) => step),
    );
  });
});

describe("the soak's choices", () => {
  it('fall in the whole list, and mostly at its end where one looks at what is new', () => {
    const list = Array.from({ length: 40 }, (_, n) => n);
    const random = createRandom(1);
    const evenly = Array.from({ length: 2000 }, () => pickAt(list, random.next()));
    const late = Array.from({ length: 2000 }, () => pickLate(list, random.next()));
    expect(new Set(evenly).size).to.equal(40);
    expect(new Set(late).size).to.equal(40);
    expect(late.filter((n) => n >= 34).length).to.be.greaterThan(1400);
    expect(() => pickAt([], 0.5)).to.throw('nothing to choose');
  });

  it('keep to their weights', () => {
    const random = createRandom(2);
    const drawn = Array.from({ length: 4000 }, () =>
      weighed({ often: 3, seldom: 1, never: 0 }, random.next()),
    );
    expect(drawn.filter((name) => name === 'often').length).to.be.within(2850, 3150);
    expect(drawn).to.not.include('never');
  });
});

describe("the soak's words", () => {
  it('are found again in any text, each one once', () => {
    const model = new Model('x1');
    const [one, two] = [model.newWord(), model.newWord()];
    expect(one).to.not.equal(two);
    expect(wordsIn(`for "${one}", *${two}* and ${one}`)).to.deep.equal([one, two]);
    expect(wordsIn('a canary sings')).to.deep.equal([]);
    const many = Array.from({ length: 200 }, () => model.newWord());
    expect(many.filter((word) => many.some((other) => other !== word && other.includes(word)))).to.deep.equal(
      [],
    );
  });
});

describe('what the clock did', () => {
  it('is moot after somebody has it, or while nothing waits, and well otherwise', () => {
    expect(mootLines(['asked it by DM', 'ladder: duty', 'ladder: next', 'took it'])).to.deep.equal([]);
    expect(mootLines(['asked it by DM', 'took it', 'ladder: duty'])).to.have.length(1);
    expect(mootLines(['asked it by DM', 'took it', 'gave it back', 'ladder: next'])).to.deep.equal([]);
    expect(mootLines(['asked it by DM', 'waits for the asker', 'nudged the asker (1)'])).to.deep.equal([]);
    expect(
      mootLines(['asked it by DM', 'waits for the asker', 'answered', 'nudged the asker (1)']),
    ).to.have.length(1);
    expect(mootLines(['asked it by DM', 'resolved it', 'told the asker that it ends soon'])).to.have.length(
      1,
    );
  });
});

describe("a finding's story", () => {
  const entry = (at: number, text: string, about: readonly string[], until?: number): Entry => ({
    at: at * 1000,
    until: (until ?? at) * 1000,
    text,
    about,
    isFault: until !== undefined,
  });

  it('tells what was done with what is at fault, and the faults around it, in order and nothing else', () => {
    const story = storyOf(
      [
        entry(1, 'long before', [], 2),
        entry(9, 'while it began', [], 12),
        entry(10, 'uli asks', ['C1:1']),
        entry(11, 'zoe asks', ['C1:2']),
        entry(13, 'ana takes it', ['#4', 'C9:9']),
        entry(14, 'just after', [], 15),
        entry(99, 'long after', [], 100),
      ],
      ['#4', 'C1:1', ''],
      0,
    );
    expect(story.map((line) => line.trim())).to.deep.equal([
      '9.0 s  while it began, until 12.0',
      '10.0 s  uli asks',
      '13.0 s  ana takes it',
      '14.0 s  just after, until 15.0',
    ]);
  });

  it('has nothing to tell of what nobody did anything with', () => {
    expect(storyOf([entry(1, 'a fault', [], 50), entry(2, 'uli asks', ['C1:1'])], ['#9'], 0)).to.deep.equal(
      [],
    );
  });
});
