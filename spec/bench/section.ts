/** What the bench is made of: sections that measure, rows that judge, figures that are shown as they are. */
import type { Bench } from './bench.ts';
import { type Figures, median, spread } from './stats.ts';

/** One line of the table of the issue: computed within each round, then the median of the rounds. */
export interface Row {
  readonly quantity: string;
  readonly of: (round: Figures) => number;
  /** Undefined: nothing to be reached, it is only told. */
  readonly goal?: { readonly better: 'lower' | 'higher'; readonly reach: number; readonly aim: number };
  /** Written after the number, such as ` ms`. */
  readonly unit?: string;
}

export interface Section {
  /** For `--only`. */
  readonly key: string;
  readonly rows: readonly Row[];
  /** Made once a run; `round` is called once a round and `close` at the end. */
  readonly open: (bench: Bench) => Promise<{ round(): Promise<Figures>; close(): Promise<void> }>;
}

export type Verdict = 'aim' | 'reach' | 'short' | '';

export interface Judged {
  readonly quantity: string;
  readonly measured: number;
  readonly least: number;
  readonly most: number;
  readonly reach: string;
  readonly aim: string;
  readonly unit: string;
  readonly verdict: Verdict;
}

export function judge({ quantity, of, goal, unit = '' }: Row, rounds: readonly Figures[]): Judged {
  const { median: measured, least, most } = spread(rounds.map(of));
  const shown = (value: number | undefined): string => (value === undefined ? '' : `${value}${unit}`);
  return {
    quantity,
    measured,
    least,
    most,
    unit,
    reach: shown(goal?.reach),
    aim: shown(goal?.aim),
    verdict: goal === undefined ? '' : verdict(measured, goal),
  };
}

function verdict(measured: number, { better, reach, aim }: NonNullable<Row['goal']>): Verdict {
  const gets = (goal: number): boolean => (better === 'lower' ? measured <= goal : measured >= goal);
  if (gets(aim)) return 'aim';
  return gets(reach) ? 'reach' : 'short';
}

/** Each figure's median, least and most over the rounds, in the order in which they were measured. */
export function medians(rounds: readonly Figures[]): readonly {
  readonly name: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
}[] {
  const names = [...new Set(rounds.flatMap((round) => Object.keys(round)))];
  return names.map((name) => {
    const values = rounds.flatMap((round) => round[name] ?? []);
    return { name, ...spread(values), median: median(values) };
  });
}
