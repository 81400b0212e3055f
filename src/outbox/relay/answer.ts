/** An answer to what somebody typed or pressed. */
import type { AnswerEffect } from '../../domain/effects.ts';
import { wordsPressed } from '../../slack/words-pressed.ts';
import { readEventBody } from '../../store/inbox.ts';
import type { OutboxRow } from '../../store/outbox.ts';
import { renderAnswer } from '../render/answer.ts';
import { answerContext } from './context.ts';
import { DROP, dmWith, NOTHING_FOLLOWS, nothing, type Plan, type RelayParts } from './parts.ts';

/** Ephemeral ones are tried once: nobody can tell whether they were seen, and nobody should see them twice. */
export async function planAnswer(parts: RelayParts, row: OutboxRow, effect: AnswerEffect): Promise<Plan> {
  const { slack } = parts;
  const { to, answer } = effect;
  const ctx = await answerContext(parts, effect);
  switch (to.kind) {
    case 'response_url': {
      const content = renderAnswer(answer, ctx);
      return { kind: 'once', send: () => slack.respond(to.url, content) };
    }
    case 'in_place': {
      const { channel, ts } = to;
      const words = wordsPressed(await readEventBody(parts.pool, to.eventId));
      // The message goes, too.
      if (words === null) return nothing('its words are no longer kept');
      const { text, blocks } = renderAnswer(answer, ctx);
      const content = { text: `${words.text} ${text}`, blocks: [...words.blocks, ...blocks] };
      return { kind: 'edit', place: { channel, ts }, content, whenGone: NOTHING_FOLLOWS };
    }
    case 'ephemeral': {
      const { channel, user, threadTs } = to;
      const content = renderAnswer(answer, ctx);
      return { kind: 'once', send: () => slack.postEphemeral({ channel, user, threadTs, ...content }) };
    }
    case 'dm': {
      const channel = to.channel ?? (await dmWith(parts, to.user));
      const content = renderAnswer(answer, ctx, row.key);
      return {
        kind: 'post',
        to: { channel, threadTs: to.threadTs, broadcast: false },
        content,
        whenRefused: DROP,
      };
    }
  }
}
