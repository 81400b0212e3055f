import { findChromium } from './chromium.ts';

/** Loaded by mocha before the specs in a browser. */
export function mochaGlobalSetup(): void {
  try {
    findChromium();
  } catch (error) {
    // Mocha would print a stack over it.
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

/** Both end the run at once, and what it had begun ends with it: PostgreSQL, its folder and Chromium go as the process exits. */
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(code));
