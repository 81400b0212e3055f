/** What can be done to the daemon and what it stands on. */
import type { TroubleKind, TroubleWish } from '../face/wire.ts';
import { api, lineOf } from './api.ts';
import { useShow } from './show.tsx';

interface Fault {
  /** On the button, after the group's name. */
  readonly short: string;
  /** The whole of it, as its accessible name. */
  readonly name: string;
  readonly about: string;
}
interface Once extends Fault {
  readonly once: 'dropSocket' | 'refreshSocket' | 'killDaemon';
}
interface Lasting extends Fault {
  readonly lasting: TroubleKind;
  /** The same while it is on, which ends it. */
  readonly end: { readonly short: string; readonly name: string };
}

const GROUPS: readonly { readonly of: string; readonly faults: readonly (Once | Lasting)[] }[] = [
  {
    of: 'Socket',
    faults: [
      {
        once: 'dropSocket',
        short: 'Drop',
        name: 'Drop a socket',
        about: 'One connection to Slack is cut without a word',
      },
      {
        once: 'refreshSocket',
        short: 'Refresh',
        name: 'Refresh a socket',
        about: 'Slack asks for a new connection, as it does every few hours',
      },
    ],
  },
  {
    of: 'Daemon',
    faults: [
      {
        once: 'killDaemon',
        short: 'Kill',
        name: 'Kill the daemon',
        about: 'SIGKILL, and a new start at once',
      },
      {
        lasting: 'daemonStopped',
        short: 'Stop',
        name: 'Stop the daemon',
        about: 'SIGTERM: it stays down until it is started again',
        end: { short: 'Start', name: 'Start the daemon' },
      },
    ],
  },
  {
    of: 'Postgres',
    faults: [
      {
        lasting: 'postgresStopped',
        short: 'Stop',
        name: 'Stop Postgres',
        about: 'The database is away',
        end: { short: 'Start', name: 'Start Postgres' },
      },
    ],
  },
  {
    of: 'Slack',
    faults: [
      {
        lasting: 'slowSlack',
        short: 'Slow',
        name: 'Slow Slack down',
        about: 'Every answer of Slack takes its time',
        end: { short: 'Full speed', name: 'Slack at full speed' },
      },
      {
        lasting: 'slackUnreachable',
        short: 'Cut off',
        name: 'Cut Slack off',
        about: 'Every connection to Slack is reset',
        end: { short: 'Reconnect', name: 'Reconnect Slack' },
      },
    ],
  },
];

export function TroubleControl({ flag }: { readonly flag: (name: string) => void }) {
  const { state, client } = useShow();
  const { troubles, isAt } = state.stage;
  const wish = (what: TroubleWish): void => {
    flag('once' in what ? what.once : what.lasting);
    void api.trouble(what).then(client.refresh, (error: unknown) => client.say(lineOf(error)));
  };
  return (
    <>
      {GROUPS.map(({ of, faults }) => (
        <div key={of} className="skips" role="group" aria-label={of}>
          <span className="skips-of">{of}</span>
          {faults.map((fault) => {
            const isOn = 'lasting' in fault && troubles.includes(fault.lasting);
            const shown = isOn && 'lasting' in fault ? fault.end : fault;
            return (
              <button
                key={fault.name}
                type="button"
                className={isOn ? 'button button-bar button-hurt' : 'button button-bar'}
                aria-label={shown.name}
                title={isOn ? shown.name : `${shown.name}: ${fault.about}`}
                onClick={() =>
                  wish('once' in fault ? { once: fault.once } : { lasting: fault.lasting, on: !isOn })
                }
              >
                {shown.short}
              </button>
            );
          })}
        </div>
      ))}
      {isAt !== null && (
        <span className="skipping" role="status">
          {isAt}
        </span>
      )}
    </>
  );
}
