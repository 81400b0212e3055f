/** The JSON of a request, of a bounded size. */
import type { IncomingMessage } from 'node:http';
import { isJson, type Json } from '../wire.ts';
import { Refusal } from './refusal.ts';

/** Slack's longest text (40,000 characters) in the longest encoding, with room for what is around it. */
const MOST_BYTES = 256 * 1024;

export async function readJson(request: IncomingMessage): Promise<Json> {
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) throw tooLong();
  const parsed = parse(await readText(request));
  if (!isJson(parsed)) throw new Refusal(400, 'the body is not a JSON object');
  return parsed;
}

/** Not by iteration, which would end the connection of a body that is too long, and its answer with it. */
function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MOST_BYTES) reject(tooLong());
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', reject);
  });
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
