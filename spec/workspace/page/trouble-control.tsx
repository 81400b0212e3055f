/** What can be done to the daemon and what it stands on. */
import type { TroubleKind, TroubleWish } from '../face/wire.ts';
import { api, lineOf } from './api.ts';
import { useShow } from './show.tsx';

const ONCE = [
  { once: 'dropSocket', label: 'Drop a socket', about: 'One connection to Slack is cut without a word' },
  {
    once: 'refreshSocket',
    label: 'Refresh a socket',
    about: 'Slack asks for a new connection, as it does every few hours',
  },
  { once: 'killDaemon', label: 'Kill the daemon', about: 'SIGKILL, and a new start at once' },
] as const;

const LASTING = [
  {
    lasting: 'daemonStopped',
    off: 'Stop the daemon',
    on: 'Start the daemon',
    about: 'Stopped by SIGTERM until it is started again',
  },
  { lasting: 'postgresStopped', off: 'Stop Postgres', on: 'Start Postgres', about: 'Its database is away' },
  {
    lasting: 'slowSlack',
    off: 'Slow Slack down',
    on: 'Slack at full speed',
    about: 'Every answer of Slack takes its time',
  },
  {
    lasting: 'slackUnreachable',
    off: 'Cut Slack off',
    on: 'Reconnect Slack',
    about: 'Every connection to Slack is reset',
  },
] as const satisfies readonly { lasting: TroubleKind; off: string; on: string; about: string }[];

export function TroubleControl({ flag }: { readonly flag: (name: string) => void }) {
  const { state, client } = useShow();
  const { troubles, isAt } = state.stage;
  const wish = (what: TroubleWish): void => {
    flag('once' in what ? what.once : what.lasting);
    void api.trouble(what).then(client.refresh, (error: unknown) => client.say(lineOf(error)));
  };
  return (
    <>
      <div className="skips" role="group" aria-label="Faults">
        {ONCE.map(({ once, label, about }) => (
          <button
            key={once}
            type="button"
            className={once === 'killDaemon' ? 'button button-bar button-bar-danger' : 'button button-bar'}
            title={about}
            onClick={() => wish({ once })}
          >
            {label}
          </button>
        ))}
        {LASTING.map(({ lasting, off, on, about }) => {
          const isOn = troubles.includes(lasting);
          return (
            <button
              key={lasting}
              type="button"
              className={isOn ? 'button button-bar button-hurt' : 'button button-bar'}
              title={about}
              onClick={() => wish({ lasting, on: !isOn })}
            >
              {isOn ? on : off}
            </button>
          );
        })}
      </div>
      {isAt !== null && (
        <span className="skipping" role="status">
          {isAt}
        </span>
      )}
    </>
  );
}
