/** What the guide tells a newcomer, and by what it knows that a step has happened, however it was done. */
import type { Explained, Panel, StageKind, StageSeen } from '../face/wire.ts';

/** What the guide can see. */
export interface Sight {
  readonly stage: Pick<StageSeen, 'kind' | 'troubles' | 'isUp'>;
  readonly panel: Panel | null;
  readonly requests: readonly Explained[];
  /** What was pressed on the page since it was opened. */
  readonly flags: ReadonlySet<string>;
  /** Whether it has been seen unwell since the last of these: a fault takes a moment to bite. */
  readonly wasIll: boolean;
}

export interface Step {
  readonly id: StepId;
  readonly title: string;
  readonly text: string;
  /** What the button says. */
  readonly offer: string;
  readonly isDone: (sight: Sight) => boolean;
}

export type StepId =
  | 'ask'
  | 'take'
  | 'talk'
  | 'chase'
  | 'hold'
  | 'close'
  | 'explain'
  | 'faults'
  | 'drop'
  | 'kill'
  | 'postgres'
  | 'cut'
  | 'count';

export const WHAT_IT_IS =
  'TrIAge turns what people ask in Slack into requests, finds each one an owner, and keeps after everybody until it is closed.';

export const WHAT_FAULTS_ARE =
  'A real daemon with a real database, in real time; only its follow-ups come after seconds instead of hours. Hurt it as you like: the bar below shows that nothing is lost and nothing is said twice.';

function decided({ requests }: Sight, words: RegExp): boolean {
  return requests.some(({ lines }) =>
    lines.some(({ kind, what, isPending }) => kind === 'decision' && !isPending && words.test(what)),
  );
}

/** Somebody of the team wrote where the asker reads it. */
function answered({ requests }: Sight): boolean {
  return requests.some(({ lines, asker }) =>
    lines.some(
      ({ kind, what, by }) => kind === 'event' && by !== null && by !== asker && what.startsWith('wrote'),
    ),
  );
}

/** All is on, ready, and handled. */
export function isWell({ panel, stage }: Pick<Sight, 'panel' | 'stage'>): boolean {
  return (
    stage.isUp && stage.troubles.length === 0 && panel?.ready?.status === 200 && panel.inbox?.waiting === 0
  );
}

function survived(sight: Sight, flag: string): boolean {
  return sight.flags.has(flag) && sight.wasIll && isWell(sight);
}

const ASK: Step = {
  id: 'ask',
  title: 'Somebody asks',
  text: 'Uli writes in #help-it. That is enough: TrIAge answers in the thread, and a card appears in the team’s #triage-it.',
  offer: 'Ask as Uli',
  isDone: ({ requests }) => requests.length > 0,
};

const TIME_STEPS: readonly Step[] = [
  ASK,
  {
    id: 'take',
    title: 'Somebody takes it',
    text: 'Ana is one of the team. On the card in #triage-it she presses Take it: now it has an owner, and Uli is told who.',
    offer: 'Take it as Ana',
    isDone: ({ requests }) => requests.some(({ owner }) => owner !== null),
  },
  {
    id: 'talk',
    title: 'They talk where it was asked',
    text: 'Ana answers in the thread under Uli’s message. What is asked in a channel is talked over inside the team in the card’s own thread.',
    offer: 'Answer as Ana',
    isDone: answered,
  },
  {
    id: 'chase',
    title: 'Nobody takes the next one',
    text: 'Time passes: TrIAge asks the person on duty by DM, then the next, then calls the lead in #triage-it, and at last tells #managers.',
    offer: 'Ask, and let time pass',
    isDone: (sight) => decided(sight, /^ladder: escalation/),
  },
  {
    id: 'hold',
    title: 'It waits for somebody else',
    text: 'Ana puts it on hold until tomorrow, with a reason. When that day comes, TrIAge hands it back to her.',
    offer: 'Hold it, and skip to tomorrow',
    isDone: (sight) => decided(sight, /^hold ended/),
  },
  {
    id: 'close',
    title: 'Done, and closed',
    text: 'Ana resolves it; Uli presses It works, and it is closed. Without a word from Uli, two days of silence close it too.',
    offer: 'Resolve and confirm',
    isDone: ({ requests }) => requests.some(({ state }) => state === 'closed'),
  },
  {
    id: 'explain',
    title: 'Why is it as it is?',
    text: 'The number on each card opens its whole story: every event, decision, timer and write, with their keys.',
    offer: 'Explain #1',
    isDone: ({ flags }) => flags.has('explain'),
  },
  {
    id: 'faults',
    title: 'Now try to break it',
    text: 'In the show “Faults” you can kill the daemon in the middle of everything, and see that nothing is lost.',
    offer: 'Begin “Faults”',
    isDone: ({ stage }) => stage.kind === 'faults',
  },
];

const FAULT_STEPS: readonly Step[] = [
  ASK,
  {
    id: 'drop',
    title: 'Drop a socket',
    text: 'One of the two connections to Slack is cut without a word, and Uli asks at that very moment. The other one has it.',
    offer: 'Drop one, and ask',
    isDone: (sight) => sight.flags.has('dropSocket') && (sight.panel?.sockets ?? 0) > 0 && isWell(sight),
  },
  {
    id: 'kill',
    title: 'Kill the daemon in the middle',
    text: 'SIGKILL, while Uli asks. What Slack had been told “I have it” for is in the database; the rest, Slack sends again.',
    offer: 'Kill it, and ask',
    isDone: (sight) => survived(sight, 'killDaemon'),
  },
  {
    id: 'postgres',
    title: 'Stop the database',
    text: 'Without Postgres nothing is acknowledged, so Slack keeps it and sends it again. /ready says 503 until it is back.',
    offer: 'Stop it for a while, and ask',
    isDone: (sight) => survived(sight, 'postgresStopped'),
  },
  {
    id: 'cut',
    title: 'Cut Slack off',
    text: 'Nothing gets through for a while. When Slack is back, TrIAge reads what it missed and catches up.',
    offer: 'Cut it off for a while, and ask',
    isDone: (sight) => survived(sight, 'slackUnreachable'),
  },
  {
    id: 'count',
    title: 'Count',
    text: 'Every ask has one card in #triage-it; lost: 0, said twice: 0.',
    offer: 'Show the cards',
    isDone: ({ flags, panel }) => flags.has('count') && panel?.deliveries.lost === 0 && panel.doubled === 0,
  },
];

export function stepsOf(kind: StageKind): readonly Step[] {
  if (kind === 'export') return [];
  return kind === 'time' ? TIME_STEPS : FAULT_STEPS;
}

/** The step that is to be done next; null when all are. */
export function nextStep(steps: readonly Step[], done: ReadonlySet<StepId>): Step | null {
  return steps.find(({ id }) => !done.has(id)) ?? null;
}

/** Once done stays done. */
export function doneNow(
  steps: readonly Step[],
  before: ReadonlySet<StepId>,
  sight: Sight,
): ReadonlySet<StepId> {
  const found = steps.filter((step) => !before.has(step.id) && step.isDone(sight)).map(({ id }) => id);
  return found.length === 0 ? before : new Set([...before, ...found]);
}
