/** Timers that can all be ended at once, so that `close()` leaves none behind. */
export class Timers {
  private readonly pending = new Set<NodeJS.Timeout>();
  private ended = false;

  after(ms: number, run: () => void): NodeJS.Timeout | undefined {
    if (this.ended) return undefined;
    const timer = setTimeout(() => {
      this.pending.delete(timer);
      run();
    }, ms);
    this.pending.add(timer);
    return timer;
  }

  every(ms: number, run: () => void): NodeJS.Timeout | undefined {
    if (this.ended) return undefined;
    const timer = setInterval(run, ms);
    this.pending.add(timer);
    return timer;
  }

  cancel(timer: NodeJS.Timeout | undefined): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    this.pending.delete(timer);
  }

  close(): void {
    this.ended = true;
    for (const timer of this.pending) clearTimeout(timer);
    this.pending.clear();
  }
}
