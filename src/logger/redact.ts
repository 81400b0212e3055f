/**
 * What must never reach the log, wherever it hides in a text: Slack tokens, socket tickets, passwords in URLs,
 * authorization headers and response URLs (whoever holds one may post). It rather cuts too much than too little.
 */

export const REDACTED = '[redacted]';

const RULES: readonly (readonly [RegExp, string])[] = [
  // xoxb-, xoxp-, xoxe-, xapp-: the kind of token stays, since the wrong kind is a common mistake.
  [/(xox[a-z]{1,2}|xapp)-[\w.-]+/gi, `$1-${REDACTED}`],
  [/(hooks\.slack(?:-gov)?\.com\/)[^\s"'<>]+/gi, `$1${REDACTED}`],
  // scheme://user:password@host, up to the last @ of the word: passwords with an unescaped @ or / exist.
  [/(\b[a-z][a-z\d+.-]*:\/\/[^\s:/?#@"']*):[^\s"']*@/gi, `$1:${REDACTED}@`],
  [/([?&](?:ticket|token|password|secret|code|sig|signature)=)[^\s&"'#]+/gi, `$1${REDACTED}`],
  [/\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)(?:(?:bearer|basic)\s+)?[^\s"',}]+/gi, `$1${REDACTED}`],
  [/\b(bearer\s+)[\w.~+/=-]{8,}/gi, `$1${REDACTED}`],
  [/\b((?:response_url|ticket|password)["']?\s*[:=]\s*["']?)[^\s"',}&]+/gi, `$1${REDACTED}`],
];

/** The text with every secret in it replaced by `[redacted]`. */
export function redactText(text: string): string {
  return RULES.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);
}

/** Whole values that are secret by their name, with or without dashes and underscores. */
const SECRET_NAMES =
  /^(proxy)?authorization$|^(set)?cookie$|token$|password$|passwd$|secret$|^ticket$|^responseurl$|apikey$/;

/** Whether a property or header of this name holds a secret, whatever it looks like. */
export function isSecretName(name: string): boolean {
  return SECRET_NAMES.test(name.toLowerCase().replaceAll(/[-_]/g, ''));
}
