/** Milliseconds since the Unix epoch. All times inside TrIAge are instants; zones appear only at the edges. */
export type Instant = number;

/** Where every "now" comes from, so that specs can move time by hand. */
export interface Clock {
  now(): Instant;
}

export const systemClock: Clock = { now: () => Date.now() };
