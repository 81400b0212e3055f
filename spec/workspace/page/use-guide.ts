/** Which of the guide's steps have happened: in one show, another one has a guide of its own. */
import { useEffect, useState } from 'react';
import type { Explained, Panel } from '../face/wire.ts';
import { api } from './api.ts';
import { doneOf, keepDone } from './guide-memory.ts';
import { doneNow, isWell, type Sight, type Step, type StepId, stepsOf } from './guide-steps.ts';
import { useShow } from './show.tsx';

const EVERY_MS = 1200;
/** Enough for a guide; nobody waits for more. */
const LOOKED_AT = 12;

export function useGuide(
  panel: Panel | null,
  flags: ReadonlySet<string>,
): { steps: readonly Step[]; done: ReadonlySet<StepId> } {
  const { state } = useShow();
  const { stage } = state;
  const [requests, setRequests] = useState<readonly Explained[]>([]);
  const [done, setDone] = useState<ReadonlySet<StepId>>(() => new Set(doneOf(state.show)));
  const [wasIll, setWasIll] = useState(false);
  const steps = stepsOf(stage.kind);
  const count = panel?.requests ?? null;
  const isOver = steps.every(({ id }) => done.has(id));

  useEffect(() => {
    if (isOver || count === null || count === 0) return;
    let isGone = false;
    const read = async (): Promise<void> => {
      const numbers = Array.from({ length: Math.min(count, LOOKED_AT) }, (_, at) => at + 1);
      const found = await Promise.all(numbers.map((number) => api.explain(number).catch(() => null)));
      if (!isGone) setRequests(found.filter((each) => each !== null));
    };
    void read();
    const timer = setInterval(() => void read(), EVERY_MS);
    return () => {
      isGone = true;
      clearInterval(timer);
    };
  }, [count, isOver]);

  useEffect(() => keepDone(state.show, done), [state.show, done]);
  useEffect(() => setWasIll(false), [flags]);
  useEffect(() => {
    if (panel !== null && !isWell({ panel, stage })) setWasIll(true);
    const sight: Sight = { stage, panel, requests, flags, wasIll };
    setDone((known) => doneNow(stepsOf(stage.kind), known, sight));
  }, [stage, panel, requests, flags, wasIll]);

  return { steps, done };
}
