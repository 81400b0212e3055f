/** Whoever wants to know that something has changed. */
export class Watchers {
  readonly #all = new Set<() => void>();

  /** Calls back at every `tell`; answers how to stop that. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.#all.add(watcher);
    return () => this.#all.delete(watcher);
  };

  readonly tell = (): void => {
    for (const watcher of this.#all) watcher();
  };
}
