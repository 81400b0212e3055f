/** The show's clock: how late it is, how fast it runs, and where to jump. */
import type { SkipKind, TimeWish } from '../face/wire.ts';
import { api, lineOf } from './api.ts';
import { StopIcon } from './icons.tsx';
import { shortDay, timeOf, timeWithSeconds } from './moments.ts';
import { newsWords } from './news.ts';
import { useNow, useShow } from './show.tsx';

const SPEEDS = [1, 60, 600, 3600] as const;

const SKIPS = [
  { skip: 'next', label: 'Next due', about: 'to the next thing that is due' },
  { skip: '10m', label: '+10 min', about: 'ten minutes on' },
  { skip: '1h', label: '+1 h', about: 'an hour on' },
  { skip: 'tomorrow9', label: 'Tomorrow', about: 'to tomorrow, 9:00' },
  { skip: 'monday9', label: 'Monday', about: 'to next Monday, 9:00' },
] as const satisfies readonly { skip: SkipKind; label: string; about: string }[];

export function TimeControl() {
  const { state, client, news } = useShow();
  const now = useNow();
  const { stage, me } = state;
  const { tz } = me;
  const isSkipping = stage.skipsTo !== null;
  const wish = (what: TimeWish): void =>
    void api.time(what).then(client.refresh, (error: unknown) => client.say(lineOf(error)));
  return (
    <>
      <div
        className="clock"
        role="timer"
        aria-label="The show's clock"
        title={`Times are ${me.realName}'s: ${tz}`}
      >
        <span className="clock-day">{shortDay(now, tz)}</span>
        <span className="clock-time">{stage.speed > 60 ? timeOf(now, tz) : timeWithSeconds(now, tz)}</span>
        <span className="clock-zone">{tz.split('/').at(-1)?.replaceAll('_', ' ')}</span>
      </div>
      <div className="segments" role="group" aria-label="Speed">
        {SPEEDS.map((speed) => (
          <button
            key={speed}
            type="button"
            className="segment"
            aria-pressed={speed === stage.speed}
            aria-label={`Speed ${speed}×`}
            disabled={isSkipping}
            onClick={() => wish({ speed })}
          >
            {speed}×
          </button>
        ))}
      </div>
      {isSkipping ? (
        <div className="skipping" role="status">
          <span>
            Skipping to {shortDay(stage.skipsTo ?? 0, tz)} {timeOf(stage.skipsTo ?? 0, tz)}
            {stage.isAt === null ? '' : ` · ${stage.isAt}`}
          </span>
          <button type="button" className="button button-bar" onClick={() => wish({ stop: true })}>
            <StopIcon /> Stop
          </button>
        </div>
      ) : (
        <div className="skips" role="group" aria-label="Skip time">
          {SKIPS.map(({ skip, label, about }) => (
            <button
              key={skip}
              type="button"
              className={skip === 'next' ? 'button button-bar button-lead' : 'button button-bar'}
              aria-label={`${label}: skip ${about}`}
              title={`Skip ${about}`}
              disabled={!stage.isUp || stage.isAt !== null}
              onClick={() => wish({ skip })}
            >
              {label}
            </button>
          ))}
        </div>
      )}
      {!isSkipping && news !== null && <span className="skipping">{newsWords(news, tz)}</span>}
    </>
  );
}
