/** Answers of the Web API that are not what they should be. */
import fc from 'fast-check';
import { slips, withSlips } from './near-misses.ts';

/** From none of these can anybody tell whether the call was done. */
export const UNREADABLE: readonly string[] = [
  '',
  'ok',
  'Forbidden',
  'upstream connect error',
  'null',
  '5',
  '"ok"',
  '[]',
  '[{"ok":true,"ts":"1700000000.000100"}]',
  '{}',
  '{"ok":false}',
  '{"ok":null,"ts":"1700000000.000100"}',
  '{"ok":true}',
  '{"ok":true,"ts":5,"channel":{}}',
  '{"ok":true,"ts":"soon","messages":{},"members":"U1","channels":null}',
  '{"ok":true,"ts":"","messages":[5]}',
  '{"ok":"true","message":{"ts":"1700000000.000100"},"messages":[{"ts":7}]}',
  '{"ok":true,"__proto__":{"ts":"1700000000.000100"}}',
  '{"ok":true,"response_metadata":7}',
  '{"ok":true,"response_metadata":{"warnings":{},"messages":7,"next_cursor":[]}}',
  '{"ok":false,"error":{"toString":null}}',
  '{"ok":false,"error":"<html>down</html>"}',
  '{"ok":false,"error":"internal_error","response_metadata":{"messages":{}}}',
  '{"ok":true,"ts":"1700000000.0001',
  '<!DOCTYPE html><html><body>Slack is down for maintenance</body></html>',
  `{"ok":true,"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  `{"ok":true,"x":"${'x'.repeat(5_000_000)}"}`,
  `{"ok":false,"error":"${'x'.repeat(1_000_000)}"}`,
];

/** Slack says no, in words that it may or may not have. */
const REFUSALS: readonly string[] = [
  'fatal_error',
  'ratelimited',
  'channel_not_found',
  'user_not_found',
  'invalid_arguments',
  'a_word_of_the_future',
  '__proto__',
  'constructor',
].map((error) =>
  JSON.stringify({ ok: false, error, response_metadata: { messages: ['[ERROR] no', 7, null] } }),
);

/** Anything instead of this answer: the answer itself with slips in it, any JSON, or what is no JSON at all. */
export function insteadOf(answer: unknown): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: slips.map((made) => withSlips(answer, made)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.constantFrom(...UNREADABLE, ...REFUSALS) },
  );
}
