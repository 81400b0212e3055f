/** The left: whose eyes we look through, and what there is to look at. */
import type { KeyboardEvent } from 'react';
import type { ChannelSeen } from '../face/wire.ts';
import { Avatar } from './avatar.tsx';
import { ChannelSign } from './conversation.tsx';
import { HomeIcon, Mark, SearchIcon } from './icons.tsx';
import { useShow } from './show.tsx';
import { waitingFor, waitingIn } from './unread.ts';

interface SidebarProps {
  readonly chosen: () => void;
  readonly search: () => void;
}

export function Sidebar({ chosen, search }: SidebarProps) {
  const { state, place, client } = useShow();
  const isExport = state.stage.kind === 'export';
  const channels = state.channels.filter(({ isIm }) => !isIm);
  const direct = state.channels.filter(({ isIm }) => isIm);
  return (
    <nav className="sidebar" aria-label="Workspace">
      <div className="workspace">
        <span className="workspace-mark">
          <Mark />
        </span>
        <span className="workspace-name">{isExport ? 'Your export' : 'Local Slack'}</span>
        <button
          type="button"
          className="icon-button"
          aria-label="Go to…"
          title="Go to… (Ctrl+K)"
          onClick={search}
        >
          <SearchIcon />
        </button>
      </div>
      <div className="sidebar-scroll">
        <People />
        <Channels title="Channels" channels={channels} chosen={chosen} />
        <Channels title="Direct messages" channels={direct} chosen={chosen} />
        <section aria-label="Apps">
          <h2 className="sidebar-title">Apps</h2>
          <button
            type="button"
            className="entry"
            aria-current={place.isHome ? 'page' : undefined}
            onClick={() => {
              client.go({ isHome: true, thread: null });
              chosen();
            }}
          >
            <HomeIcon />
            <span className="entry-name">TrIAge Home</span>
          </button>
        </section>
      </div>
    </nav>
  );
}

/** Posting as any of the made-up people; a dot where something waits for one of them. */
function People() {
  const { state, client, marks, lists } = useShow();
  const people = state.people.filter(({ isBot }) => !isBot);
  if (state.stage.kind === 'export' || people.length > 12) {
    return (
      <label className="reader">
        <span className="sidebar-title">Reading as</span>
        <select
          className="select"
          value={state.me.id}
          onChange={(event) => client.become(event.target.value)}
        >
          {people.map(({ id, realName }) => (
            <option key={id} value={id}>
              {realName}
            </option>
          ))}
        </select>
      </label>
    );
  }
  const move = (event: KeyboardEvent<HTMLElement>): void => {
    const step = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const radios = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=radio]')];
    // From where the focus is: of the last step the server may not have told yet.
    const at = radios.findIndex((each) => each === document.activeElement) + step;
    const next = (at + people.length) % people.length;
    const person = people[next];
    if (person === undefined) return;
    client.become(person.id);
    radios[next]?.focus();
  };
  return (
    <section aria-label="Posting as">
      <h2 className="sidebar-title">Posting as</h2>
      <div className="people" role="radiogroup" aria-label="Posting as" onKeyDown={move}>
        {people.map(({ id, realName, part }) => {
          const isMe = id === state.me.id;
          const waits = isMe ? null : waitingFor(marks, id, lists[id] ?? []);
          const news =
            waits === null
              ? ''
              : waits === 'direct'
                ? ', has a new direct message or mention'
                : ', has something new';
          return (
            <button
              key={id}
              type="button"
              role="radio"
              className="person"
              aria-checked={isMe}
              tabIndex={isMe ? 0 : -1}
              aria-label={`${realName}${part === '' ? '' : ` (${part})`}${news}`}
              title={`Look and write as ${realName}${news}`}
              onClick={() => client.become(id)}
            >
              <Avatar id={id} name={realName} />
              <span className="person-words">
                <span className="person-name">{realName}</span>
                <span className="person-part">{part}</span>
              </span>
              {waits !== null && <span className={waits === 'direct' ? 'dot dot-strong' : 'dot'} />}
            </button>
          );
        })}
      </div>
    </section>
  );
}

interface ChannelsProps {
  readonly title: string;
  readonly channels: readonly ChannelSeen[];
  readonly chosen: () => void;
}

function Channels({ title, channels, chosen }: ChannelsProps) {
  const { client, place, state, marks } = useShow();
  return (
    <section aria-label={title}>
      <h2 className="sidebar-title">{title}</h2>
      <ul>
        {channels.map((channel) => {
          const { id, name, isMember, isPrivate, isIm } = channel;
          const isOpen = !place.isHome && id === place.channel;
          const isRead = state.stage.kind === 'export' || isOpen;
          const waits = isRead ? null : waitingIn(marks, state.me.id, channel);
          const kind = isIm ? '' : isPrivate ? ', private' : '';
          const news = waits === null ? '' : waits === 'direct' && !isIm ? ', unread, names you' : ', unread';
          return (
            <li key={id}>
              <button
                type="button"
                className={`entry ${waits !== null ? 'entry-new' : ''} ${isMember ? '' : 'entry-out'}`}
                aria-current={isOpen ? 'page' : undefined}
                aria-label={`${name}${kind}${news}`}
                onClick={() => {
                  client.go({ channel: id });
                  chosen();
                }}
              >
                <ChannelSign channel={channel} />
                <span className="entry-name">{name}</span>
                {waits !== null && <span className={waits === 'direct' ? 'dot dot-strong' : 'dot'} />}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
