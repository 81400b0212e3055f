/** How long each step of a connection may take, in milliseconds. */
export interface Deadlines {
  /** For the answer to apps.connections.open. */
  readonly openMs: number;
  /** From there for the WebSocket and Slack's hello on it. */
  readonly helloMs: number;
  /** Without any inbound frame, pings included; Slack pings several times a minute. */
  readonly silenceMs: number;
  /** For Slack's part of the closing handshake, before the line is cut. */
  readonly closeMs: number;
  /** For Slack to close a connection that has been replaced, before we do. Slack warns about 10 s ahead. */
  readonly drainMs: number;
  /** At stop, for the envelopes already handed on to be acknowledged. */
  readonly acknowledgeMs: number;
}

export const DEFAULT_DEADLINES: Deadlines = {
  openMs: 10_000,
  helloMs: 15_000,
  silenceMs: 75_000,
  closeMs: 1_000,
  drainMs: 30_000,
  acknowledgeMs: 2_000,
};
