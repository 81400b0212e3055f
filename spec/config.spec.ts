import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import { environmentOf } from '../src/config/environment.ts';
import { ALL_VARIABLES } from '../src/config/variables.ts';
import { configTable, loadConfig } from '../src/config.ts';
import { ConfigError } from '../src/errors.ts';

const tokens = { SLACK_APP_TOKEN: 'xapp-1-A0-9-c0ffee', SLACK_BOT_TOKEN: 'xoxb-1-2-c0ffee' };

function problemsOf(env: Record<string, string>, cwd = '/nowhere'): readonly string[] {
  try {
    loadConfig(env, cwd);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const warnings = (apiUrl: string): number =>
  loadConfig({ ...tokens, SLACK_API_URL: apiUrl }, '/srv').warnings.length;

describe('loadConfig', () => {
  it('needs two tokens and nothing else', () => {
    expect(loadConfig(tokens, '/srv')).to.deep.equal({
      slack: {
        appToken: tokens.SLACK_APP_TOKEN,
        botToken: tokens.SLACK_BOT_TOKEN,
        apiUrl: 'https://slack.com/api/',
        postIntervalMs: 1000,
        socketConnections: 2,
      },
      database: { url: null, dataDir: '/srv/data' },
      redisUrl: null,
      health: { host: '127.0.0.1', port: 3000 },
      log: { level: 'info', format: 'json' },
      triageFile: { path: '/srv/config/triage.yaml', name: 'config/triage.yaml' },
      shutdownGraceSeconds: 10,
      warnings: [],
    });
  });

  it('takes every variable', () => {
    const config = loadConfig(
      {
        ...tokens,
        DATABASE_URL: 'postgres:///triage?host=/run/pg',
        REDIS_URL: 'rediss://cache:6380/1',
        DATA_DIR: '/var/lib/triage',
        SLACK_API_URL: 'http://127.0.0.1:9/api',
        SLACK_POST_INTERVAL: '0',
        HEALTH_HOST: '::1',
        HEALTH_PORT: '0',
        LOG_LEVEL: 'debug',
        LOG_FORMAT: 'text',
        TRIAGE_CONFIG: '/etc/triage.yaml',
        SHUTDOWN_GRACE_SECONDS: '30',
        SOCKET_CONNECTIONS: '10',
      },
      '/srv',
    );
    expect(config.database).to.deep.equal({
      url: 'postgres:///triage?host=/run/pg',
      dataDir: '/var/lib/triage',
    });
    expect(config.redisUrl).to.equal('rediss://cache:6380/1');
    expect(config.slack).to.include({
      apiUrl: 'http://127.0.0.1:9/api/',
      postIntervalMs: 0,
      socketConnections: 10,
    });
    expect(config.health).to.deep.equal({ host: '::1', port: 0 });
    expect(config.log).to.deep.equal({ level: 'debug', format: 'text' });
    expect(config.triageFile).to.deep.equal({ path: '/etc/triage.yaml', name: '/etc/triage.yaml' });
    expect(config.shutdownGraceSeconds).to.equal(30);
    expect(config.warnings).to.deep.equal([]);
  });

  it('is frozen to its depth', () => {
    const config = loadConfig(tokens, '/srv');
    for (const part of [config, config.slack, config.health, config.warnings]) {
      expect(Object.isFrozen(part)).to.equal(true);
    }
  });

  it('reads neither the command line nor any variable that it was not given', () => {
    const argv = process.argv;
    const { HEALTH_PORT } = process.env;
    process.argv = [...argv, '--HEALTH_PORT', '5'];
    process.env['HEALTH_PORT'] = '6';
    try {
      expect(loadConfig(tokens, '/srv').health.port).to.equal(3000);
    } finally {
      process.argv = argv;
      if (HEALTH_PORT === undefined) delete process.env['HEALTH_PORT'];
      else process.env['HEALTH_PORT'] = HEALTH_PORT;
    }
  });

  it('takes an empty variable for an absent one and cuts off the space around a value', () => {
    const config = loadConfig({ ...tokens, HEALTH_PORT: '', DATABASE_URL: ' ', LOG_LEVEL: 'warn\r' }, '/srv');
    expect(config.health.port).to.equal(3000);
    expect(config.database.url).to.equal(null);
    expect(config.log.level).to.equal('warn');
  });

  it('reports everything at once, one line each, in the order of the list', () => {
    const problems = problemsOf({
      LOG_LEVEL: 'inof',
      SLACK_BOT_TOKEN: 'xoxp-1-2',
      HEALTH_PORT: '30x',
      SOCKET_CONNECTIONS: '11',
      SLACK_POST_INTERVAL: '5',
      DATABASE_URL: 'mysql://db/x',
    });
    expect(problems.map((line) => line.slice(0, line.indexOf(':')))).to.deep.equal([
      'SLACK_APP_TOKEN',
      'SLACK_BOT_TOKEN',
      'DATABASE_URL',
      'SLACK_POST_INTERVAL',
      'HEALTH_PORT',
      'LOG_LEVEL',
      'SOCKET_CONNECTIONS',
    ]);
    expect(problems.join('\n')).to.contain('(did you mean "info"?)').and.to.contain('(did you mean "5s"?)');
    expect(problems.join('')).not.to.contain('\n');
  });

  it('says which kind of token was given where another was wanted', () => {
    const swapped = { SLACK_APP_TOKEN: tokens.SLACK_BOT_TOKEN, SLACK_BOT_TOKEN: tokens.SLACK_APP_TOKEN };
    expect(problemsOf(swapped)).to.satisfy(
      ([app, bot]: string[]) =>
        /bot token.*SLACK_BOT_TOKEN/.test(app!) && /app-level.*SLACK_APP_TOKEN/.test(bot!),
    );
    const hints = {
      'xoxp-1': 'user token',
      'xoxe.xoxb-1': 'rotation off',
      '"xoxb-1"': 'in quotes',
      'xoxb-': 'whole',
      'xoxb-a b': 'whole',
      hello: 'whole',
    };
    for (const [given, hint] of Object.entries(hints)) {
      const problems = problemsOf({ ...tokens, SLACK_BOT_TOKEN: given });
      expect(problems, given).to.have.lengthOf(1);
      expect(problems[0])
        .to.match(/^SLACK_BOT_TOKEN: /)
        .and.to.contain(hint);
    }
  });

  const invalid = {
    DATABASE_URL: ['db', 'redis://db', 'postgres://u:p#/ss@host:x/db', '"postgres://db"'],
    REDIS_URL: ['cache:6379', 'http://cache'],
    DATA_DIR: ['a\0b'],
    SLACK_API_URL: ['slack.com', 'ftp://slack.com/'],
    SLACK_POST_INTERVAL: ['1', '1bd', '-1s', 'fast'],
    HEALTH_HOST: ['a:1', 'http://x', 'a b', '[::1]'],
    HEALTH_PORT: ['65536', '-1', '3000.5', '1e3', 'x'],
    LOG_LEVEL: ['INFO', 'trace'],
    LOG_FORMAT: ['xml'],
    SHUTDOWN_GRACE_SECONDS: ['0', '10s', '3601'],
    SOCKET_CONNECTIONS: ['0', '11', 'two'],
  };
  for (const [name, values] of Object.entries(invalid)) {
    it(`refuses a wrong ${name} in one line`, () => {
      for (const value of values) {
        const problems = problemsOf({ ...tokens, [name]: value });
        expect(problems, value).to.have.lengthOf(1);
        expect(problems[0], value).to.match(new RegExp(`^${name}: \\S.*$`));
      }
    });
  }

  it('never repeats a token or a URL, whichever variable it was put in', () => {
    const secrets = [
      'xoxb-1-2-hunter2',
      'xapp-1-hunter2"',
      'postgres://u:hunter2@db:x/d',
      'redis://:hunter2@cache',
    ];
    const names = ALL_VARIABLES.flatMap(([name]) => [name, `${name}_FILE`]);
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...secrets)), (env) => {
        expect(problemsOf(env).join('\n')).not.to.contain('hunter2');
      }),
    );
  });

  it('warns of variables that are nearly its own, and of no others', () => {
    const env = {
      SLACK_FOO: '1',
      HEALTH_PROT: '1',
      TRIAGE_CONFIG_FILE: 'x',
      LOG_LEVLE: 'x',
      TRIAGE_EMPTY: '',
    };
    const foreign = { PATH: '/bin', LOG: '1', DATABASE_HOST: 'db', LOGNAME: 'me', HOME: '/' };
    expect(loadConfig({ ...tokens, ...env, ...foreign }, '/srv').warnings).to.deep.equal([
      'HEALTH_PROT: not a variable of TrIAge (did you mean "HEALTH_PORT"?)',
      'LOG_LEVLE: not a variable of TrIAge (did you mean "LOG_LEVEL"?)',
      'SLACK_FOO: not a variable of TrIAge',
      'TRIAGE_CONFIG_FILE: not a variable of TrIAge (did you mean "TRIAGE_CONFIG"?)',
    ]);
  });

  it('names the misspelt variable where the right one is absent', () => {
    const problems = problemsOf({ SLACK_APP_TOKN: 'xapp-1', SLACK_BOT_TOKEN_FIEL: 'x' });
    expect(problems[0]).to.contain('SLACK_APP_TOKEN: not set (but SLACK_APP_TOKN is)');
    expect(problems[1]).to.contain('SLACK_BOT_TOKEN: not set (but SLACK_BOT_TOKEN_FIEL is)');
  });

  it('warns when the tokens would travel unencrypted, except on this machine', () => {
    expect(warnings('http://slack.internal/api/')).to.equal(1);
    for (const fine of ['http://127.0.0.1:1/', 'http://localhost:1/', 'http://[::1]:1/', 'https://x/'])
      expect(warnings(fine), fine).to.equal(0);
  });
});

describe('.env', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'config-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is read where it is, under what the environment says', () => {
    expect(environmentOf(folder, { A: '1' })).to.deep.equal({ A: '1' });
    writeFileSync(join(folder, '.env'), '# tokens\nSLACK_APP_TOKEN=xapp-1\nA="2 # 3"\n');
    expect(environmentOf(folder, { A: '1' })).to.deep.equal({ A: '1', SLACK_APP_TOKEN: 'xapp-1' });
    expect(environmentOf(folder, {})).to.deep.equal({ A: '2 # 3', SLACK_APP_TOKEN: 'xapp-1' });
  });

  it('that cannot be read is named in one line', () => {
    rmSync(join(folder, '.env'));
    mkdirSync(join(folder, '.env'));
    expect(() => environmentOf(folder, {})).to.throw(ConfigError, '.env: cannot read that file (EISDIR)');
  });
});

describe('loadConfig with …_FILE', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'triage-config-'));
    writeFileSync(join(folder, 'bot'), `${tokens.SLACK_BOT_TOKEN}\n`);
    writeFileSync(join(folder, 'db'), 'postgres://u:pw@db/x\r\n');
    writeFileSync(join(folder, 'empty'), '\n');
    writeFileSync(join(folder, 'wrong'), 'xoxp-hunter2\n');
  });
  after(() => rmSync(folder, { recursive: true }));

  const { SLACK_APP_TOKEN } = tokens;
  const problem = (file: string): string =>
    problemsOf({ SLACK_APP_TOKEN, SLACK_BOT_TOKEN_FILE: file }, folder).join('\n');

  it('takes a secret from its file, without the line end', () => {
    const config = loadConfig(
      { SLACK_APP_TOKEN, SLACK_BOT_TOKEN_FILE: 'bot', DATABASE_URL_FILE: join(folder, 'db') },
      folder,
    );
    expect(config.slack.botToken).to.equal(tokens.SLACK_BOT_TOKEN);
    expect(config.database.url).to.equal('postgres://u:pw@db/x');
    expect(config.warnings).to.deep.equal([]);
  });

  it('refuses a secret that is given both ways', () => {
    expect(problemsOf({ ...tokens, SLACK_BOT_TOKEN_FILE: 'bot' }, folder)).to.deep.equal([
      'SLACK_BOT_TOKEN_FILE: SLACK_BOT_TOKEN is given too; only one of them may be',
    ]);
  });

  it('names the variable of a file that is absent, empty, unreadable or holds the wrong thing', () => {
    expect(problem('absent')).to.equal('SLACK_BOT_TOKEN_FILE: there is no such file');
    expect(problem('empty')).to.equal('SLACK_BOT_TOKEN_FILE: that file is empty');
    expect(problem('.')).to.equal('SLACK_BOT_TOKEN_FILE: cannot read that file (EISDIR)');
    expect(problem('wrong'))
      .to.match(/^SLACK_BOT_TOKEN_FILE: this is a user token/)
      .and.not.to.contain('hunter2');
    expect(problem('a\0b')).to.match(/^SLACK_BOT_TOKEN_FILE: cannot read that file/);
  });

  it('has no file for what is no secret', () => {
    expect(loadConfig({ ...tokens, LOG_LEVEL_FILE: 'bot' }, folder).log.level).to.equal('info');
  });
});

describe('the list of variables', () => {
  it('gives every variable a text and a default that is valid', () => {
    for (const [name, variable] of ALL_VARIABLES) {
      expect(variable.doc, name)
        .to.match(/^\S.*[^.]$/)
        .and.not.to.contain('|');
      if (variable.default !== null) variable.read(variable.default);
    }
  });

  it('is the table, a row each', () => {
    const rows = configTable().split('\n');
    expect(rows).to.have.lengthOf(ALL_VARIABLES.length + 2);
    expect(rows).to.include(
      '| `LOG_LEVEL` | `info` | The least that is logged: `error`, `warn`, `info` or `debug` |',
    );
    for (const row of rows) expect(row.match(/\|/g), row).to.have.lengthOf(4);
  });

  it('is in .env.example, each variable once and with its default', () => {
    const text = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
    const given = new Map(
      [...text.matchAll(/^(?:# )?([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
    );
    const expected = ALL_VARIABLES.flatMap(([name, { hasFile }]) =>
      hasFile ? [name, `${name}_FILE`] : [name],
    );
    expect([...given.keys()]).to.deep.equal(expected);
    for (const [name, variable] of ALL_VARIABLES) {
      if (variable.default !== null) expect(given.get(name), name).to.equal(variable.default);
    }
  });
});
