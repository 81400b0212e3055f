/** Who may ask: the page itself, on this machine. Everybody else is somebody's web page that guesses ports. */
import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

/** Everything comes from this server; nothing may be framed, sent elsewhere or kept. */
export const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/**
 * Throws the refusal of a request that is not the page's.
 * @param port that the server listens on: another one in `Host` means another name for this machine, or another site
 */
export function admit({ headers, method }: IncomingMessage, path: string, port: number): void {
  const { host, origin } = headers;
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`)
    throw new Refusal(421, `this is http://127.0.0.1:${port} and answers to no other name`);
  if (origin !== undefined && origin !== `http://${host}`) throw foreign();
  const site = headers['sec-fetch-site'];
  if (method === 'POST') {
    // Every browser says it, and no page can make it up.
    if (site !== 'same-origin') throw foreign();
    if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? ''))
      throw new Refusal(415, 'send JSON as application/json');
  } else if (path !== '/' && site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw foreign();
  }
}

function foreign(): Refusal {
  return new Refusal(403, 'only the page of this server may ask');
}
