/** Valid payloads with one to a few fields that are not what they should be. */
import fc from 'fast-check';

type Path = readonly string[];

/** What is done to one field; `replace` stands for every other kind of wrong. */
type Slip =
  | { readonly kind: 'delete' }
  | { readonly kind: 'replace'; readonly value: unknown }
  | { readonly kind: 'nest'; readonly depth: number; readonly inList: boolean }
  | { readonly kind: 'repeat'; readonly length: number }
  | { readonly kind: 'inherit'; readonly key: string; readonly value: unknown };

/** As long as an id may be, of characters that take the most room in a database, and so that nothing compresses it. */
export const WIDE = Array.from({ length: 255 }, (_, index) =>
  String.fromCharCode(0x4e00 + ((index * 7919) % 20_000)),
).join('');

/** JSON.stringify has room for some thousand levels; `nest` goes beyond them. */
const MOST_DEPTH = 100;

/** Of one text: repeated repetitions would fill the memory. */
const MOST_UNITS = 1_000_000;

/** Values that something has gone wrong with somewhere. */
const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.1,
  1e21,
  1e300,
  -1e300,
  2 ** 53,
  1_700_000_000.0001,
  '',
  ' ',
  '\n',
  '\0',
  'a\0b',
  '\ud800',
  'x\udfffy',
  '\u{10ffff}',
  '\u202e',
  WIDE,
  WIDE.slice(0, 120),
  'x'.repeat(256),
  'x'.repeat(100_000),
  '0.0',
  '99999999999.999999999',
  '100000000000.1',
  '1700000000',
  '-1.5',
  '1e9.1',
  'NaN',
  'U1',
  'C1',
  'D0',
  'C1:1.2',
  '../../etc',
  'https://evil.example/',
  'http://[',
  '<!channel>',
  '__proto__',
  'constructor',
  'toString',
  'true',
  '17',
  '-17',
  '1e3',
  '999999999999999',
  '99999999999999999999',
  [],
  {},
  [null],
  ['a', 'b'],
  [[]],
  { id: 'U1' },
  { length: 3 },
  { toString: 1, valueOf: null, toJSON: 'x' },
  JSON.parse('{"then":"x"}'),
];

const oddValue = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ODD) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

const slip: fc.Arbitrary<Slip> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'delete' } as const) },
  { weight: 6, arbitrary: oddValue.map((value) => ({ kind: 'replace', value }) as const) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('nest' as const),
      depth: fc.constantFrom(1, 2, 100, 20_000),
      inList: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('repeat' as const), length: fc.constantFrom(2, 500, 20_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('inherit' as const),
      key: fc.constantFrom('__proto__', 'constructor', 'prototype', 'toJSON'),
      value: oddValue,
    }),
  },
);

/** One to four slips, each at some field. */
export const slips: fc.Arbitrary<readonly (readonly [place: number, slip: Slip])[]> = fc.array(
  fc.tuple(fc.nat(10_000), slip),
  { minLength: 1, maxLength: 4 },
);

/** The payload with the slips in it, as the JSON text that it arrives as. */
export function withSlips(payload: unknown, made: readonly (readonly [number, Slip])[]): string {
  let text = JSON.stringify(payload);
  const isDeep = ([, each]: (typeof made)[number]): boolean =>
    each.kind === 'nest' && each.depth > MOST_DEPTH;
  // What is too deep for JSON.stringify can only come last, and once.
  for (const [place, each] of [...made.filter((one) => !isDeep(one)), ...made.filter(isDeep).slice(0, 1)]) {
    const tree: unknown = JSON.parse(text);
    const paths = pathsOf(tree);
    text = write(tree, paths[place % paths.length] ?? [], each);
  }
  return text;
}

/** The fields at every depth, the outermost first; no deeper than payloads are. */
function pathsOf(tree: unknown, at: Path = []): readonly Path[] {
  if (typeof tree !== 'object' || tree === null || at.length > 8) return [];
  const own = Object.keys(tree).slice(0, 60);
  return [
    ...own.map((key) => [...at, key]),
    ...own.flatMap((key) => pathsOf(Reflect.get(tree, key), [...at, key])),
  ];
}

/** Writes JSON with one field changed: by hand, since some of it no object literal can hold. */
function write(node: unknown, path: Path, slipped: Slip): string {
  const [key, ...rest] = path;
  if (key === undefined || typeof node !== 'object' || node === null) return JSON.stringify(node) ?? 'null';
  const isList = Array.isArray(node);
  const parts = Object.entries(node).flatMap(([name, value]): string[] => {
    const written =
      name !== key
        ? JSON.stringify(value)
        : rest.length > 0
          ? write(value, rest, slipped)
          : changed(value, slipped);
    return written === null ? [] : [isList ? written : `${JSON.stringify(name)}:${written}`];
  });
  return isList ? `[${parts.join(',')}]` : `{${parts.join(',')}}`;
}

/** Null: the field is gone. */
function changed(value: unknown, slipped: Slip): string | null {
  const text = JSON.stringify(value) ?? 'null';
  switch (slipped.kind) {
    case 'delete':
      return null;
    case 'replace':
      return JSON.stringify(slipped.value);
    case 'nest': {
      const [open, close] = slipped.inList ? ['[', ']'] : ['{"a":', '}'];
      return open.repeat(slipped.depth) + text + close.repeat(slipped.depth);
    }
    case 'repeat':
      return typeof value === 'string'
        ? JSON.stringify(value.repeat(Math.min(slipped.length, Math.ceil(MOST_UNITS / (value.length + 1)))))
        : `[${Array.from({ length: Math.min(slipped.length, 500) }, () => text).join(',')}]`;
    case 'inherit': {
      const odd = `"${slipped.key}":${JSON.stringify(slipped.value)}`;
      return text.startsWith('{') ? `{${odd}${text === '{}' ? '}' : `,${text.slice(1)}`}` : `{${odd}}`;
    }
  }
}
