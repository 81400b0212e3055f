/**
 * Ends the process with exit code 1 when its event loop has not turned for too long. A stuck loop cannot look at
 * itself, so a thread of its own does; and since a thread's `process.exit` ends only that thread, it exits through
 * WASI, whose `proc_exit` is the C library's `exit`: the whole process, with our code, whatever the main thread does.
 */
import { Worker } from 'node:worker_threads';
import type { Service } from './service.ts';

export interface WatchdogOptions {
  /** For how long the event loop may stand still. */
  readonly limitMs: number;
  /** The line for standard error, without its end: nobody else can write the log then. */
  readonly line: string;
}

/** The watchdog alone keeps no process alive. */
export function createWatchdog(options: WatchdogOptions): Service {
  const { limitMs, line } = options;
  let running: { readonly worker: Worker; readonly heart: NodeJS.Timeout } | undefined;

  return {
    name: 'watchdog',
    start() {
      if (running !== undefined) return Promise.resolve();
      const lookMs = limitMs / LOOKS;
      const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      const heart = setInterval(() => Atomics.add(beats, 0, 1), lookMs / 2).unref();
      const worker = new Worker(WATCHER, {
        eval: true,
        workerData: { beats, lookMs, looks: LOOKS, line: `${line}\n` },
        execArgv: [],
        resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
      });
      // A watchdog that cannot run must not end what it guards.
      worker.on('error', () => {});
      worker.unref();
      running = { worker, heart };
      return Promise.resolve();
    },
    async stop() {
      if (running === undefined) return;
      const { worker, heart } = running;
      running = undefined;
      clearInterval(heart);
      await worker.terminate();
    },
  };
}

/** How often the thread looks within the limit. */
const LOOKS = 30;

/**
 * It counts its own looks and not the time between two: a machine that was suspended, or a process that was stopped
 * for a while, stopped both threads alike. Plain CommonJS in a string, so that it survives bundling; `process.stderr`
 * of a thread goes through the main one, hence the bare write. The module's one function calls `proc_exit(1)`.
 */
const WATCHER = `
const { writeSync } = require('node:fs');
const { workerData } = require('node:worker_threads');
const { beats, lookMs, looks, line } = workerData;
const exitWithOne = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,                                      // WebAssembly, version 1
  1, 8, 2, 0x60, 1, 0x7f, 0, 0x60, 0, 0,                                   // types: (i32) -> (), () -> ()
  2, 36, 1, 22, ...Buffer.from('wasi_snapshot_preview1'), 9, ...Buffer.from('proc_exit'), 0, 0,
  3, 2, 1, 1,                                                              // one function of the second type
  5, 3, 1, 0, 1,                                                           // one page of memory, which WASI asks for
  7, 19, 2, 6, ...Buffer.from('memory'), 2, 0, 6, ...Buffer.from('_start'), 0, 1,
  10, 8, 1, 6, 0, 0x41, 1, 0x10, 0, 0x0b,                                  // i32.const 1, call proc_exit
]);
const exit = () => {
  // Loaded as late as this, for it warns that it is experimental, by way of a main thread that still turns.
  const { WASI } = require('node:wasi');
  const wasi = new WASI({ version: 'preview1', returnOnExit: false });
  wasi.start(new WebAssembly.Instance(new WebAssembly.Module(exitWithOne), wasi.getImportObject()));
};
let seen = Atomics.load(beats, 0);
let unchanged = 0;
setInterval(() => {
  const now = Atomics.load(beats, 0);
  unchanged = now === seen ? unchanged + 1 : 0;
  seen = now;
  if (unchanged < looks) return;
  try { writeSync(2, line); } catch {}
  exit();
}, lookMs);
`;
