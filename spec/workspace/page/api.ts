/** The server behind the page: what it is asked, and its one line when it refuses. */
import type {
  Deed,
  Done,
  Explained,
  MessagesSeen,
  Panel,
  Refused,
  StageWish,
  State,
  TimeWish,
  TroubleWish,
} from '../face/wire.ts';

/** The server's own words. */
export class RefusedError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Nobody answers: the demo has ended, or the machine sleeps. */
export class GoneError extends Error {}

export interface Asking {
  readonly as?: string | null;
  readonly channel?: string | null;
  readonly thread?: string | null;
  readonly before?: string;
  readonly threadBefore?: string;
}

async function answered<T>(asked: Promise<Response>): Promise<T> {
  const response = await asked.catch((error: unknown) => {
    if (error instanceof Error && error.name === 'AbortError') throw error;
    throw new GoneError('nobody answers', { cause: error });
  });
  const body: unknown = await response.json().catch(() => ({}));
  if (!response.ok)
    throw new RefusedError(response.status, (body as Partial<Refused>).refused ?? response.statusText);
  return body as T;
}

function post<T>(path: string, body: object): Promise<T> {
  return answered<T>(
    fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
}

export const api = {
  state(asking: Asking, signal?: AbortSignal): Promise<State> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(asking)) if (typeof value === 'string') query.set(name, value);
    return answered<State>(fetch(`/state?${query.toString()}`, signal === undefined ? {} : { signal }));
  },
  async older(asking: Asking): Promise<MessagesSeen | null> {
    const { open, thread } = await api.state(asking);
    return asking.threadBefore === undefined ? open : thread;
  },
  do: (as: string, deed: Deed): Promise<Done> => post<Done>('/do', { as, deed }),
  time: (wish: TimeWish): Promise<object> => post('/time', wish),
  trouble: (wish: TroubleWish): Promise<object> => post('/trouble', wish),
  stage: (wish: StageWish): Promise<object> => post('/stage', wish),
  panel: (): Promise<Panel> => answered<Panel>(fetch('/panel')),
  explain: (number: number): Promise<Explained> => answered<Explained>(fetch(`/explain?number=${number}`)),
};

/** What a person reads of an error. */
export function lineOf(error: unknown): string {
  if (error instanceof GoneError) return 'The demo does not answer any more.';
  const text = error instanceof Error ? error.message : String(error);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
