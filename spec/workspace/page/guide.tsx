/** For somebody who has never seen TrIAge: what it does, step by step, done by hand or by a button. */
import { useState } from 'react';
import type { Panel } from '../face/wire.ts';
import { api, lineOf } from './api.ts';
import { beforeBegin } from './begin-show.ts';
import { act } from './guide-acts.ts';
import { nextStep, type Step, type StepId, WHAT_FAULTS_ARE, WHAT_IT_IS } from './guide-steps.ts';
import { CheckIcon, CloseIcon, DownIcon } from './icons.tsx';
import { useShow } from './show.tsx';
import { useGuide } from './use-guide.ts';

interface GuideProps {
  readonly panel: Panel | null;
  readonly flags: ReadonlySet<string>;
  readonly flag: (name: string) => void;
  /** Only the step that is next: something else needs the room. */
  readonly isCompact: boolean;
  readonly close: () => void;
}

export function Guide({ panel, flags, flag, isCompact, close }: GuideProps) {
  const { state, client, explain, confirm } = useShow();
  const { steps, done } = useGuide(panel, flags);
  const [chosen, setChosen] = useState<StepId | null>(null);
  const [isWide, setWide] = useState(false);
  const [busy, setBusy] = useState<StepId | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const next = nextStep(steps, done);
  const current = busy ?? chosen ?? next?.id ?? null;
  const isShort = isCompact && !isWide;

  const run = async ({ id }: Step): Promise<void> => {
    setBusy(id);
    setTrouble(null);
    try {
      await act(id, {
        client,
        state,
        flag,
        explain,
        changeShow: async () => {
          const isSure = await confirm(beforeBegin('faults', state.stage.kind));
          if (isSure) await api.stage({ kind: 'faults' });
        },
      });
      setChosen(null);
    } catch (error) {
      setTrouble(lineOf(error));
    } finally {
      setBusy(null);
    }
  };

  const shown = isShort ? steps.filter(({ id }) => id === (current ?? steps.at(-1)?.id)) : steps;
  return (
    <section className={isShort ? 'guide guide-short' : 'guide'} aria-label="Guide">
      <header className="guide-head">
        <h2 className="guide-title">
          {state.stage.kind === 'time' ? 'What TrIAge does' : 'Try to lose something'}
        </h2>
        <span className="guide-count">
          {done.size} of {steps.length}
        </span>
        {isCompact && (
          <button
            type="button"
            className="icon-button"
            aria-expanded={isWide}
            aria-label={isWide ? 'Only the next step' : 'All steps'}
            title={isWide ? 'Only the next step' : 'All steps'}
            onClick={() => setWide(!isWide)}
          >
            <span className={isWide ? 'turn turned' : 'turn'}>
              <DownIcon />
            </span>
          </button>
        )}
        <button
          type="button"
          className="icon-button"
          aria-label="Close guide"
          title="Close guide"
          onClick={close}
        >
          <CloseIcon />
        </button>
      </header>
      <progress className="guide-progress" aria-label="Steps done" max={steps.length} value={done.size} />
      {!isShort && (
        <p className="guide-intro">{state.stage.kind === 'time' ? WHAT_IT_IS : WHAT_FAULTS_ARE}</p>
      )}
      <ol className="steps">
        {shown.map((step) => (
          <StepItem
            key={step.id}
            step={step}
            at={steps.indexOf(step) + 1}
            isDone={done.has(step.id) && busy !== step.id}
            isCurrent={step.id === current}
            isBusy={busy === step.id}
            isHeld={busy !== null}
            trouble={step.id === current ? trouble : null}
            open={() => {
              setChosen(step.id === chosen ? null : step.id);
              setTrouble(null);
            }}
            run={() => void run(step)}
          />
        ))}
      </ol>
      {next === null && !isShort && (
        <p className="guide-end">
          That was all. Look around: every person, button and command works. With your own workspace: README,
          “Connect your workspace”.
        </p>
      )}
    </section>
  );
}

interface ItemProps {
  readonly step: Step;
  readonly at: number;
  readonly isDone: boolean;
  readonly isCurrent: boolean;
  readonly isBusy: boolean;
  readonly isHeld: boolean;
  readonly trouble: string | null;
  readonly open: () => void;
  readonly run: () => void;
}

function StepItem({ step, at, isDone, isCurrent, isBusy, isHeld, trouble, open, run }: ItemProps) {
  return (
    <li className={`step ${isDone ? 'step-done' : ''} ${isCurrent ? 'step-current' : ''}`}>
      <button
        type="button"
        className="step-head"
        aria-expanded={isCurrent}
        aria-current={isCurrent ? 'step' : undefined}
        onClick={open}
      >
        <span className="step-number">{isDone ? <CheckIcon /> : at}</span>
        <span className="step-title">
          {step.title}
          {isDone && <span className="unseen"> (done)</span>}
        </span>
      </button>
      {isCurrent && (
        <div className="step-body">
          <p>{step.text}</p>
          {trouble !== null && (
            <p className="input-error" role="alert">
              {trouble}
            </p>
          )}
          <button
            type="button"
            className={isDone ? 'button' : 'button button-accent'}
            aria-busy={isBusy}
            disabled={isHeld}
            title="Do it for me"
            onClick={run}
          >
            {isBusy ? 'Doing it…' : step.offer}
          </button>
        </div>
      )}
    </li>
  );
}
