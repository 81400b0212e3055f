/** The middle: a channel or direct message. */
import type { ReactNode } from 'react';
import type { ChannelSeen } from '../face/wire.ts';
import { Avatar } from './avatar.tsx';
import { BackButton } from './back-button.tsx';
import { Composer } from './composer.tsx';
import { HashIcon, LockIcon } from './icons.tsx';
import { MessageList } from './message-list.tsx';
import { type Question, useShow } from './show.tsx';

export function Conversation({ back }: { readonly back: () => void }) {
  const { state, open } = useShow();
  const channel = state.channels.find(({ id }) => id === open?.channel);
  if (open === null || channel === undefined) {
    return (
      <main className="pane main" aria-busy="true" aria-label="Messages">
        <p className="loading">Loading…</p>
      </main>
    );
  }
  const name = channel.isIm ? channel.name : `#${channel.name}`;
  return (
    <main className="pane main" aria-label={name}>
      {state.stage.kind !== 'export' && (
        <button type="button" className="button skip" onClick={toComposer}>
          Skip to the message box
        </button>
      )}
      <header className="pane-head">
        <BackButton back={back} />
        <ChannelSign channel={channel} />
        <h1 className="pane-title">{channel.name}</h1>
        <span className="pane-about">{about(channel)}</span>
        <LeaveButton channel={channel} />
      </header>
      <MessageList
        key={`${state.me.id} ${channel.id}`}
        seen={open}
        where="open"
        label={`Messages in ${name}`}
        empty={<Beginning channel={channel} />}
      />
      <Composer channel={channel} thread={null} />
    </main>
  );
}

/** A responder who leaves the triage channel is one no longer: what that does is worth a look. */
function LeaveButton({ channel }: { readonly channel: ChannelSeen }) {
  const { state, client, confirm } = useShow();
  if (channel.isIm || !channel.isMember || state.stage.kind === 'export') return null;
  const leave = async (): Promise<void> => {
    const isSure = !channel.isPrivate || (await confirm(beforeLeaving(channel.name, state.me.realName)));
    if (isSure) await client.do({ do: 'leave', channel: channel.id });
  };
  return (
    <button
      type="button"
      className="button"
      aria-label={`Leave #${channel.name}`}
      onClick={() => void leave()}
    >
      Leave
    </button>
  );
}

function beforeLeaving(channel: string, who: string): Question {
  return {
    title: `Leave #${channel}?`,
    text: `It is private: ${who} does not see it any more, and cannot come back in this show.`,
    confirm: 'Leave',
    deny: 'Stay here',
    isDangerous: true,
  };
}

/** Or to what stands in its place where one has not joined. */
function toComposer(): void {
  document.querySelector<HTMLElement>('.main :is(.composer-text, .composer-off button)')?.focus();
}

export function ChannelSign({ channel }: { readonly channel: ChannelSeen }): ReactNode {
  if (channel.isIm) return <Avatar id={channel.id} name={channel.name} isBot isSmall />;
  return channel.isPrivate ? <LockIcon /> : <HashIcon />;
}

function about({ isIm, isPrivate, members, topic }: ChannelSeen): string {
  if (isIm) return 'Direct message with the app';
  const who = `${members} ${members === 1 ? 'member' : 'members'}`;
  return [isPrivate ? 'Private' : '', who, topic].filter((part) => part !== '').join(' · ');
}

function Beginning({ channel }: { readonly channel: ChannelSeen }) {
  const { state } = useShow();
  if (channel.isIm) {
    return (
      <div className="beginning">
        <h2>Your direct messages with {channel.name}</h2>
        <p>Whatever you write here becomes a request, unless it is a command such as “status” or “help”.</p>
      </div>
    );
  }
  return (
    <div className="beginning">
      <h2>
        {channel.isPrivate ? '🔒 ' : '#'}
        {channel.name}
      </h2>
      <p>
        {channel.isPrivate
          ? `Only its ${channel.members} members see what is here.`
          : `This is the beginning of the channel, as ${state.me.realName} sees it.`}
      </p>
    </div>
  );
}
