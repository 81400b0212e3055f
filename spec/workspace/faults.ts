/** What can be made to go wrong with one call of the Web API. */
export type Fault =
  /** 429; without `retryAfter` the header is missing. */
  | { readonly kind: 'rate_limited'; readonly retryAfter?: number }
  | { readonly kind: 'http'; readonly status: number }
  /** A proxy's or maintenance page: 200 and not JSON. */
  | { readonly kind: 'html' }
  /** This text with status 200, whatever it is; the effect has happened (`after`) or not. */
  | { readonly kind: 'answer'; readonly body: string; readonly when: 'before' | 'after' }
  /** The connection is reset before Slack did anything, or after it did everything. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  /** The answer comes late; the effect happens at once (`after`) or only when the wait is over (`before`). */
  | { readonly kind: 'hang'; readonly ms: number; readonly when?: 'before' | 'after' }
  | { readonly kind: 'error'; readonly error: string };

export interface FaultedCall {
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Decides for each call; the first answer that is not undefined counts. */
export type FaultPlan = (call: FaultedCall) => Fault | undefined;

export class Faults {
  private readonly next: { method: string; fault: Fault; left: number }[] = [];
  private plan: FaultPlan | undefined;

  /** The next `times` calls of a method (or of any, by `*`) go wrong in this way. */
  failNext(method: string, fault: Fault, times = 1): void {
    this.next.push({ method, fault, left: times });
  }

  /** Every call is put before this function, until another one or undefined replaces it. */
  follow(plan: FaultPlan | undefined): void {
    this.plan = plan;
  }

  clear(): void {
    this.next.length = 0;
    this.plan = undefined;
  }

  for(call: FaultedCall): Fault | undefined {
    const due = this.next.find(
      (each) => each.left > 0 && (each.method === call.method || each.method === '*'),
    );
    if (due) {
      due.left -= 1;
      return due.fault;
    }
    return this.plan?.(call);
  }
}
