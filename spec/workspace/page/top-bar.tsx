/** The top: which show is on, and what can be done to it. */
import type { StageWish } from '../face/wire.ts';
import { api, lineOf } from './api.ts';
import { beforeBegin, SHOWS } from './begin-show.ts';
import { GuideIcon, Mark, MoonIcon, SunIcon } from './icons.tsx';
import { useShow } from './show.tsx';
import { TimeControl } from './time-control.tsx';
import { TroubleControl } from './trouble-control.tsx';

interface TopBarProps {
  readonly isGuideOpen: boolean;
  readonly toggleGuide: () => void;
  readonly isDark: boolean;
  readonly toggleDark: () => void;
  readonly flag: (name: string) => void;
}

export function TopBar({ isGuideOpen, toggleGuide, isDark, toggleDark, flag }: TopBarProps) {
  const { state } = useShow();
  const { stage } = state;
  return (
    <header className="topbar">
      <span className="brand">
        <Mark />
        <span className="brand-name">TrIAge</span>
      </span>
      {stage.kind === 'export' ? <span className="show-name">Export, to be read</span> : <ShowSwitch />}
      <div className="controls">
        {stage.kind === 'time' && <TimeControl />}
        {stage.kind === 'export' && stage.isAt !== null && (
          <span className="skipping" role="status">
            {stage.isAt}
          </span>
        )}
        {stage.kind === 'faults' && <TroubleControl flag={flag} />}
      </div>
      <div className="topbar-end">
        {stage.kind !== 'export' && (
          <button
            type="button"
            className={isGuideOpen ? 'button button-bar button-on' : 'button button-bar'}
            aria-pressed={isGuideOpen}
            onClick={toggleGuide}
          >
            <GuideIcon /> Guide
          </button>
        )}
        <button
          type="button"
          className="icon-button"
          aria-label={isDark ? 'Use light colours' : 'Use dark colours'}
          title={isDark ? 'Use light colours' : 'Use dark colours'}
          onClick={toggleDark}
        >
          {isDark ? <SunIcon /> : <MoonIcon />}
        </button>
      </div>
    </header>
  );
}

function ShowSwitch() {
  const { state, confirm, client } = useShow();
  const { kind: current } = state.stage;
  const begin = async (kind: StageWish['kind']): Promise<void> => {
    const isSure = await confirm(beforeBegin(kind, current));
    if (isSure) await api.stage({ kind }).catch((error: unknown) => client.say(lineOf(error)));
  };
  return (
    <div className="segments" role="group" aria-label="Show">
      {(['time', 'faults'] as const).map((kind) => (
        <button
          key={kind}
          type="button"
          className="segment"
          aria-pressed={kind === current}
          title={`The show “${SHOWS[kind].label}”: ${SHOWS[kind].about}${kind === current ? '; press to begin it anew' : ''}`}
          onClick={() => void begin(kind)}
        >
          {SHOWS[kind].label}
        </button>
      ))}
    </div>
  );
}
