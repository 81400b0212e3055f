/** What Slack refuses at present, for health: it is tried again, but somebody has to act. */
export interface Problems {
  /** The channel takes none of our messages. */
  refused(channel: string, code: string): void;
  tokenRefused(code: string): void;
  /** Slack took something in this channel. */
  solved(channel: string): void;
  readonly channels: ReadonlyMap<string, string>;
  token(): string | null;
}

export function createProblems(): Problems {
  const channels = new Map<string, string>();
  let token: string | null = null;
  return {
    channels,
    token: () => token,
    refused: (channel, code) => {
      channels.set(channel, code);
    },
    tokenRefused: (code) => {
      token = code;
    },
    solved: (channel) => {
      channels.delete(channel);
      token = null;
    },
  };
}
