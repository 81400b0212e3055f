/** The port to Slack's Web API. */
import { WebClient } from '@slack/web-api';
import type { Logger } from '../logger.ts';
import { type CallObserver, call, type Web } from './calls.ts';
import { outcomeOf, UnknownOutcome } from './errors.ts';
import { asRecord, id, timestamp } from './json.ts';
import type { MessageContent, SlackClient, TokenState } from './port.ts';
import { createReading, POST_EVENT, tokenTest } from './reading.ts';
import { respond } from './respond.ts';
import { createSdkLogger } from './sdk-logger.ts';

export type { SlackClient } from './port.ts';

/** A trigger is good for 3 s; an answer after that helps nobody. */
const INTERACTIVE_TIMEOUT_MS = 2500;
/** Also the deadline of an attempt whose outcome stays unknown. */
export const POSTING_TIMEOUT_MS = 10_000;
const READING_TIMEOUT_MS = 10_000;

export interface SlackClientOptions {
  readonly botToken: string;
  /** `https://slack.com/api/`, or a server of one's own. */
  readonly apiUrl: string;
  readonly logger: Logger;
  readonly called?: CallObserver;
}

/**
 * One WebClient for each kind of call: a 429 makes the SDK hold back every method of that client, and a modal
 * cannot wait behind a post. Nothing is retried here; whoever calls has a queue and knows what may be repeated.
 */
export function createSlackClient(options: SlackClientOptions): SlackClient {
  const { apiUrl } = options;
  const interactive = createWebClient(options, INTERACTIVE_TIMEOUT_MS);
  const posting = createWebClient(options, POSTING_TIMEOUT_MS);
  const reading = createWebClient(options, READING_TIMEOUT_MS);

  return {
    ...createReading(reading),

    async post({ channel, threadTs, broadcast, key, ...content }) {
      const answer = await call(posting, 'write', 'chat.postMessage', {
        channel,
        ...contentArgs(content),
        ...(threadTs === undefined || threadTs === null ? {} : { thread_ts: threadTs }),
        ...(broadcast === true ? { reply_broadcast: true } : {}),
        ...(key === undefined ? {} : { metadata: { event_type: POST_EVENT, event_payload: { key } } }),
        unfurl_links: false,
        unfurl_media: false,
      });
      const ts = timestamp(answer.ts);
      if (ts === null) throw new UnknownOutcome('chat.postMessage: the answer names no message');
      return { channel: id(answer.channel) ?? channel, ts };
    },

    async update({ channel, ts }, content) {
      await call(posting, 'write', 'chat.update', { channel, ts, ...contentArgs(content) });
    },

    async remove({ channel, ts }) {
      await call(posting, 'write', 'chat.delete', { channel, ts });
    },

    async postEphemeral({ channel, user, threadTs, ...content }) {
      await call(posting, 'write', 'chat.postEphemeral', {
        channel,
        user,
        ...contentArgs(content),
        ...(threadTs === undefined || threadTs === null ? {} : { thread_ts: threadTs }),
      });
    },

    async respond(url, body) {
      try {
        await respond(url, body, { apiUrl, timeoutMs: POSTING_TIMEOUT_MS });
        posting.called('response_url', 'ok');
      } catch (error) {
        posting.called('response_url', outcomeOf(error));
        throw error;
      }
    },

    async openView(triggerId, view) {
      const answer = await call(interactive, 'write', 'views.open', { trigger_id: triggerId, view });
      const viewId = id(asRecord(answer.view).id);
      if (viewId === null) throw new UnknownOutcome('views.open: the answer names no view');
      return viewId;
    },

    async updateView(viewId, view) {
      await call(interactive, 'write', 'views.update', { view_id: viewId, view });
    },

    async openDm(user) {
      const answer = await call(posting, 'write', 'conversations.open', { users: user });
      const channel = id(asRecord(answer.channel).id);
      if (channel === null) throw new UnknownOutcome('conversations.open: the answer names no channel');
      return channel;
    },
  };
}

export interface AppTokenOptions {
  readonly appToken: string;
  readonly apiUrl: string;
  readonly logger: Logger;
}

/** Asks Slack what an app-level token is, without opening a connection with it. */
export function createAppTokenTest({ appToken, apiUrl, logger }: AppTokenOptions): () => Promise<TokenState> {
  const web = createWebClient({ botToken: appToken, apiUrl, logger }, READING_TIMEOUT_MS);
  return () => tokenTest(web);
}

function createWebClient({ botToken, apiUrl, logger, called }: SlackClientOptions, timeout: number): Web {
  const client = new WebClient(botToken, {
    slackApiUrl: apiUrl,
    timeout,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: createSdkLogger(logger),
  });
  return { client, called: called ?? (() => {}) };
}

function contentArgs({ text, blocks }: MessageContent): Record<string, unknown> {
  return { text, blocks };
}
