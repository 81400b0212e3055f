/** The bottom: how TrIAge is, every second. */
import type { Panel } from '../face/wire.ts';
import { DownIcon } from './icons.tsx';
import { figuresOf, partsOf, readyWords, SIGN } from './panel-words.ts';
import { useNow } from './show.tsx';

interface PanelProps {
  readonly panel: Panel | null;
  /** The last minute or so, oldest first. */
  readonly history: readonly Panel[];
  readonly isOpen: boolean;
  readonly toggle: () => void;
}

export function PanelBar({ panel, history, isOpen, toggle }: PanelProps) {
  const now = useNow();
  if (panel === null) return null;
  const { health, words } = readyWords(panel);
  const figures = figuresOf(panel, now);
  const levels = history.map((each) => figuresOf(each, now).map(({ level }) => level ?? 0));
  return (
    <section className="panel" aria-label="How TrIAge is">
      {isOpen && (
        <div className="parts">
          {partsOf(panel).map(({ name, health: partHealth, words: partWords }) => (
            <div key={name} className={`part part-${partHealth}`}>
              <span className="part-sign" aria-hidden="true">
                {SIGN[partHealth]}
              </span>
              <span className="part-name">{name}</span>
              <span className="part-words">{partWords}</span>
            </div>
          ))}
          {panel.ready === null && (
            <p className="subtle">/ready does not answer: the daemon is down or still starts.</p>
          )}
        </div>
      )}
      <div className="figures">
        <button
          type="button"
          className={`ready ready-${health}`}
          aria-expanded={isOpen}
          title="What /ready says"
          onClick={toggle}
        >
          <span className="ready-sign" aria-hidden="true">
            {SIGN[health]}
          </span>
          {words}
          <span className={isOpen ? 'turn' : 'turn turned'}>
            <DownIcon />
          </span>
        </button>
        <dl className="figure-list">
          {figures.map(({ label, value, about, isBad, level }, at) => (
            <div key={label} className={isBad ? 'figure figure-bad' : 'figure'} title={about}>
              <dt>{label}</dt>
              <dd>{value}</dd>
              {level !== null && <Curve levels={levels.map((each) => each[at] ?? 0)} />}
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}

const WIDTH = 32;
const HEIGHT = 20;

function Curve({ levels }: { readonly levels: readonly number[] }) {
  if (levels.length < 2) return null;
  const most = Math.max(1, ...levels);
  const points = levels.map(
    (level, at) =>
      `${((at / (levels.length - 1)) * WIDTH).toFixed(1)},${(HEIGHT - 1 - (level / most) * (HEIGHT - 2)).toFixed(1)}`,
  );
  return (
    <svg className="curve" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <polyline points={points.join(' ')} fill="none" stroke="currentColor" strokeWidth="1.3" />
    </svg>
  );
}
