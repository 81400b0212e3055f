/** The show as the components see it: all of it, or only what messages need, which changes seldom. */
import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react';
import type { PersonSeen, ShortcutSeen, StageKind, State } from '../face/wire.ts';
import type { Client, Snapshot } from './client.ts';
import { clockNow, onTick } from './clock.ts';
import type { Names } from './mrkdwn.ts';
import type { MessagePlace } from './permalink.ts';

/** What messages are drawn with. While it is the same, a message that is the same is not drawn again. */
export interface Around {
  readonly client: Client;
  readonly me: PersonSeen;
  readonly people: readonly PersonSeen[];
  readonly shortcuts: readonly ShortcutSeen[];
  readonly kind: StageKind;
  readonly names: Names;
  readonly person: (id: string) => PersonSeen | undefined;
  readonly seesChannel: (id: string) => boolean;
  /** Leads to a message that a link names. */
  readonly follow: (place: MessagePlace) => void;
  readonly explain: (number: number) => void;
  readonly confirm: (question: Question) => Promise<boolean>;
}

export interface Show extends Snapshot, Around {
  readonly state: State;
}

export interface Question {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly deny: string;
  readonly isDangerous: boolean;
}

const ShowContext = createContext<Show | null>(null);
const AroundContext = createContext<Around | null>(null);

interface ProviderProps {
  readonly show: Show;
  readonly around: Around;
  readonly children: ReactNode;
}

export function ShowProvider({ show, around, children }: ProviderProps) {
  return (
    <AroundContext value={around}>
      <ShowContext value={show}>{children}</ShowContext>
    </AroundContext>
  );
}

export function useShow(): Show {
  return found(useContext(ShowContext));
}

export function useAround(): Around {
  return found(useContext(AroundContext));
}

function found<T>(value: T | null): T {
  if (value === null) throw new Error('this component stands outside of the show');
  return value;
}

/** The show's time (epoch ms). @param each how coarse (ms): the component is drawn again that often in the show's time */
export function useNow(each = 1000): number {
  return useSyncExternalStore(onTick, () => Math.floor(clockNow() / each) * each);
}
