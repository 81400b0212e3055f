/** An answer to what somebody typed or pressed. */
import type { AnswerEffect } from '../../domain/effects.ts';
import type { OutboxRow } from '../../store/outbox.ts';
import { renderAnswer } from '../render/answer.ts';
import { answerContext } from './context.ts';
import { DROP, dmWith, type Plan, type RelayParts } from './parts.ts';

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
      const content = renderAnswer(answer, ctx);
      return { kind: 'once', send: () => slack.respond(to.url, { ...content, replacesOriginal: true }) };
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
