/** Whoever opens a pane works in it; whoever closes it goes on where they were. */
import { type RefObject, useEffect } from 'react';

/** @param key of what is shown: another one is another pane. @param into what takes the focus; the pane itself when absent */
export function usePaneFocus(pane: RefObject<HTMLElement | null>, key: unknown, into?: string): void {
  useEffect(() => {
    const before = document.activeElement;
    const shown = pane.current;
    const target = into === undefined ? shown : shown?.querySelector<HTMLElement>(into);
    (target ?? shown)?.focus({ preventScroll: true });
    return () => {
      // Only if nothing else was chosen in between.
      const isLeft =
        document.activeElement === document.body || shown?.contains(document.activeElement) === true;
      if (isLeft && before instanceof HTMLElement)
        requestAnimationFrame(() => before.focus({ preventScroll: true }));
    };
  }, [key]);
}
