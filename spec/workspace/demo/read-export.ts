/** A Slack workspace export as Slack gives it: users.json, channels.json, and a folder a channel with a file a day. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJson, isJsonList, type Json } from '../wire.ts';

export interface ExportedMessage {
  readonly channel: string;
  readonly user: string;
  readonly ts: string;
  readonly threadTs: string | undefined;
  /** As Slack escapes it. */
  readonly text: string;
}

export interface Exported {
  /** Handles and names by id. */
  readonly people: ReadonlyMap<string, { readonly name: string; readonly realName: string }>;
  /** Names by id. */
  readonly channels: ReadonlyMap<string, string>;
  /** What people wrote, in the order of its time; nothing that Slack or a bot said. */
  readonly messages: readonly ExportedMessage[];
}

/** Rejects with one line that names the file when this is no export. */
export async function readExport(directory: string): Promise<Exported> {
  const people = new Map(
    (await readList(join(directory, 'users.json'))).map((user) => {
      const name = String(user['name']);
      const realName = user['real_name'];
      return [String(user['id']), { name, realName: typeof realName === 'string' ? realName : name }];
    }),
  );
  const channels = new Map<string, string>();
  const messages: ExportedMessage[] = [];
  for (const channel of await readList(join(directory, 'channels.json'))) {
    const [id, name] = [String(channel['id']), String(channel['name'])];
    channels.set(id, name);
    for (const day of (await readdir(join(directory, name))).sort())
      for (const one of await readList(join(directory, name, day))) {
        const message = messageOf(id, one);
        if (message === null) continue;
        messages.push(message);
        const { user } = message;
        if (!people.has(user)) people.set(user, { name: user.toLowerCase(), realName: user });
      }
  }
  messages.sort((one, other) => Number(one.ts) - Number(other.ts));
  return { people, channels, messages };
}

function messageOf(channel: string, { user, text, ts, subtype, thread_ts }: Json): ExportedMessage | null {
  if (typeof user !== 'string' || typeof text !== 'string' || subtype !== undefined) return null;
  return {
    channel,
    user,
    ts: String(ts),
    threadTs: typeof thread_ts === 'string' ? thread_ts : undefined,
    text,
  };
}

async function readList(path: string): Promise<readonly Json[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error(`cannot read ${path}: is its folder a Slack export?`, { cause: error });
  });
  try {
    const parsed: unknown = JSON.parse(text);
    if (isJsonList(parsed)) return parsed.filter(isJson);
  } catch {
    // Said below.
  }
  throw new Error(`${path} is not a JSON list: is its folder a Slack export?`);
}
