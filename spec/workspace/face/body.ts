/** The JSON of a request, of a bounded size. */
import type { IncomingMessage } from 'node:http';
import { isJson, type Json } from '../wire.ts';
import { Refusal } from './refusal.ts';

/** Slack's longest text (40,000 characters) in the longest encoding, with room for what is around it. */
const MOST_BYTES = 256 * 1024;

export async function readJson(request: IncomingMessage): Promise<Json> {
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) throw tooLong();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > MOST_BYTES) throw tooLong();
    chunks.push(bytes);
  }
  const parsed = parse(Buffer.concat(chunks).toString('utf8'));
  if (!isJson(parsed)) throw new Refusal(400, 'the body is not a JSON object');
  return parsed;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function tooLong(): Refusal {
  return new Refusal(413, `at most ${MOST_BYTES / 1024} KiB`);
}
