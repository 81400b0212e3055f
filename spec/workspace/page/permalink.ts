/** Links to messages, as Slack makes them: `https://…/archives/C1/p1700000000000100?thread_ts=…`. */

export interface MessagePlace {
  readonly channel: string;
  readonly ts: string;
  /** The thread that it is a reply in; null: it stands in the channel. */
  readonly thread: string | null;
}

/** Null for any other address. */
export function parsePermalink(url: string): MessagePlace | null {
  if (!URL.canParse(url)) return null;
  const { pathname, searchParams } = new URL(url);
  const [, channel, digits] = /^\/archives\/([CGD][A-Z0-9]+)\/p(\d{7,})$/.exec(pathname) ?? [];
  if (channel === undefined || digits === undefined) return null;
  const ts = `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  return { channel, ts, thread: searchParams.get('thread_ts') };
}
