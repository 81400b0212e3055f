import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import pg from 'pg';
import { ConfigError, StartError } from '../../../src/errors.ts';
import { UNPRIVILEGED } from '../../../src/store/embedded/account.ts';
import { createEmbeddedServer, type EmbeddedServer } from '../../../src/store/embedded/server.ts';
import { socketDirectory } from '../../../src/store/embedded/socket-directory.ts';
import { captureLogger } from '../../support/capture-logger.ts';
import { stressService } from '../../support/stress-service.ts';
import { waitFor } from '../../support/wait-for.ts';

const HOLDER = fileURLToPath(new URL('./holder.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;

describe('store/embedded/server', function () {
  this.timeout(60_000);

  let parent: string;
  /** One cluster serves most of the specs: making one takes a second. */
  let dataDir: string;
  const children: ChildProcess[] = [];
  const servers: EmbeddedServer[] = [];

  before(async () => {
    parent = await mkdtemp(join(tmpdir(), 'triage-embedded-'));
    await chmod(parent, 0o711);
    dataDir = join(parent, 'data');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    // Also what a killed holder has left: adopted, then ended.
    for (const server of servers.splice(0)) await server.stop();
  });
  after(() => rm(parent, { recursive: true, force: true }));

  function make(directory = dataDir) {
    const logger = captureLogger();
    const server = createEmbeddedServer({ dataDir: directory, logger });
    servers.push(server);
    return { server, logger };
  }

  /** Starts holder.ts and resolves with its first line. */
  async function holder(directory = dataDir) {
    const child = spawn(process.execPath, [HOLDER, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [line] = await once(createInterface(child.stdout), 'line');
    return { child, line: String(line) };
  }

  const postmasterPid = async (directory = dataDir) => {
    const text = await readFile(join(directory, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
    return Number(text.split('\n')[0]);
  };

  it('makes a cluster at the first start, durable, in UTF-8, private, and listening on no port', async () => {
    const { server } = make();
    await server.start();
    expect(await ask(server, 'SHOW fsync')).to.equal('on');
    expect(await ask(server, 'SHOW synchronous_commit')).to.equal('on');
    expect(await ask(server, 'SHOW server_encoding')).to.equal('UTF8');
    expect(await ask(server, 'SHOW lc_collate')).to.equal('C');
    expect(await ask(server, 'SHOW listen_addresses')).to.equal('');
    expect(await ask(server, 'SHOW timezone')).to.equal('UTC');
    expect(await ask(server, 'SELECT current_database()')).to.equal('triage');
    const cluster = await stat(join(dataDir, 'postgres'));
    expect(cluster.mode & 0o777).to.equal(0o700);
    expect(cluster.uid).to.equal(isRoot ? UNPRIVILEGED : process.getuid?.());
    expect(await readdir(dataDir)).to.deep.equal(['postgres']);
  });

  it('keeps what was written over a stop and a start, and runs nothing in between', async () => {
    const { server } = make();
    await server.start();
    await ask(server, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pid = await postmasterPid();
    await server.stop();
    expect(await isGone(pid)).to.be.true;
    await server.start();
    expect(await ask(server, 'SELECT answer FROM kept')).to.equal(42);
    await ask(server, 'DROP TABLE kept');
  });

  it('adopts the server that a daemon killed with SIGKILL has left running, with all that it committed', async () => {
    const first = await holder();
    expect(first.line).to.match(/^held /);
    const pid = await postmasterPid();
    await askAt(JSON.parse(first.line.slice(5)), 'CREATE TABLE left_behind AS SELECT 1 AS n');
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');

    const { server, logger } = make();
    await server.start();
    expect(await postmasterPid()).to.equal(pid);
    expect(logger.lines[0]?.message).to.equal('adopted the embedded PostgreSQL left running');
    expect(await ask(server, 'SELECT n FROM left_behind')).to.equal(1);
    await ask(server, 'DROP TABLE left_behind');
    await server.stop();
    expect(await isGone(pid)).to.be.true;
  });

  it('refuses a second daemon on the same directory and names the first, which goes on', async () => {
    const first = await holder();
    const { server } = make();
    const error = await failureOf(server.start());
    expect(error).to.be.instanceOf(StartError);
    expect(error.message).to.include('DATA_DIR').and.include(`process ${first.child.pid}`);
    await server.stop();
    expect(await askAt(JSON.parse(first.line.slice(5)), 'SELECT 1')).to.equal(1);
    first.child.kill('SIGTERM');
    await once(first.child, 'exit');
    await server.start();
    expect(await ask(server, 'SELECT 1')).to.equal(1);
  });

  it('lets one of several win that begin at once in an empty directory, and refuses the others', async () => {
    const fresh = join(parent, 'race');
    const lines = await Promise.all([holder(fresh), holder(fresh), holder(fresh)]);
    const held = lines.filter(({ line }) => line.startsWith('held '));
    expect(held, lines.map(({ line }) => line).join('\n')).to.have.length(1);
    const winner = held[0]!.child.pid;
    for (const { line } of lines)
      if (!line.startsWith('held ')) expect(line).to.include(`in use by another daemon, process ${winner}`);
    expect(await readdir(fresh)).to.deep.equal(['postgres']);
  });

  it('starts again a server that died, unasked', async () => {
    const { server, logger } = make();
    await server.start();
    const pid = await postmasterPid();
    process.kill(pid, 'SIGKILL');
    await waitFor(
      async () => (await postmasterPid()) !== pid && (await ask(server, 'SELECT 1')) === 1,
      'a new server',
      30_000,
    );
    expect(logger.lines.map(({ message }) => message)).to.include(
      'lost the embedded PostgreSQL, starting it again',
    );
  });

  it('starts over the pid file of a machine that crashed, though the number belongs to another process now', async () => {
    const { server } = make();
    await server.start();
    const file = join(dataDir, 'postgres', 'postmaster.pid');
    const left = await readFile(file, 'utf8');
    await server.stop();
    await writeFile(file, left.replace(/^\d+/, String(process.pid)));
    await server.start();
    expect(await ask(server, 'SELECT 1')).to.equal(1);
  });

  it('puts its socket elsewhere, always in the same place, when the path is too long for one, and adopts it there', async () => {
    const long = join(parent, 'a-long-name'.repeat(6), 'and-another'.repeat(6));
    const sockets = socketDirectory(join(long, 'postgres'));
    expect(sockets).to.match(/\/triage-[0-9a-f]{16}$/);
    const { child, line } = await holder(long);
    expect(line).to.include(`"${sockets}"`);
    expect((await stat(sockets)).mode & 0o777).to.equal(0o700);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { server } = make(long);
    await server.start();
    expect(server.connection.host).to.equal(sockets);
    expect(await ask(server, 'SELECT 1')).to.equal(1);
    await server.stop();
    await rm(sockets, { recursive: true });
  });

  it('refuses a socket directory that somebody else may have laid out for it', async () => {
    const long = join(parent, 'squatted', 'and-another'.repeat(12));
    const sockets = socketDirectory(join(long, 'postgres'));
    await mkdir(sockets, { mode: 0o777 });
    await chmod(sockets, 0o777);
    try {
      const error = await failureOf(make(long).server.start());
      expect(error).to.be.instanceOf(StartError);
      expect(error.message).to.include(sockets);
    } finally {
      await rm(sockets, { recursive: true });
    }
  });

  it('runs in a directory below one that only we may enter, as root too', async () => {
    const closed = join(parent, 'closed');
    await mkdir(closed, { mode: 0o700 });
    const { server } = make(join(closed, 'data'));
    await server.start();
    expect(await ask(server, 'SELECT 1')).to.equal(1);
  });

  it('works with a path that a shell would trip over', async () => {
    const odd = join(parent, `it's "odd" $HOME; \`x\` é`);
    const { server } = make(odd);
    await server.start();
    expect(await ask(server, 'SELECT 1')).to.equal(1);
    await server.stop();
    await rm(socketDirectory(join(odd, 'postgres')), { recursive: true });
  });

  it('refuses data of another version and a directory that cannot be, naming DATA_DIR', async () => {
    const older = join(parent, 'older');
    await mkdir(join(older, 'postgres'), { recursive: true });
    await writeFile(join(older, 'postgres', 'PG_VERSION'), '14\n');
    const error = await failureOf(make(older).server.start());
    expect(error).to.be.instanceOf(ConfigError);
    expect(error.message).to.match(/^DATA_DIR: .* PostgreSQL 14, and this is 15/);

    const impossible = join(older, 'postgres', 'PG_VERSION', 'data');
    const other = await failureOf(make(impossible).server.start());
    expect(other).to.be.instanceOf(ConfigError);
    expect(other.message).to.equal(`DATA_DIR: ${impossible} cannot be made or read (ENOTDIR)`);
  });

  it('keeps what people wrote out of the server’s own log', async () => {
    const { server } = make();
    await server.start();
    await ask(server, 'CREATE TABLE said (text text UNIQUE CHECK (length(text) < 20))');
    for (const text of ['secret-words', 'secret-words', 'secret-words-and-many-more'])
      await ask(server, `INSERT INTO said VALUES ('${text}') RETURNING 1`).catch(() => {});
    await ask(server, `SELECT 'secret-words'::int`).catch(() => {});
    await ask(server, 'DROP TABLE said');
    const log = await readFile(join(dataDir, 'postgres', 'server.log'), 'utf8');
    expect(log).to.include('database system is ready').and.not.include('secret-words');
  });

  it('leaves the server running where it is told to, and finds it again', async () => {
    const logger = captureLogger();
    const lender = createEmbeddedServer({ dataDir, logger, leaveRunning: true });
    await lender.start();
    const pid = await postmasterPid();
    await lender.stop();
    const { server } = make();
    await server.start();
    expect(await postmasterPid()).to.equal(pid);
  });

  it('says where to connect only once it knows', () => {
    expect(() => make().server.connection).to.throw(/not been started/);
  });

  it('is a service', async () => {
    const { server } = make();
    await stressService(() => server, {
      rounds: 3,
      whenStarted: async () => expect(await ask(server, 'SELECT 1')).to.equal(1),
    });
  });
});

async function failureOf(action: Promise<unknown>): Promise<Error> {
  const error = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(Error);
  return error instanceof Error ? error : new Error();
}

/** A process that ended stays in the table as a zombie where nobody fetches its exit code. */
async function isGone(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return /\) Z/.test(state);
}

async function ask(server: EmbeddedServer, sql: string): Promise<unknown> {
  return askAt(server.connection, sql);
}

/** The first value that the statement gives. */
async function askAt(connection: pg.ClientConfig, sql: string): Promise<unknown> {
  const client = new pg.Client(connection);
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}
