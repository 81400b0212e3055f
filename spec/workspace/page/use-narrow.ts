/** Whether there is room for one pane only. */
import { useSyncExternalStore } from 'react';

/** As in the style sheet. */
const QUERY = '(max-width: 56rem)';

function subscribe(changed: () => void): () => void {
  const query = matchMedia(QUERY);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(QUERY).matches);
}
