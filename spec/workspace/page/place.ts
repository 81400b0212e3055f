/** Who looks at what; it stands in the address, so that going back and reloading work. */

export interface Place {
  /** Null: the first person. */
  readonly as: string | null;
  /** Null: their first channel. */
  readonly channel: string | null;
  readonly thread: string | null;
  /** The app's own tab instead of a channel. */
  readonly isHome: boolean;
  /** Number of the request that is explained; null: none. */
  readonly request: number | null;
}

export const NOWHERE: Place = { as: null, channel: null, thread: null, isHome: false, request: null };

export function placeOfHash(hash: string): Place {
  const query = new URLSearchParams(hash.replace(/^#/, ''));
  return {
    as: query.get('as'),
    channel: query.get('channel'),
    thread: query.get('thread'),
    isHome: query.get('view') === 'home',
    request: Number(/^\d{1,9}$/.exec(query.get('request') ?? '')?.[0] ?? 0) || null,
  };
}

export function hashOf({ as, channel, thread, isHome, request }: Place): string {
  const query = new URLSearchParams();
  if (as !== null) query.set('as', as);
  if (channel !== null) query.set('channel', channel);
  if (thread !== null) query.set('thread', thread);
  if (isHome) query.set('view', 'home');
  if (request !== null) query.set('request', String(request));
  return `#${query.toString()}`;
}

export function samePlace(one: Place, other: Place): boolean {
  return hashOf(one) === hashOf(other);
}
