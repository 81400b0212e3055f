/** How long a daemon may go without a sign of life before its events are another one's (or its next life's). */
export const LEASE_MS = 10_000;
