/** PostgreSQL's own measure of what a server can do: one row an insert, one insert a transaction, fifty clients. */
import { execFile } from 'node:child_process';
import { access, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { BenchDatabase, DatabaseServer } from './database-server.ts';

const run = promisify(execFile);
const SYSTEM_FOLDER = '/usr/lib/postgresql';

/** @throws Error with the line that says what to install */
export async function findPgbench(): Promise<string> {
  const versions = await readdir(SYSTEM_FOLDER).catch(() => []);
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...versions.map((version) => join(SYSTEM_FOLDER, version, 'bin')),
  ];
  for (const folder of folders) {
    const path = join(folder, 'pgbench');
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  throw new Error('pgbench is missing: apt-get install postgresql-contrib');
}

/**
 * Rows a second of one-row inserts, prepared, by 50 clients.
 * @param bytes of the body
 */
export async function insertsPerSecond(
  program: string,
  { connection }: DatabaseServer,
  database: BenchDatabase,
  { bytes, seconds }: { readonly bytes: number; readonly seconds: number },
): Promise<number> {
  await database.pool.query('create table pgbench_events (event_id text primary key, body text not null)');
  const folder = await mkdtemp(join(tmpdir(), 'triage-pgbench-'));
  const script = join(folder, 'insert.sql');
  await writeFile(script, 'insert into pgbench_events values (gen_random_uuid()::text, :body);\n');
  const { host, port, user } = connection;
  try {
    const load = ['-n', '-M', 'prepared', '-c', '50', '-j', '2', '-T', String(seconds), '-f', script];
    // A parameter of the prepared statement, sent with every insert: what arrives from outside has to be sent.
    const row = ['-D', `body=${'{"text":"x"}'.padEnd(bytes, 'x')}`];
    const where = ['-h', host ?? '', '-p', String(port), '-U', user ?? '', database.name];
    const { stdout } = await run(program, [...load, ...row, ...where]);
    const tps = /^tps = ([\d.]+)/m.exec(stdout)?.[1];
    if (tps === undefined) throw new Error(`pgbench says no tps:\n${stdout}`);
    return Number(tps);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
