/** The made-up team of the demo: Uli and Zoe ask, Ana and Ben are on duty in turns, Lea leads. */
import type { LocalSlack } from '../local-slack.ts';

const ZONE = 'Europe/Madrid';

/** @param times YAML of the queue's times, indented by four; the product's own when absent */
export const teamYaml = (times = ''): string => `timezone: ${ZONE}
queues:
  - name: it
    triage_channel: "#triage-it"
    intake:
      - { channel: "#help-it", mode: every_message }
    rotation: ["@ana", "@ben"]
    lead: "@lea"
    escalation: "#managers"
${times}`;

const PEOPLE = [
  ['uli', 'Uli Brandt', 'asks'],
  ['zoe', 'Zoe Martín', 'asks'],
  ['ana', 'Ana Ruiz', 'on duty'],
  ['ben', 'Ben Okafor', 'on duty next'],
  ['lea', 'Lea Novak', 'leads'],
] as const;

/** What was said before the bot came, so that nobody opens an empty workspace: who, where, what, and minutes before the start. */
const EARLIER = [
  [
    'lea',
    'general',
    'From today on TrIAge keeps track of what people ask IT. It is in #help-it, and takes DMs too.',
    95,
  ],
  ['zoe', 'general', 'So no more asking three people whether somebody has seen it?', 92],
  [
    'lea',
    'general',
    'Exactly. Each ask gets a number, somebody who has it, and it is chased until it is done.',
    91,
  ],
  ['uli', 'help-it', 'Whom do I ask about the beamer in room 4?', 60],
  ['ben', 'help-it', 'Me, until this morning. From now on just write here.', 55],
  ['lea', 'triage-it', 'Here come the cards. Whoever takes one presses *Take it*.', 40],
] as const;

/** @returns what each of them is in the show, by id */
export function makeTeam(slack: LocalSlack, now: number): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  const byName = new Map<string, { readonly id: string }>();
  for (const [name, realName, part] of PEOPLE) {
    const person = slack.people.add({
      name,
      realName,
      displayName: realName.split(' ')[0] ?? name,
      tz: ZONE,
    });
    byName.set(name, person);
    parts.set(person.id, part);
  }
  const all = [...byName.values()];
  const of = (...names: string[]) => names.flatMap((name) => byName.get(name) ?? []);
  const channels = new Map([
    [
      'general',
      slack.channels.add({
        name: 'general',
        members: all,
        bot: false,
        topic: 'Everything that is for everybody',
      }),
    ],
    [
      'help-it',
      slack.channels.add({
        name: 'help-it',
        members: all,
        topic: 'Write here what you need; TrIAge answers',
      }),
    ],
    [
      'triage-it',
      slack.channels.add({
        name: 'triage-it',
        isPrivate: true,
        members: of('ana', 'ben', 'lea'),
        topic: 'One card a request',
      }),
    ],
    [
      'managers',
      slack.channels.add({
        name: 'managers',
        isPrivate: true,
        members: of('lea'),
        topic: 'The last to be told',
      }),
    ],
  ]);
  EARLIER.forEach(([name, channel, text, minutes], nth) => {
    const ts = ((now - minutes * 60_000) / 1000).toFixed(3) + String(nth).padStart(3, '0');
    slack.say(byName.get(name) ?? name, channels.get(channel) ?? channel, text, { ts, isUntold: true });
  });
  return parts;
}
