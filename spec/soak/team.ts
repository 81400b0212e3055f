/** The made-up team of a soak, and its queues with times in seconds. */
import type { LocalSlack } from '../workspace/local-slack.ts';
import type { Channel, Person } from '../workspace/wire.ts';

/**
 * `it` is private and takes DMs; `web` has a public triage channel, so that private text needs its asker's yes; `hr` is
 * private, small, and has nobody in common with `web`. `lone` is never written to by any queue's people.
 */
export const SOAK_YAML = `timezone: Europe/Madrid
queues:
  - name: it
    default: true
    triage_channel: "#triage-it"
    intake:
      - { channel: "#help-it", mode: every_message }
      - { channel: "#lounge", mode: mention }
    rotation: ["@ana", "@ben", "@cid"]
    lead: "@lea"
    escalation: "#managers"
    ladder: { urgent: [1s, 2s, 4s, 6s], high: [2s, 4s, 6s, 9s], normal: [4s, 8s, 12s, 16s], low: [6s, 12s, 18s, 24s] }
    waiting: { nudge: [3s, 6s], notice: 9s, resolve: 13s }
    close_after: 6s
  - name: web
    triage_channel: "#triage-web"
    intake:
      - { channel: "#ask-web", mode: every_message }
      - { channel: "#web-inner", mode: mention }
    rotation: ["@dan", "@ana"]
    ladder: { urgent: [1s, 2s, 4s, 6s], high: [2s, 4s, 6s, 9s], normal: [4s, 8s, 12s, 16s], low: [6s, 12s, 18s, 24s] }
    waiting: { nudge: [4s], notice: 7s, resolve: 11s }
    close_after: 8s
  - name: hr
    triage_channel: "#triage-hr"
    intake:
      - { channel: "#hr-corner", mode: mention }
    rotation: ["@eva", "@fay"]
    lead: "@eva"
    escalation: "@max"
    ladder: { urgent: [1s, 2s, 4s, 6s], high: [2s, 4s, 6s, 9s], normal: [4s, 8s, 12s, 16s], low: [6s, 12s, 18s, 24s] }
    waiting: { nudge: [3s, 6s], notice: 9s, resolve: 13s }
    close_after: 6s
    taken_line: false
`;

export const QUEUE_NAMES = ['it', 'web', 'hr'] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

export interface SoakTeam {
  readonly people: Readonly<Record<string, Person>>;
  readonly triage: Readonly<Record<QueueName, Channel>>;
  /** Where every top-level message is a request. */
  readonly everyMessage: readonly Channel[];
  /** Where one has to mention the bot; also those of no queue. */
  readonly mention: readonly Channel[];
}

const ASKERS = ['uli', 'ute', 'ugo'] as const;
const RESPONDERS = ['ana', 'ben', 'cid', 'dan', 'eva', 'fay'] as const;
/** Whoever acts in a soak; `zoe` and `max` only ask and look on. */
export const ACTORS: readonly string[] = [...ASKERS, ...RESPONDERS, 'lea', 'zoe'];

export function makeSoakTeam(slack: LocalSlack): SoakTeam {
  const names = [...ASKERS, ...RESPONDERS, 'lea', 'max', 'zoe'];
  const people = Object.fromEntries(
    names.map((name) => [name, slack.people.add({ name, realName: name[0]?.toUpperCase() + name.slice(1) })]),
  );
  const of = (...who: string[]): Person[] => who.flatMap((name) => people[name] ?? []);
  const all = Object.values(people);
  const add = (name: string, members: Person[], isPrivate = false): Channel =>
    slack.channels.add({ name, members, isPrivate });
  add('managers', of('max', 'lea'));
  return {
    people,
    triage: {
      it: add('triage-it', of('ana', 'ben', 'cid', 'lea'), true),
      web: add('triage-web', of('dan', 'ana')),
      hr: add('triage-hr', of('eva', 'fay'), true),
    },
    everyMessage: [add('help-it', all), add('ask-web', all)],
    mention: [
      add('lounge', all),
      add('web-inner', of('uli', 'ute', 'dan', 'zoe'), true),
      add('hr-corner', of('uli', 'ugo', 'eva', 'fay', 'zoe'), true),
      add('random', all),
    ],
  };
}
