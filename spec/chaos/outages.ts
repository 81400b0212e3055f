/** What can happen to a database, and how it ends. */
import { DAEMON_ROLE, type OwnPostgres } from './own-postgres.ts';
import type { Story } from './story.ts';

const DROP_ALL = `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${DAEMON_ROLE}'`;
const READ_ONLY = 'ALTER SYSTEM SET default_transaction_read_only';
const RELOAD = 'SELECT pg_reload_conf()';

/** How many connections the daemon may have; all that it has are cut. */
export function allow(connections: number): readonly string[] {
  return [`ALTER ROLE ${DAEMON_ROLE} CONNECTION LIMIT ${connections}`, DROP_ALL];
}

export const NO_LIMIT = `ALTER ROLE ${DAEMON_ROLE} CONNECTION LIMIT -1`;

export interface Outage<On> {
  /** Completes "while the database …". */
  readonly is: string;
  /** What `/ready` calls it. */
  readonly state: 'away' | 'silent' | 'read_only';
  readonly begin: (on: On) => Promise<void> | void;
  readonly end: (on: On) => Promise<void> | void;
}

export const OF_THE_SERVER: readonly Outage<OwnPostgres>[] = [
  {
    is: 'is stopped in order',
    state: 'away',
    begin: (server) => server.stop('fast'),
    end: (server) => server.start(),
  },
  {
    is: 'has crashed',
    state: 'away',
    begin: (server) => server.stop('immediate'),
    end: (server) => server.start(),
  },
  {
    is: 'is read-only',
    state: 'read_only',
    begin: (server) => server.administer(`${READ_ONLY} = on`, RELOAD),
    end: (server) => server.administer(`${READ_ONLY} = off`, RELOAD),
  },
  {
    is: 'has no connection left',
    state: 'away',
    begin: (server) => server.administer(...allow(0)),
    end: (server) => server.administer(NO_LIMIT),
  },
];

export const OF_THE_WAY: readonly Outage<Story>[] = [
  {
    is: 'cannot be reached',
    state: 'away',
    begin: ({ proxy }) => {
      proxy.refuse(true);
      proxy.cut();
    },
    end: ({ proxy }) => proxy.refuse(false),
  },
  {
    is: 'takes statements and does not answer',
    state: 'silent',
    begin: ({ proxy }) => proxy.freeze(true),
    end: ({ proxy }) => proxy.freeze(false),
  },
];
