/** The envelopes that were handed on and are not acknowledged yet. Stopping waits for these, and for no others. */
export interface Pending {
  /** Notes one envelope; the returned function notes its acknowledgement and may be called again. */
  add(): () => void;
  /** Resolves when all are acknowledged or given up, at the latest after `limitMs`. */
  settled(limitMs: number): Promise<void>;
}

/**
 * @param giveUpMs after which nobody waits for an acknowledgement any more: Slack has then long begun to deliver
 *   again. Without it every envelope that could not be committed would be remembered for ever.
 */
export function createPending(giveUpMs: number): Pending {
  // In order of arrival, so that the given up are always the first.
  const arrivals = new Set<{ readonly at: number }>();
  let onEmpty: (() => void) | undefined;

  const forgetOld = (): void => {
    for (const arrival of arrivals) {
      if (performance.now() - arrival.at < giveUpMs) return;
      arrivals.delete(arrival);
    }
  };

  return {
    add() {
      forgetOld();
      const arrival = { at: performance.now() };
      arrivals.add(arrival);
      return () => {
        if (arrivals.delete(arrival) && arrivals.size === 0) onEmpty?.();
      };
    },
    async settled(limitMs) {
      forgetOld();
      if (arrivals.size === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      onEmpty = resolve;
      const timer = setTimeout(resolve, limitMs);
      await promise;
      clearTimeout(timer);
      onEmpty = undefined;
    },
  };
}
