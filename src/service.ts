/**
 * The contract of every long-lived thing. `start` resolves when it is ready to do its job, `stop` when nothing
 * of it runs any more. Both may be called twice, and in any order; `stop` during `start` ends the start.
 * `spec/support/stress-service.ts` holds every implementation to this.
 */
export interface Service {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}
