/** Asks every second how TrIAge is, and keeps the last minute. */
import { useEffect, useState } from 'react';
import type { Panel } from '../face/wire.ts';
import { api } from './api.ts';

const EVERY_MS = 1000;
const KEPT = 60;

export function usePanel(isWanted: boolean): { panel: Panel | null; history: readonly Panel[] } {
  const [history, setHistory] = useState<readonly Panel[]>([]);
  useEffect(() => {
    if (!isWanted) return;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const panel = await api.panel().catch(() => null);
      if (isOver) return;
      if (panel !== null) setHistory((before) => [...before.slice(1 - KEPT), panel]);
      timer = setTimeout(() => void ask(), EVERY_MS);
    };
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [isWanted]);
  return { panel: history.at(-1) ?? null, history };
}
