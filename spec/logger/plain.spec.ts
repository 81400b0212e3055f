import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { toPlain, toPlainFields } from '../../src/logger/plain.ts';

const plain = (value: unknown): unknown => toPlain(value, { withStack: false });

describe('toPlain', () => {
  it('cuts secrets out of nested structures: values, keys, lists, maps, sets and causes', () => {
    const secret = 'xoxb-1-secret';
    const hidden = 'hunter2';
    const value = {
      a: [{ b: { c: `see ${secret}` } }],
      [secret]: 1,
      map: new Map<unknown, unknown>([
        ['k', secret],
        [{ z: secret }, 1],
      ]),
      set: new Set([secret]),
      headers: { Authorization: hidden, 'x-ok': 'yes' },
      url: new URL(`redis://u:${hidden}@cache/0`),
      error: new Error(`no ${secret}`, { cause: new Error(`postgres://u:${hidden}@h/d`) }),
      many: new AggregateError([new Error(secret)], secret),
    };
    const text = JSON.stringify(plain(value));
    expect(text).not.to.contain('secret').and.not.to.contain(hidden);
    expect(text).to.contain('"x-ok":"yes"');
  });

  it('hides a property by its name, but says whether it was there at all', () => {
    expect(plain({ token: 'abc', bot_token: '', password: null, secret: { a: 1 } })).to.deep.equal({
      token: '[redacted]',
      bot_token: '',
      password: null,
      secret: '[redacted]',
    });
  });

  it('writes errors with name, message, code, cause and inner errors, and with nothing else', () => {
    const error = Object.assign(new TypeError('outer', { cause: new Error('inner') }), {
      code: 'E1',
      detail: 'Key (text)=(private words) exists',
    });
    expect(plain(error)).to.deep.equal({
      name: 'TypeError',
      message: 'outer',
      code: 'E1',
      cause: { name: 'Error', message: 'inner' },
    });
    expect(plain(new AggregateError([new Error('one')], ''))).to.deep.equal({
      name: 'AggregateError',
      message: '',
      errors: [{ name: 'Error', message: 'one' }],
    });
  });

  it('writes a stack only if asked to, and redacted', () => {
    expect(plain(new Error('x'))).not.to.have.property('stack');
    const text = JSON.stringify(toPlain(new Error('xoxb-1-secret'), { withStack: true }));
    expect(text).to.contain('plain.spec.ts').and.not.to.contain('secret');
  });

  it('survives everything that JSON does not know', () => {
    const circle: Record<string, unknown> = { name: 'c' };
    circle['self'] = circle;
    const bad = {
      good: 1,
      get bad(): never {
        throw new Error('getter');
      },
    };
    const proxy = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('trap');
        },
      },
    );
    const { proxy: revoked, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(plain(circle)).to.deep.equal({ name: 'c', self: '[circular]' });
    expect(plain(bad)).to.deep.equal({ good: 1, bad: '[unreadable]' });
    expect(plain([proxy, revoked])).to.deep.equal(['[unreadable]', '[unreadable]']);
    expect(plain([1n, Number.NaN, Symbol('s'), () => 1, undefined, null, true, 2])).to.deep.equal([
      '1',
      'NaN',
      'Symbol(s)',
      '[function]',
      null,
      null,
      true,
      2,
    ]);
    expect(plain([new Date(0), new Date(Number.NaN), Buffer.from('secret'), /x/])).to.deep.equal([
      '1970-01-01T00:00:00.000Z',
      'Invalid Date',
      '[6 bytes]',
      '/x/',
    ]);
  });

  it('shows the same object twice when it is no circle', () => {
    const shared = { a: 1 };
    expect(plain([shared, shared])).to.deep.equal([shared, shared]);
  });

  it('cuts what is too long, too wide or too deep', () => {
    expect(plain('x'.repeat(4001))).to.equal(`${'x'.repeat(4000)}… [1 more characters]`);
    expect(plain(Array.from({ length: 102 }, () => 0)))
      .to.have.lengthOf(101)
      .and.to.include('[2 more]');
    const wide = new Map(Array.from({ length: 200 }, (_, i) => [`k${i}`, i]));
    expect(Object.keys(plain(wide) ?? {})).to.have.lengthOf(101);
    let deep: unknown = 'end';
    for (let i = 0; i < 20; i += 1) deep = [deep];
    expect(JSON.stringify(plain(deep))).to.equal(`${'['.repeat(8)}"[deeper]"${']'.repeat(8)}`);
  });

  it('never throws and always gives what JSON can write', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withNullPrototype: true,
          withTypedArray: true,
        }),
        (value) => {
          JSON.stringify(toPlain(value, { withStack: true }));
        },
      ),
    );
  });
});

describe('toPlainFields', () => {
  it('gives one field a property, and one in all for what has no readable properties', () => {
    expect(toPlainFields({ a: 1, b: undefined }, { withStack: false })).to.deep.equal([['a', 1]]);
    const broken = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('trap');
        },
      },
    );
    expect(toPlainFields(broken, { withStack: false })).to.deep.equal([['meta', '[unreadable]']]);
  });
});
