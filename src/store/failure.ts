import { TransientError } from '../errors.ts';

/** SQLSTATE classes that speak of the server's state, not of our statement. */
const TRANSIENT_CLASSES = new Set([
  '08', // connection exceptions
  '40', // serialization failure, deadlock: the same work may succeed at once
  '53', // out of memory, disk, connections
  '58', // the server's own input or output failed
]);
const TRANSIENT_CODES = new Set([
  '25006', // read-only: we talk to a standby, or to a server just demoted
  '25P03', // our transaction idled too long (the process was stalled)
  '55P03', // lock_timeout
  '57014', // statement_timeout
  '57P01', // an administrator ends the connection
  '57P02', // another process of the server crashed
  '57P03', // it is starting up or shutting down
  '57P05', // an idle connection was closed
]);
const NETWORK_CODES = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT', // a unix socket that is not there
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);
/** pg and pg-pool give these no code. */
const CONNECTION_WORDS =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|Client was closed|Connection error)/;

/** The SQLSTATE or the system's code of an error of pg; '' when it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** True when the connection itself is lost, so that nothing more can be done on it. */
export function isLostConnection(error: unknown): boolean {
  const code = codeOf(error);
  if (/^(08|57P)/.test(code) || code === '25P03' || NETWORK_CODES.has(code)) return true;
  return error instanceof Error && CONNECTION_WORDS.test(error.message);
}

/**
 * What the rest of the program sees of an error of pg: a TransientError when the same work may succeed later
 * (connection, deadlock, timeouts, a full server), anything else unchanged. The one place that knows the codes.
 */
export function toStoreError(error: unknown): unknown {
  if (error instanceof TransientError) return error;
  const code = codeOf(error);
  const transient =
    TRANSIENT_CLASSES.has(code.slice(0, 2)) || TRANSIENT_CODES.has(code) || isLostConnection(error);
  if (!transient) return error;
  return new TransientError(`PostgreSQL: ${describe(error)}`, { cause: error });
}

/** In a few words, without the statement; a refused connection to several addresses has no message of its own. */
export function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message || codeOf(error) || 'unknown error';
}
