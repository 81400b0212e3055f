/** YAML as plain nodes that know their line, with aliases followed and keys unique. */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { type ProblemList, quote } from './problems.ts';

export interface ScalarTree {
  readonly kind: 'scalar';
  readonly line: number;
  readonly value: unknown;
  /** As written, without quotes. */
  readonly text: string;
}

export interface ListTree {
  readonly kind: 'list';
  readonly line: number;
  readonly items: readonly Tree[];
}

export interface MapTree {
  readonly kind: 'map';
  readonly line: number;
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly key: string;
  readonly line: number;
  readonly value: Tree;
}

export type Tree = ScalarTree | ListTree | MapTree;

/** Mistakes that leave the rest of the file as it was meant, so that the rest can still be checked. */
const HARMLESS: ReadonlySet<string> = new Set(['BAD_SCALAR_START', 'TAG_RESOLVE_FAILED']);

/**
 * The file's tree. Mistakes of syntax go to `problems`, one a line; null when they leave nothing that is worth
 * checking further. An empty file is an empty scalar.
 */
export function parseYaml(text: string, problems: ProblemList): Tree | null {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  const seen = new Set<number>();
  let isBroken = false;
  for (const mistake of [...document.errors, ...document.warnings]) {
    const line = lineAt(mistake.pos[0]);
    isBroken ||= !HARMLESS.has(mistake.code);
    // The parser says several things about one slip; the first is the one to mend.
    if (seen.has(line)) continue;
    seen.add(line);
    const advice = mistake.code === 'BAD_SCALAR_START' ? ': put it in quotes' : '';
    problems.add(line, `not valid YAML: ${mistake.message.replaceAll(/\s+/g, ' ')}${advice}`);
  }
  if (isBroken) return null;
  const builder = new TreeBuilder(document, lineAt, problems);
  const tree = builder.build(document.contents, 1);
  return builder.hasBadAlias ? null : tree;
}

class TreeBuilder {
  readonly #document: Document;
  readonly #lineAt: (offset: number) => number;
  readonly #problems: ProblemList;
  /** Each node once: aliases of aliases would multiply without end. Null while the node is being built. */
  readonly #built = new Map<unknown, Tree | null>();
  hasBadAlias = false;

  constructor(document: Document, lineAt: (offset: number) => number, problems: ProblemList) {
    this.#document = document;
    this.#lineAt = lineAt;
    this.#problems = problems;
  }

  /** `line` is where the node would be if it is absent (`key:` without a value). */
  build(node: unknown, line: number): Tree {
    // A key without a value may have no node of its own.
    if (node === null || node === undefined) return { kind: 'scalar', line, value: null, text: '' };
    const known = this.#built.get(node);
    if (known) return known;
    this.#built.set(node, null);
    const tree = this.#convert(node, line);
    this.#built.set(node, tree);
    return tree;
  }

  #convert(node: unknown, fallback: number): Tree {
    const line = this.#lineOf(node, fallback);
    if (isAlias(node)) {
      const target = node.resolve(this.#document);
      if (target !== undefined && this.#built.get(target) !== null) return this.build(target, line);
      this.#problems.add(
        line,
        `*${node.source} ${target === undefined ? 'has no &anchor before it' : 'contains itself'}`,
      );
      this.hasBadAlias = true;
      return { kind: 'scalar', line, value: `*${node.source}`, text: `*${node.source}` };
    }
    if (isSeq(node)) return { kind: 'list', line, items: node.items.map((item) => this.build(item, line)) };
    if (isMap(node)) {
      const entries = node.items.map(({ key, value }): MapEntry => {
        const keyLine = this.#lineOf(key, line);
        return { key: this.#keyText(key), line: keyLine, value: this.build(value, keyLine) };
      });
      return { kind: 'map', line, entries: this.#unique(entries) };
    }
    const value = isScalar(node) ? node.value : null;
    const source = isScalar(node) && typeof value !== 'string' ? node.source : undefined;
    return { kind: 'scalar', line, value, text: source ?? String(value) };
  }

  #keyText(key: unknown): string {
    return isScalar(key) ? String(key.value) : '?';
  }

  #lineOf(node: unknown, fallback: number): number {
    if (!(isScalar(node) || isMap(node) || isSeq(node) || isAlias(node))) return fallback;
    return node.range ? this.#lineAt(node.range[0]) : fallback;
  }

  #unique(entries: readonly MapEntry[]): readonly MapEntry[] {
    const first = new Map<string, MapEntry>();
    for (const entry of entries) {
      const before = first.get(entry.key);
      if (before === undefined) first.set(entry.key, entry);
      else
        this.#problems.add(entry.line, `${quote(entry.key)} is given twice (first at line ${before.line})`);
    }
    return [...first.values()];
  }
}
