import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, readlink, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError, StartError } from '../../errors.ts';
import { type Account, firstClosed, makePrivate, serverAccount } from './account.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { passingLaunch } from './launcher.ts';
import { type Launch, reason, run } from './run.ts';
import { prepareSocketDirectory, SOCKET_PORT, socketDirectory } from './socket-directory.ts';

/** The database's superuser; whoever reaches the socket is it. */
export const ROLE = 'triage';
/** Relative to the cluster, where its tools run: no path of the user's has to survive pg_ctl's shell. */
const LOG_FILE = 'server.log';

export interface Cluster {
  readonly directory: string;
  readonly binaries: Binaries;
  readonly launch: Launch;
}

/** What `postmaster.pid` says of the server that wrote it. */
export interface Postmaster {
  readonly pid: number;
  readonly socketDirectory: string;
}

/**
 * Finds or makes the cluster `<dataDir>/postgres`. ConfigError naming DATA_DIR when the place is impossible, StartError
 * when initdb fails.
 */
export async function openCluster(dataDir: string): Promise<Cluster> {
  const binaries = await findBinaries();
  const base = await makeBase(dataDir);
  const directory = join(base, 'postgres');
  const account = await serverAccount(directory);
  const launch = await chooseLaunch(base, binaries, account);
  if (!(await readVersion(directory))) await createCluster(directory, binaries, launch);
  const [ours, theirs] = [await programVersion(binaries, launch), await readVersion(directory)];
  if (ours !== theirs)
    throw new ConfigError([
      `DATA_DIR: ${directory} was written by PostgreSQL ${theirs ?? '?'}, and this is ${ours}: move it away, or set DATABASE_URL to a server of its version`,
    ]);
  // A server's working directory has no links in its name, and neither may ours, to compare them.
  return { directory: await realpath(directory), binaries, launch };
}

async function makeBase(dataDir: string): Promise<string> {
  try {
    const made = await mkdir(dataDir, { recursive: true });
    // Whatever the umask: as root, the server's account has to pass it. What lies inside is closed by itself.
    if (made !== undefined) await chmod(dataDir, 0o711);
    return await realpath(dataDir);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new ConfigError([`DATA_DIR: ${dataDir} cannot be made or read (${code})`], { cause });
  }
}

async function chooseLaunch(base: string, binaries: Binaries, account: Account): Promise<Launch> {
  const closed =
    (await firstClosed(base, account)) ?? (await firstClosed(dirname(binaries.postgres), account));
  if (closed === null) return { account, prefix: [] };
  const launch = await passingLaunch(binaries.postgres, account);
  if (launch) return launch;
  throw new ConfigError([
    `DATA_DIR: as root, PostgreSQL runs under uid ${account.uid}, which may not enter ${closed}: run as an ordinary user, use a place open to it, or set DATABASE_URL`,
  ]);
}

async function readVersion(directory: string): Promise<string | null> {
  const text = await readFile(join(directory, 'PG_VERSION'), 'utf8').catch(() => null);
  return text?.trim() ?? null;
}

async function programVersion(binaries: Binaries, launch: Launch): Promise<string> {
  const { ok, output } = await run(binaries.postgres, ['--version'], launch, { cwd: '/' });
  const version = /\(PostgreSQL\) (\d+)/.exec(output)?.[1];
  if (!ok || version === undefined)
    throw new StartError(`embedded PostgreSQL does not run here: ${reason(output)}`);
  return version;
}

/**
 * initdb into a directory beside, then a rename: who is killed in the middle leaves no half cluster, and of two who
 * begin at once the second finds the first's and uses it.
 */
async function createCluster(directory: string, binaries: Binaries, launch: Launch): Promise<void> {
  const draft = `${directory}.new-${process.pid}-${randomUUID().slice(0, 8)}`;
  await makePrivate(draft, launch.account);
  try {
    const { ok, output } = await run(
      binaries.initdb,
      ['-D', draft, '-U', ROLE, '-A', 'trust', '--encoding=UTF8', '--locale=C', '--no-instructions'],
      launch,
      { cwd: '/' },
    );
    if (!ok) throw new StartError(`initdb failed in ${dirname(directory)}: ${reason(output)}`);
    await rename(draft, directory).catch(async (error: unknown) => {
      if (!(await readVersion(directory))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Who serves the cluster by its `postmaster.pid`; null when nobody does, as far as the file and the process table know. */
export async function findPostmaster(cluster: Cluster): Promise<Postmaster | null> {
  const file = join(cluster.directory, 'postmaster.pid');
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isAlive(pid)) return null;
  if (await isStranger(pid, cluster)) {
    // After a crash of the machine the number may belong to anybody; PostgreSQL, more careful than it need be, would
    // refuse to start. Without the file it still notices a server on the same data by its shared memory.
    await rm(file, { force: true });
    return null;
  }
  return { pid, socketDirectory: lines[4]?.trim() || socketDirectory(cluster.directory) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // Gone, or of another account (EPERM), which a server of ours never is.
    return false;
  }
}

/**
 * A server's working directory is its cluster. A zombie counts too: a server that died where nobody fetches its exit
 * code, as in a container without init, and that PostgreSQL takes for alive. Without /proc nobody is called a stranger.
 */
async function isStranger(pid: number, cluster: Cluster): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  if (/\) [ZX] /.test(state)) return true;
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  return cwd !== null && cwd !== cluster.directory;
}

/**
 * `pg_ctl start`, returning when the server takes connections, or the error when it could not start: perhaps only because
 * another process was starting it too.
 * @param settings server settings, name to value; they overrule ours.
 */
export async function startPostmaster(
  cluster: Cluster,
  settings: Readonly<Record<string, string>>,
): Promise<StartError | null> {
  const sockets = socketDirectory(cluster.directory);
  if (sockets !== cluster.directory) await prepareSocketDirectory(sockets, cluster.launch.account);
  const chosen = {
    listen_addresses: '',
    unix_socket_directories: sockets,
    unix_socket_permissions: '0700',
    port: String(SOCKET_PORT),
    timezone: 'UTC',
    log_timezone: 'UTC',
    // The log must not tell what people wrote: no failed statements, no rows; of our errors we hear anyway.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    log_autovacuum_min_duration: '-1',
    ...settings,
  };
  const flags = Object.entries(chosen).map(
    ([name, value]) => `-c ${name}='${value.replaceAll("'", `'\\''`)}'`,
  );
  const { ok, output } = await run(
    cluster.binaries.pgCtl,
    ['start', '-w', '-t', '60', '-l', LOG_FILE, '-o', flags.join(' ')],
    cluster.launch,
    // By the environment, not by -D, which pg_ctl would put into its shell's line.
    { cwd: cluster.directory, env: { PGDATA: cluster.directory } },
  );
  if (ok) return null;
  const log = await readFile(join(cluster.directory, LOG_FILE), 'utf8').catch(() => '');
  return new StartError(
    `embedded PostgreSQL in ${cluster.directory} did not start: ${reason(log || output)}`,
  );
}

/** `pg_ctl stop`: open transactions are rolled back, what was committed is on disk. Nothing to do when it is not running. */
export async function stopPostmaster(cluster: Cluster): Promise<void> {
  for (const mode of ['fast', 'immediate']) {
    const options = { cwd: cluster.directory, env: { PGDATA: cluster.directory } };
    await run(cluster.binaries.pgCtl, ['stop', '-w', '-t', '5', '-m', mode], cluster.launch, options);
    if ((await findPostmaster(cluster)) === null) return;
  }
  throw new StartError(`embedded PostgreSQL in ${cluster.directory} does not stop`);
}

/** Removes what initdbs that were killed have left. Only for the one who holds the cluster. */
export async function removeDrafts(cluster: Cluster): Promise<void> {
  const base = dirname(cluster.directory);
  for (const name of await readdir(base)) {
    const maker = /^postgres\.new-(\d+)-/.exec(name)?.[1];
    if (maker !== undefined && !isAlive(Number(maker)))
      await rm(join(base, name), { recursive: true, force: true });
  }
}
