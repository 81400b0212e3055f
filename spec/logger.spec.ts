import { PassThrough, Writable } from 'node:stream';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { createLogger, type LogFormat, type LogLevel } from '../src/logger.ts';

const clock = { now: (): number => Date.UTC(2026, 0, 5, 9) };

/** A logger on a stream whose lines can be read at once. */
function logTo(format: LogFormat, level: LogLevel = 'info') {
  const stream = new PassThrough();
  const logger = createLogger({ level, format, stream, clock });
  const lines = (): string[] =>
    String(stream.read() ?? '')
      .split('\n')
      .slice(0, -1);
  return { logger, lines, records: () => lines().map((line): Record<string, unknown> => JSON.parse(line)) };
}

/** The levels that get through when one line of each is written. */
function written(level: LogLevel): unknown[] {
  const { logger, records } = logTo('json', level);
  for (const name of ['error', 'warn', 'info', 'debug'] as const) logger[name]('x');
  return records().map((record) => record['level']);
}

describe('createLogger', () => {
  it('writes one JSON object a line: time, level, message, then what was given', () => {
    const { logger, lines } = logTo('json');
    logger.info('card posted', { requestId: 12, ok: true });
    expect(lines()).to.deep.equal([
      '{"time":"2026-01-05T09:00:00.000Z","level":"info","message":"card posted","requestId":12,"ok":true}',
    ]);
  });

  it('writes readable text, one line a record whatever the values hold', () => {
    const { logger, lines } = logTo('text');
    logger.warn('odd value', { channel: 'C1', text: 'two\nlines', esc: '\u001B[31m', list: [1, 'a'] });
    logger.info('a\u2028b\nc');
    expect(lines()).to.deep.equal([
      '2026-01-05T09:00:00.000Z warn  odd value channel=C1 text="two\\nlines" esc="\\u001b[31m" list=[1,"a"]',
      '2026-01-05T09:00:00.000Z info  a\\u2028b\\u000ac',
    ]);
  });

  it('writes only what its level asks for', () => {
    expect(written('error')).to.deep.equal(['error']);
    expect(written('info')).to.deep.equal(['error', 'warn', 'info']);
    expect(written('debug')).to.deep.equal(['error', 'warn', 'info', 'debug']);
  });

  it('gives every line of a child its scope, grandchildren included, and the nearest value wins', () => {
    const { logger, records } = logTo('json');
    const child = logger.child({ service: 'socket', jobId: 'j1', eventId: 'Ev1' }).child({ eventId: 'Ev2' });
    child.info('received', { service: 'inbox' });
    logger.info('bare');
    const [first, second] = records();
    expect(first).to.include({ service: 'inbox', jobId: 'j1', eventId: 'Ev2' });
    expect(second).to.have.all.keys('time', 'level', 'message');
  });

  it('keeps its own fields when the given ones have their names', () => {
    const { logger, records } = logTo('json');
    logger.info('real', { message: 'other', level: 'x', time: 1 });
    expect(records()[0]).to.include({
      message: 'real',
      level: 'info',
      _message: 'other',
      _level: 'x',
      _time: 1,
    });
  });

  for (const format of ['json', 'text'] as const) {
    it(`lets no secret through in ${format}: not from the message, not from nested values, scopes or errors`, () => {
      const { logger, lines } = logTo(format, 'debug');
      const cause = new Error('postgres://triage:hunter2@db/triage');
      logger
        .child({ botToken: 'hunter2', url: 'wss://x.slack.com/?ticket=hunter2' })
        .error('refused xoxb-hunter2', {
          error: new Error('xapp-hunter2', { cause }),
          deep: { list: ['https://hooks.slack.com/actions/hunter2'], headers: { authorization: 'hunter2' } },
        });
      const text = lines().join('\n');
      expect(text).to.contain('refused xoxb-[redacted]').and.not.to.contain('hunter2');
    });
  }

  it('writes stacks at level debug only', () => {
    for (const level of ['debug', 'info'] as const) {
      const { logger, lines } = logTo('json', level);
      logger.error('failed', { error: new Error('x') });
      expect(lines()[0]!.includes('logger.spec.ts')).to.equal(level === 'debug');
    }
  });

  it('never throws, whatever it is given and wherever it writes', () => {
    const { logger, records } = logTo('json');
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    logger.info('odd', {
      circle,
      big: 2n ** 70n,
      get bad(): never {
        throw new Error('getter');
      },
    });
    logger
      .child({
        get bad(): never {
          throw new Error('getter');
        },
      })
      .info('scoped');
    expect(records()).to.have.lengthOf(2);

    const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
    const broken = createLogger({ level: 'info', format: 'json', stream });
    for (let i = 0; i < 3; i += 1) broken.error('nobody reads this');

    const throwing = createLogger({
      level: 'info',
      format: 'json',
      stream: new PassThrough(),
      clock: { now: () => Number.NaN },
    });
    throwing.info('no time');
  });
});
