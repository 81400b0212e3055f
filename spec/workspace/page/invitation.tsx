/** What Slack tells whoever has written to an app where it is not, and nobody else. */
import type { ChannelSeen } from '../face/wire.ts';
import { EyeIcon } from './icons.tsx';
import { useShow } from './show.tsx';

interface InvitationProps {
  readonly channel: ChannelSeen;
  readonly thread: string | null;
  /** Leads back to the writing: the button that was pressed goes, and the focus must not go with it. */
  readonly goOn: () => void;
}

export function Invitation({ channel, thread, goOn }: InvitationProps) {
  const { client, state, unheard } = useShow();
  const isHere = (each: (typeof unheard)[number]): boolean =>
    each.as === state.me.id && each.channel === channel.id && each.thread === thread;
  if (!unheard.some(isHere)) return null;
  const invite = (): void => {
    goOn();
    void client.do({ do: 'invite', channel: channel.id });
  };
  const leave = (): void => {
    goOn();
    client.heard(isHere);
  };
  return (
    <div className="invitation" role="status">
      <p className="whisper-note">
        <EyeIcon /> Only visible to you
      </p>
      <p>You mentioned @TrIAge, but it is not in #{channel.name} and has not heard of it.</p>
      <p className="invitation-foot">
        <button type="button" className="button button-primary" onClick={invite}>
          Invite TrIAge
        </button>
        <button type="button" className="button" onClick={leave}>
          Not now
        </button>
      </p>
    </div>
  );
}
