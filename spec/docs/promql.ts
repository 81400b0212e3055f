/** Reads PromQL by Prometheus's own grammar. */
import { parser } from '@prometheus-io/lezer-promql';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

export interface Selector {
  readonly name: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
  /** What it stands in, from the inside out: `max`, `rate`, `[]` for a range. */
  readonly within: readonly string[];
}

export interface Expression {
  readonly selectors: readonly Selector[];
  /** Labels by which is grouped or joined. */
  readonly grouped: readonly string[];
}

/** Throws where Prometheus would not take it. */
export function readPromql(text: string): Expression {
  const selectors: Selector[] = [];
  const grouped: string[] = [];
  const textOf = (node: SyntaxNode | null): string => (node === null ? '' : text.slice(node.from, node.to));
  parser.parse(text).iterate({
    enter: ({ type, node }) => {
      if (type.isError) throw new Error(`no PromQL at ${node.from}: ${text}`);
      if (type.name === 'LabelName' && node.parent?.name === 'GroupingLabels') grouped.push(textOf(node));
      if (type.name !== 'VectorSelector') return;
      const matchers = (node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []).map(
        (one) => ({
          label: textOf(one.getChild('LabelName')),
          operator: textOf(one.getChild('MatchOp')),
          value: textOf(one.getChild('StringLiteral')).slice(1, -1),
        }),
      );
      selectors.push({ name: textOf(node.getChild('Identifier')), matchers, within: around(node, textOf) });
    },
  });
  return { selectors, grouped };
}

function around(node: SyntaxNode, textOf: (node: SyntaxNode | null) => string): readonly string[] {
  const found: string[] = [];
  for (let outer = node.parent; outer !== null; outer = outer.parent) {
    if (outer.name === 'AggregateExpr') found.push(textOf(outer.getChild('AggregateOp')));
    else if (outer.name === 'FunctionCall') found.push(textOf(outer.getChild('FunctionIdentifier')));
    else if (outer.name === 'MatrixSelector' || outer.name === 'SubqueryExpr') found.push('[]');
  }
  return found;
}
