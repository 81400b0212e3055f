/** Reads `/metrics` as Prometheus does: strictly, so that a line it would not take fails here. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly help: string;
  readonly type: string;
  readonly samples: Sample[];
}

export class Scrape {
  readonly text: string;
  /** By the name that HELP and TYPE have. */
  readonly families = new Map<string, Family>();

  constructor(text: string) {
    this.text = text;
    for (const line of text.split('\n')) if (line !== '') this.#read(line);
  }

  get samples(): readonly Sample[] {
    return [...this.families.values()].flatMap(({ samples }) => samples);
  }

  /** The value of the one series with these labels (others may be there too); undefined if there is none. */
  find(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const found = this.samples.filter(
      (sample) =>
        sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    );
    if (found.length > 1) throw new Error(`${name} ${JSON.stringify(labels)} names ${found.length} series`);
    return found[0]?.value;
  }

  /** The same for one that has to be there, and 0 for a counter's series that has not begun. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number {
    const value = this.find(name, labels);
    if (value !== undefined) return value;
    const family = this.families.get(name) ?? this.families.get(name.replace(/_(count|sum|bucket)$/, ''));
    if (family?.type === 'counter' || family?.type === 'histogram') return 0;
    throw new Error(`there is no ${name} ${JSON.stringify(labels)}`);
  }

  #read(line: string): void {
    const comment = /^# (HELP|TYPE) ([a-z_]+) (.+)$/.exec(line);
    if (comment !== null) return this.#describe(comment[1] ?? '', comment[2] ?? '', comment[3] ?? '');
    const sample = /^([a-z_]+)(?:\{(.*)\})? (-?[0-9.e+-]+)$/.exec(line);
    if (sample === null) throw new Error(`Prometheus would not take: ${line}`);
    const [, name = '', inBraces = '', value = ''] = sample;
    const family = [...this.families].at(-1);
    const isOwn = family?.[1].type === 'histogram' ? name.replace(/_(count|sum|bucket)$/, '') : name;
    if (family === undefined || isOwn !== family[0]) throw new Error(`not where it belongs: ${line}`);
    const labels = Object.fromEntries(
      [...inBraces.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"(?:,|$)/g)].map((match) => [match[1], match[2]]),
    ) as Record<string, string>;
    if (family[1].samples.some((one) => one.name === name && same(one.labels, labels)))
      throw new Error(`twice: ${line}`);
    family[1].samples.push({ name, labels, value: Number(value) });
  }

  #describe(what: string, name: string, text: string): void {
    if (what === 'HELP') {
      if (this.families.has(name)) throw new Error(`described twice: ${name}`);
      this.families.set(name, { help: text, type: '', samples: [] });
      return;
    }
    const family = this.families.get(name);
    if (family === undefined) throw new Error(`a type without a help: ${name}`);
    this.families.set(name, { ...family, type: text });
  }
}

function same(a: Sample['labels'], b: Sample['labels']): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** One scrape of the daemon that listens there. */
export async function scrape(port: number | undefined): Promise<Scrape> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  if (response.status !== 200) throw new Error(`/metrics says ${response.status}`);
  return new Scrape(await response.text());
}
