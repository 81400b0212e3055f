/** The show's time between two answers of the server: it goes on from the last one, as fast as the show runs. */

const TICK_MS = 250;

let current = 0;
let anchor = { now: 0, cameAt: 0, speed: 0 };
let timer: ReturnType<typeof setInterval> | undefined;
const tickers = new Set<() => void>();

/**
 * Called with each answer of the server.
 * @param now the show's time (epoch ms)
 * @param cameAt when that was told (`performance.now()`)
 */
export function setClock(now: number, cameAt: number, speed: number): void {
  anchor = { now, cameAt, speed };
  tick();
}

/** The show's time (epoch ms), to the second. */
export function clockNow(): number {
  return current;
}

export function onTick(ticker: () => void): () => void {
  tickers.add(ticker);
  timer ??= setInterval(tick, TICK_MS);
  return () => {
    tickers.delete(ticker);
    if (tickers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  const passed = Math.max(0, performance.now() - anchor.cameAt);
  const next = Math.floor((anchor.now + passed * anchor.speed) / 1000) * 1000;
  if (next === current) return;
  current = next;
  for (const ticker of tickers) ticker();
}
