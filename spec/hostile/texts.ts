/** Texts that people can write into Slack, from plain to hostile. */
import fc from 'fast-check';

/** What rings, links, formats, breaks lines or counts more than it shows. */
const PIECES: readonly string[] = [
  '<!here>',
  '<!channel|channel>',
  '<!everyone>',
  '<!subteam^S1|@admins>',
  '<!date^0^{ago}|ago>',
  '<!date^0^{ago}^https://evil.example|ago>',
  '<@UZOE>',
  '<@U1|<!here>>',
  '<#C1|general>',
  '<https://evil.example|Reset your password>',
  '<https://a.example',
  '<',
  '>',
  '&lt;!here&gt;',
  '&amp;lt;!here&amp;gt;',
  '&#60;!here&#62;',
  '@here',
  '@channel',
  '#general',
  'https://evil.example/?a=b&c',
  'a@b.example',
  '*b*',
  '_i_',
  '~s~',
  '`c`',
  '```x```',
  '\n> q\n',
  '\n&gt; q',
  '\n• ',
  ':tada:',
  ':lock:',
  '🔒',
  '🔴',
  '👩‍👩‍👧‍👦',
  '🇪🇸',
  'e\u0301\u0301\u0301',
  '\u202eturned',
  '\u2066in\u2069',
  '\u200b\u200d\u2060\ufeff',
  '\u3164',
  'مرحبا',
  '𠜎',
  '\u{10ffff}',
  '\uE000',
  '\r\n',
  '\u2028',
  '\u0085',
  '\t',
  '  ',
  '\u00a0',
  '\0',
  '\u0007\u001b[31m',
  '\ud800',
  '\\u0000',
  '|',
  '^',
  '"',
  '\\',
  '%s',
  '{{x}}',
  '#17',
  'it: ',
];

const short = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 12 })), {
    maxLength: 10,
  })
  .map((parts) => parts.join(''));

/** All white space or invisible: nothing is there to read. */
const blank = fc
  .array(fc.constantFrom(' ', '\n', '\t', '\u00a0', '\u200b', '\u2028', '\u3164', '\u2060'), { minLength: 1 })
  .map((parts) => parts.join(''));

const long = fc.tuple(short, fc.constantFrom(150, 3000, 12_000, 40_000)).map(([part, length]) =>
  (part === '' ? 'ab ' : part)
    .repeat(length)
    .slice(0, length)
    // A cut through a surrogate pair is what a person cannot write.
    .toWellFormed(),
);

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: short },
  { weight: 1, arbitrary: blank },
  { weight: 2, arbitrary: long },
);

/** The longest that Slack takes, in one sign or pattern each: where an expression may take its time. */
const ENDLESS: readonly string[] = [
  ...PIECES,
  ' ',
  '\n',
  '\n ',
  ' \n',
  '\u2028',
  '\u200b',
  '<@',
  '<@U1|',
  '<@UBOT> ',
  '<!date^1^',
  'a',
  'a ',
  'a.',
  '1',
  '#1 ',
  'not ',
  'not-',
  'help ',
  'hold #1 until ',
  'in 2 ',
  'friday ',
  '-',
  '.',
  ',',
  ':a',
];

/** Texts of `length` units, each of one piece after and before something else. */
export function endlessTexts(length: number): readonly string[] {
  const around: readonly (readonly [string, string])[] = [
    ['', ''],
    ['resolve #1 ', '.'],
    ['hold #1 until ', ' x'],
    ['<@UBOT>', '<@UBOT>'],
  ];
  return ENDLESS.flatMap((piece) =>
    around.map(([before, after]) => before + piece.repeat(Math.ceil(length / piece.length)) + after),
  );
}
