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
