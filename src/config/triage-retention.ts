/** How long text is kept. */
import { parseDuration } from '../domain/duration.ts';
import { quote } from './problems.ts';
import type { Field, Reader } from './read-tree.ts';
import { DEFAULT_RETENTION } from './triage-defaults.ts';
import type { RetentionSpec } from './triage-spec.ts';

/** Slack tells of an event again for up to 24 h; until then its row has to answer for it, with a day to spare. */
const LEAST_INBOX = '2d';

/** `{ inbox: 3d, closed_text: 365d }`, each with its default. */
export function readRetention(reader: Reader, field: Field | undefined): RetentionSpec {
  const fields =
    field && reader.map(field, { owner: 'retention', keys: ['inbox', 'closed_text'] }, 'retention.');
  const inbox = fields?.get('inbox');
  const closedText = fields?.get('closed_text');
  const inboxMs = inbox ? readInbox(reader, inbox) : DEFAULT_RETENTION.inboxMs;
  const closedTextMs = closedText ? reader.durationMs(closedText) : DEFAULT_RETENTION.closedTextMs;
  if (inboxMs === null || closedTextMs === null) return DEFAULT_RETENTION;
  // What Slack told of a request must not outlive the request's own text.
  const culprit = closedText ?? inbox;
  if (culprit !== undefined && closedTextMs < inboxMs)
    reader.problems.add(
      culprit.line,
      'retention.closed_text must not be shorter than retention.inbox (3d where the file says none)',
    );
  return { inboxMs, closedTextMs };
}

function readInbox(reader: Reader, field: Field): number | null {
  const ms = reader.durationMs(field);
  if (ms === null || ms >= (parseDuration(LEAST_INBOX)?.ms ?? 0)) return ms;
  const written = field.value.kind === 'scalar' ? field.value.text : '';
  reader.problems.add(
    field.line,
    `retention.inbox must be at least ${LEAST_INBOX}, not ${quote(written)}: Slack tells of an event again for 24 h`,
  );
  return null;
}
