/** The show as the components see it. */
import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react';
import type { PersonSeen, State } from '../face/wire.ts';
import type { Client, Snapshot } from './client.ts';
import type { Names } from './mrkdwn.ts';
import type { MessagePlace } from './permalink.ts';

export interface Show extends Snapshot {
  readonly client: Client;
  readonly state: State;
  readonly names: Names;
  person(id: string): PersonSeen | undefined;
  /** Leads to a message that a link names. */
  follow(place: MessagePlace): void;
  explain(number: number): void;
  confirm(question: Question): Promise<boolean>;
}

export interface Question {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly deny: string;
  readonly isDangerous: boolean;
}

const ShowContext = createContext<Show | null>(null);

export function ShowProvider({ show, children }: { readonly show: Show; readonly children: ReactNode }) {
  return <ShowContext value={show}>{children}</ShowContext>;
}

export function useShow(): Show {
  const show = useContext(ShowContext);
  if (show === null) throw new Error('this component stands outside of the show');
  return show;
}

/** The show's time (epoch ms) between two answers of the server. */
let current = 0;
let anchor = { now: 0, cameAt: 0, speed: 0 };
const tickers = new Set<() => void>();

/** Called with each answer of the server. */
export function setClock(now: number, cameAt: number, speed: number): void {
  anchor = { now, cameAt, speed };
  tick();
}

function tick(): void {
  const passed = performance.now() - anchor.cameAt;
  const next = Math.floor((anchor.now + passed * anchor.speed) / 1000) * 1000;
  if (next === current) return;
  current = next;
  for (const ticker of tickers) ticker();
}

let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(ticker: () => void): () => void {
  tickers.add(ticker);
  timer ??= setInterval(tick, 250);
  return () => {
    tickers.delete(ticker);
    if (tickers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** To the second. @param each how coarse (ms): the component is drawn again that often in the show's time */
export function useNow(each = 1000): number {
  return useSyncExternalStore(subscribe, () => Math.floor(current / each) * each);
}
