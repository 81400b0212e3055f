import pg from 'pg';
import { StartError } from '../../errors.ts';
import { ROLE } from './cluster.ts';
import { SOCKET_PORT } from './socket-directory.ts';

/** Any number, as long as it stays the same. */
const LOCK_KEY = 774_726_961;
const APPLICATION = 'triage daemon ';
/** How long a daemon that was killed may take to be noticed by the server: its connection closes with it. */
const RELEASE_MS = 1500;
const RETRY_MS = 50;

/**
 * The right to a cluster: an advisory lock held by a connection of its own. Chosen over a pid file because the kernel
 * closes the connection in the very moment a process dies, by whatever signal, so that the lock can neither outlive
 * its holder nor be mistaken for that of another process with the same number. The holder's pid is in the
 * connection's application_name, for the message only.
 */
export interface ClusterLock {
  readonly client: pg.Client;
}

/**
 * Connects, makes sure that this is the server of `directory`, and takes the lock.
 * StartError naming the holder's pid when another daemon has it; other errors mean that the server does not answer (yet).
 */
export async function takeLock(socketDirectory: string, directory: string): Promise<ClusterLock> {
  const client = new pg.Client({
    host: socketDirectory,
    port: SOCKET_PORT,
    user: ROLE,
    database: 'postgres',
    ssl: false,
    application_name: `${APPLICATION}${process.pid}`,
    connectionTimeoutMillis: 2000,
  });
  // A broken connection also emits 'end', which is what the service listens to.
  client.on('error', () => {});
  try {
    await client.connect();
    const served = await client.query<{ data_directory: string }>('SHOW data_directory');
    if (served.rows[0]?.data_directory !== directory)
      throw new StartError(
        `the socket in ${socketDirectory} belongs to another server than that of ${directory}`,
      );
    const until = performance.now() + RELEASE_MS;
    while (!(await tryLock(client))) {
      if (performance.now() > until)
        throw new StartError(`DATA_DIR: ${directory} is in use by another daemon, ${await holder(client)}`);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    return { client };
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

async function tryLock(client: pg.Client): Promise<boolean> {
  const result = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
    LOCK_KEY,
  ]);
  return result.rows[0]?.locked === true;
}

async function holder(client: pg.Client): Promise<string> {
  const result = await client.query<{ application_name: string }>(
    `SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
      WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = $1`,
    [LOCK_KEY],
  );
  const name = result.rows[0]?.application_name;
  return name?.startsWith(APPLICATION) ? `process ${name.slice(APPLICATION.length)}` : 'process unknown';
}

/** Makes the database at first start. */
export async function ensureDatabase({ client }: ClusterLock, name: string): Promise<void> {
  const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
}
