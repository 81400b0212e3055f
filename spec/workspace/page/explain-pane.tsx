/** The right: why a request is as it is, line by line; it renews itself while it is open. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Explained, ExplainedLine } from '../face/wire.ts';
import { api, lineOf } from './api.ts';
import { withEmoji } from './emoji.ts';
import { CloseIcon } from './icons.tsx';
import { dayHeading, dayKey, timeWithSeconds } from './moments.ts';
import { useNow, useShow } from './show.tsx';
import { usePaneFocus } from './use-pane-focus.ts';

type Kind = ExplainedLine['kind'];

const KINDS: Readonly<
  Record<Kind, { readonly label: string; readonly sign: string; readonly about: string }>
> = {
  event: { label: 'Events', sign: '↓', about: 'what Slack told TrIAge' },
  decision: { label: 'Decisions', sign: '◆', about: 'what was decided' },
  timer: { label: 'Timers', sign: '◷', about: 'alarms that rang, were cancelled, or are set' },
  write: { label: 'Writes', sign: '↑', about: 'what TrIAge wrote in Slack' },
};
const ALL = Object.keys(KINDS) as readonly Kind[];

export function ExplainPane({ number, close }: { readonly number: number; readonly close: () => void }) {
  const { cameAt } = useShow();
  const pane = useRef<HTMLElement>(null);
  usePaneFocus(pane, number);
  const [explained, setExplained] = useState<Explained | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [hidden, setHidden] = useState<ReadonlySet<Kind>>(new Set());

  useEffect(() => {
    let isOver = false;
    const read = async (): Promise<void> => {
      try {
        const answer = await api.explain(number);
        if (isOver) return;
        setExplained(answer);
        setTrouble(null);
      } catch (error) {
        if (!isOver) setTrouble(lineOf(error));
      }
    };
    // Soon after a change, and now and then: the daemon writes a moment after Slack has shown it.
    const soon = setTimeout(() => void read(), 60);
    const timer = setInterval(() => void read(), 2000);
    return () => {
      isOver = true;
      clearTimeout(soon);
      clearInterval(timer);
    };
  }, [number, cameAt]);

  const shown = explained?.number === number ? explained : null;
  const toggle = (kind: Kind): void => {
    const next = new Set(hidden);
    if (!next.delete(kind)) next.add(kind);
    setHidden(next);
  };
  return (
    <aside ref={pane} tabIndex={-1} className="pane side explain" aria-label={`Explain request #${number}`}>
      <header className="pane-head">
        <h2 className="pane-title">Explain #{number}</h2>
        <button
          type="button"
          className="icon-button"
          aria-label="Close explanation"
          title="Close (Esc)"
          onClick={close}
        >
          <CloseIcon />
        </button>
      </header>
      <div className="explain-scroll">
        {trouble !== null && (
          <p className="trouble" role="status">
            {trouble}
          </p>
        )}
        {shown === null ? (
          trouble === null && <p className="loading">Loading…</p>
        ) : (
          <Head explained={shown} />
        )}
        {shown !== null && (
          <>
            <div className="chips" role="group" aria-label="Show">
              {ALL.map((kind) => {
                const { label, sign, about } = KINDS[kind];
                const count = shown.lines.filter((line) => line.kind === kind).length;
                return (
                  <button
                    key={kind}
                    type="button"
                    className={`chip chip-${kind}`}
                    aria-pressed={!hidden.has(kind)}
                    title={about}
                    onClick={() => toggle(kind)}
                  >
                    <span aria-hidden="true">{sign}</span> {label} <span className="chip-count">{count}</span>
                  </button>
                );
              })}
            </div>
            <Lines lines={shown.lines.filter(({ kind }) => !hidden.has(kind))} />
          </>
        )}
      </div>
    </aside>
  );
}

function Head({ explained }: { readonly explained: Explained }) {
  const { names } = useShow();
  const { title, state, queue, owner, asker, priority } = explained;
  return (
    <div className="explain-head">
      <p className="explain-title">{title === null ? '(no text any more)' : withEmoji(title)}</p>
      <dl className="facts">
        <Fact name="Status">
          <span className="state" data-state={state}>
            {state}
          </span>
        </Fact>
        <Fact name="Owner">{owner === null ? 'nobody' : names.person(owner)}</Fact>
        <Fact name="Asked by">{names.person(asker)}</Fact>
        <Fact name="Priority">{priority}</Fact>
        <Fact name="Queue">{queue}</Fact>
      </dl>
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Lines({ lines }: { readonly lines: readonly ExplainedLine[] }) {
  const past = lines.filter(({ isPending }) => !isPending);
  const pending = lines.filter(({ isPending }) => isPending);
  return (
    <>
      {pending.length > 0 && (
        <section aria-label="Still to come">
          <h3 className="explain-part">Still to come</h3>
          <LineList lines={pending} />
        </section>
      )}
      <section aria-label="What has happened">
        <h3 className="explain-part">What has happened</h3>
        {past.length === 0 ? <p className="subtle">Nothing of that kind.</p> : <LineList lines={past} />}
      </section>
    </>
  );
}

function LineList({ lines }: { readonly lines: readonly ExplainedLine[] }) {
  const { state, names } = useShow();
  const now = useNow(60_000);
  const { tz } = state.me;
  let day = dayKey(now, tz);
  return (
    <ol className="lines">
      {lines.map(({ at, kind, what, by, key, isPending }, index) => {
        const isOtherDay = dayKey(at, tz) !== day;
        day = dayKey(at, tz);
        return (
          <li key={`${key ?? what} ${index}`} className={`line line-${kind}`} data-pending={isPending}>
            <span
              className="line-sign"
              title={KINDS[kind].label}
              aria-label={KINDS[kind].label.replace(/s$/, '')}
            >
              {KINDS[kind].sign}
            </span>
            <div className="line-main">
              <p>
                {by !== null && <strong>{names.person(by)} </strong>}
                {withEmoji(what)}
              </p>
              <p className="line-about">
                <time dateTime={new Date(at).toISOString()}>
                  {isOtherDay ? `${dayHeading(at, now, tz)} ` : ''}
                  {timeWithSeconds(at, tz)}
                </time>
                {key !== null && <code className="line-key">{key}</code>}
              </p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
