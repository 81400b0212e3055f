/** Answers to a response_url: plain HTTP, since the SDK's client sends our token with everything. */
import { httpError, rateLimited, SlackRefusal, toSlackError } from './errors.ts';
import { asRecord, text } from './json.ts';
import type { ResponseBody } from './port.ts';

const HOOKS = 'https://hooks.slack.com';
const METHOD = 'response_url';

export interface RespondOptions {
  readonly apiUrl: string;
  readonly timeoutMs: number;
}

/**
 * @throws SlackRefusal `foreign_url` for an address that is not Slack's: what is in an envelope shall not make us
 *   send anything anywhere else
 */
export async function respond(url: string, body: ResponseBody, options: RespondOptions): Promise<void> {
  if (!isSlacks(url, options.apiUrl)) throw new SlackRefusal('foreign_url', METHOD);
  const response = await send(url, body, options.timeoutMs);
  const answer = await response.text().catch(() => '');
  if (response.status === 429) throw rateLimited(METHOD, retryAfter(response));
  if (response.status >= 500) throw httpError(METHOD, response.status, true);
  if (response.status !== 200) throw new SlackRefusal(errorIn(answer) ?? `http_${response.status}`, METHOD);
  const error = errorIn(answer);
  if (error !== null) throw new SlackRefusal(error, METHOD);
}

async function send(url: string, body: ResponseBody, timeoutMs: number): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(toWire(body)),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw toSlackError(error, METHOD, true);
  }
}

function isSlacks(url: string, apiUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const { origin } = new URL(url);
  return origin === HOOKS || origin === new URL(apiUrl).origin;
}

function toWire(body: ResponseBody): Record<string, unknown> {
  return {
    ...(body.text === undefined ? {} : { text: body.text }),
    ...(body.blocks === undefined ? {} : { blocks: body.blocks }),
    ...(body.threadTs === undefined || body.threadTs === null ? {} : { thread_ts: body.threadTs }),
    response_type: 'ephemeral',
    replace_original: false,
  };
}

/** Slack answers `ok` or JSON; an error is JSON or a bare word. */
function errorIn(answer: string): string | null {
  if (answer === '' || answer === 'ok') return null;
  let found: string | null = answer.trim();
  try {
    const parsed = asRecord(JSON.parse(answer));
    found = parsed.ok === false ? (text(parsed.error) ?? 'unknown') : null;
  } catch {
    // Not JSON: the word itself, if it is one.
  }
  return found !== null && /^[\w.:-]{1,80}$/.test(found) ? found : null;
}

function retryAfter(response: Response): number | null {
  const seconds = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  return Number.isNaN(seconds) ? null : seconds;
}
