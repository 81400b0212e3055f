/** Names a text, so that a yes to one is never taken for a yes to a later one. */
import { createHash } from 'node:crypto';

/** @returns 16 characters; the same for the same text, for ever */
export function textMark(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
