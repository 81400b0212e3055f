/**
 * How long a daemon may go without a sign of life before its events are another one’s (or its next life’s). Short, for an
 * event that is handled twice all the same has its effect once: its row is finished in the transaction of the effect.
 */
export const LEASE_MS = 3000;
