/** The address follows the place that is looked at, and leads back to it. */
import { useEffect } from 'react';
import type { Client, Snapshot } from './client.ts';
import { hashOf, placeOfHash, samePlace } from './place.ts';

export function useAddress(client: Client, { place, state }: Snapshot): void {
  useEffect(() => {
    if (state === null || samePlace(place, placeOfHash(location.hash))) return;
    if (location.hash === '') history.replaceState(null, '', hashOf(place));
    else history.pushState(null, '', hashOf(place));
  }, [place, state]);

  useEffect(() => {
    const back = (): void => client.go(placeOfHash(location.hash));
    addEventListener('popstate', back);
    return () => removeEventListener('popstate', back);
  }, [client]);

  const channel = state?.channels.find(({ id }) => id === place.channel);
  const where = channel === undefined ? '' : `${channel.isIm ? '' : '#'}${channel.name}`;
  const title =
    state === null ? 'TrIAge' : `${place.isHome ? 'Home' : where} · ${state.me.realName} · TrIAge`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
