import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { parseDocument } from 'yaml';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import type { Scrape } from '../support/scrape.ts';
import { waitFor } from '../support/wait-for.ts';
import { readPromql, type Selector } from './promql.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What promtool's `test rules` takes. */
interface RulesTest {
  readonly rule_files: readonly string[];
  readonly tests: readonly {
    readonly name: string;
    readonly input_series: readonly { readonly series: string }[];
    readonly alert_rule_test?: readonly {
      readonly alertname: string;
      readonly exp_alerts: readonly unknown[];
    }[];
  }[];
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly legendFormat: string;
  }[];
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: unknown;
}

const fileOf = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../docs/${path}`, import.meta.url)), 'utf8');

/** Prometheus adds these to what it scrapes. */
const OF_PROMETHEUS = ['instance', 'job'];
const UP = 'up';

const rulesText = fileOf('monitoring/triage.rules.yaml');
const yaml = parseDocument(rulesText, { strict: true, uniqueKeys: true });
const rules = (yaml.toJS() as { groups: { name: string; rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
const rulesTest = parseDocument(fileOf('monitoring/triage.rules.test.yaml')).toJS() as RulesTest;
const dashboard = JSON.parse(fileOf('monitoring/triage.dashboard.json')) as {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
};
const operating = fileOf('operating.md');

/** What Grafana puts in place of its variables. */
const filledIn = (expr: string): string =>
  expr.replaceAll('$__rate_interval', '1m').replaceAll('$queue', '.*');

const expressions = [
  ...rules.map(({ alert, expr }) => ({ where: alert, expr })),
  ...dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ where: title, expr: filledIn(expr) })),
  ),
];

/** The first cells of the rows of the tables under a heading, without their marks. */
function firstCells(heading: string): readonly string[] {
  const [, section = ''] = operating.split(`\n${heading}\n`);
  const end = section.search(/\n#{1,3} /);
  return [...section.slice(0, end === -1 ? undefined : end).matchAll(/^\| (`[^|]+`) \|/gm)].flatMap((match) =>
    [...(match[1] ?? '').matchAll(/`([^`{]+)[^`]*`/g)].map((name) => name[1] ?? ''),
  );
}

describe('docs/monitoring, against what /metrics of a running daemon says', function () {
  this.timeout(40_000);
  let running: RunningApp;
  let now: Scrape;

  before(async () => {
    running = await runningApp();
    const { slack, team } = running;
    // One of each outcome of a call.
    slack.failNext('chat.postMessage', { kind: 'rate_limited', retryAfter: 1 });
    slack.failNext('conversations.history', { kind: 'http', status: 503 });
    const ts = slack.say(team.lea, team.managers, 'A printer');
    slack.react(team.lea, { channel: team.managers.id, ts }, 'ticket');
    const card = await running.cardOf('A printer');
    slack.failNext('chat.update', { kind: 'http', status: 503 });
    await running.press(team.ana, card, 'Take it');
    now = await waitFor(async () => {
      const seen = await running.scrape();
      const outcomes = new Set(seen.samples.map(({ labels }) => labels['outcome']));
      return ['ok', 'rate_limited', 'failed', 'unknown'].every((each) => outcomes.has(each)) ? seen : null;
    }, 'all outcomes');
  });
  after(() => running.stop());

  const familyOf = (name: string) =>
    now.families.get(name) ?? now.families.get(name.replace(/_(bucket|sum|count)$/, ''));

  /** What of a selector finds nothing in the scrape. */
  function foundBy({ name, matchers }: Selector): readonly string[] {
    if (name === UP) return [];
    const samples = now.samples.filter((sample) => sample.name === name);
    if (samples.length === 0) return [`there is no ${name}`];
    return matchers
      .filter(({ label }) => !OF_PROMETHEUS.includes(label))
      .flatMap(({ label, operator, value }) => {
        const values = new Set(samples.map(({ labels }) => labels[label]));
        if (values.has(undefined)) return [`${name} has no label ${label}`];
        const wanted = operator === '=~' ? value.split('|') : [value];
        return wanted
          .filter((one) => one !== '.*' && !values.has(one))
          .map((one) => `${name} has no ${label}="${one}"`);
      });
  }

  it('every expression is PromQL that finds its metrics, labels and values', () => {
    expect(expressions.length).to.be.above(50);
    for (const { where, expr } of expressions) {
      const { selectors, grouped } = readPromql(expr);
      expect(selectors, where).to.not.have.length(0);
      expect(selectors.flatMap(foundBy), where).to.deep.equal([]);
      const labels = new Set([
        ...OF_PROMETHEUS,
        ...selectors.flatMap(({ name }) =>
          now.samples.filter((one) => one.name === name).flatMap((one) => Object.keys(one.labels)),
        ),
      ]);
      expect(
        grouped.filter((label) => !labels.has(label)),
        where,
      ).to.deep.equal([]);
    }
  });

  it('no expression adds up what every daemon tells alike', () => {
    const shared = [...now.families].filter(([, { help }]) => help.includes('take the max, not the sum'));
    expect(shared).to.have.length(8);
    const used = expressions.flatMap(({ where, expr }) =>
      readPromql(expr)
        .selectors.filter(({ name }) => shared.some(([each]) => each === name))
        .map(({ name, within }) => ({ where, name, first: within[0] })),
    );
    expect(used.filter(({ first }) => first !== 'max')).to.deep.equal([]);
    expect(new Set(used.map(({ name }) => name)).size).to.equal(8);
  });

  it('counters are asked for their increase, gauges for their value', () => {
    for (const { where, expr } of expressions)
      for (const { name, within } of readPromql(expr).selectors) {
        const isCounted = name !== UP && familyOf(name)?.type !== 'gauge';
        const isIncrease = within[0] === '[]' && ['rate', 'increase'].includes(within[1] ?? '');
        expect(isIncrease, `${where}: ${name}`).to.equal(isCounted);
      }
  });

  it('the rules are such as Prometheus takes, and each says how bad it is and what it means', () => {
    expect(yaml.errors).to.deep.equal([]);
    expect(new Set(rules.map(({ alert }) => alert)).size).to.equal(rules.length);
    for (const rule of rules) {
      expect(rule.alert).to.match(/^Triage[A-Za-z]+$/);
      const known = ['alert', 'expr', 'for', 'labels', 'annotations'];
      expect(
        Object.keys(rule).filter((key) => !known.includes(key)),
        rule.alert,
      ).to.deep.equal([]);
      if (rule.for !== undefined) expect(rule.for, rule.alert).to.match(/^\d+[smh]$/);
      expect(rule.labels, rule.alert).to.have.all.keys('severity');
      expect(rule.labels['severity'], rule.alert).to.be.oneOf(['critical', 'warning']);
      expect(rule.annotations, rule.alert).to.have.all.keys('summary', 'description');
    }
  });

  it('each alert is tested to keep quiet and to fire, on series such as there are', () => {
    const cases = rulesTest.tests.flatMap(({ alert_rule_test = [] }) => alert_rule_test);
    const named = (isFiring: boolean) =>
      new Set(
        cases
          .filter(({ exp_alerts }) => exp_alerts.length > 0 === isFiring)
          .map(({ alertname }) => alertname),
      );
    const alerts = rules.map(({ alert }) => alert);
    expect([...named(true)]).to.have.members(alerts);
    expect([...named(false)]).to.have.members(alerts);
    const series = rulesTest.tests.map(({ input_series }) =>
      input_series.flatMap((one) => readPromql(one.series).selectors),
    );
    expect(series.flat().flatMap(foundBy)).to.deep.equal([]);
    // The hour in which nothing fires has all that they look at.
    expect([...new Set(series[0]?.map(({ name }) => name))]).to.have.members([
      ...new Set(rules.flatMap(({ expr }) => readPromql(expr).selectors.map(({ name }) => name))),
    ]);
  });

  it('the dashboard’s panels have their place, a name and what they show', () => {
    const { panels, templating } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).to.equal(panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).to.equal(panels.length);
    const cells = new Set<string>();
    for (const { type, title, description, datasource, gridPos, targets } of panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(x, title).to.be.below(24);
          expect(cells.has(`${x} ${y}`), `${title} lies upon another`).to.equal(false);
          cells.add(`${x} ${y}`);
        }
      if (type === 'row') continue;
      expect(description, title).to.match(/\.$/);
      expect(datasource, title).to.deep.equal({ type: 'prometheus', uid: '${datasource}' });
      expect(targets, title).to.not.have.length(0);
    }
    expect(templating.list.map(({ name }) => name)).to.deep.equal(['datasource', 'queue']);
    expect(JSON.stringify(templating.list[1]?.query)).to.include('label_values(triage_requests, queue)');
    const variables = new Set(
      [...JSON.stringify(panels).matchAll(/\$\{?([a-z_]+)/g)].map((match) => match[1]),
    );
    expect([...variables]).to.have.members(['__rate_interval', 'datasource', 'queue']);
  });

  it('legends name labels that are there', () => {
    for (const { title, targets = [] } of dashboard.panels)
      for (const { expr, legendFormat } of targets) {
        const { selectors, grouped } = readPromql(filledIn(expr));
        const isGrouped = selectors.every(({ within }) =>
          within.some((one) => one === 'sum' || one === 'max' || one === 'min'),
        );
        for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
          expect(isGrouped ? grouped : OF_PROMETHEUS, `${title}: ${legendFormat}`).to.include(label);
      }
  });

  it('every metric is shown on the dashboard or has its alert', () => {
    const used = new Set(
      expressions.flatMap(({ expr }) => readPromql(expr).selectors.map(({ name }) => name)),
    );
    const names = [...now.families].flatMap(([name, { type }]) =>
      type === 'histogram' ? [`${name}_bucket`] : [name],
    );
    expect(names.filter((name) => !used.has(name))).to.deep.equal([]);
  });

  it('docs/operating.md names every metric and every alert, and no other', () => {
    expect(firstCells('### Metrics').toSorted()).to.deep.equal([...now.families.keys()].toSorted());
    expect(firstCells('### Alerts').toSorted()).to.deep.equal(rules.map(({ alert }) => alert).toSorted());
  });

  it('are held to something: what is wrong is found', () => {
    expect(() => readPromql('max(triage_ready')).to.throw('no PromQL');
    expect(() => readPromql('rate(triage_gaps_total[5])')).to.not.throw();
    const wrong = (expr: string): readonly string[] => readPromql(expr).selectors.flatMap(foundBy);
    expect(wrong('max(triage_redy)')).to.deep.equal(['there is no triage_redy']);
    expect(wrong('triage_timers{stat="late"}')).to.deep.equal(['triage_timers has no label stat']);
    expect(wrong('triage_timers{state=~"late|lost"}')).to.deep.equal(['triage_timers has no state="lost"']);
    expect(
      readPromql('sum by (queue) (max by (queue, state) (triage_requests))').selectors[0]?.within,
    ).to.deep.equal(['max', 'sum']);
  });
});
