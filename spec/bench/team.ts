/** The made-up workspace that all contenders serve: twenty queues, each with its channels, and one channel of idle talk. */
import { type LocalSlack, startLocalSlack } from '../workspace/local-slack.ts';

export const QUEUES = 20;

export type Team = ReturnType<typeof makeTeam>;

function makeTeam(slack: LocalSlack) {
  const [uli, ana, ben, lea] = ['uli', 'ana', 'ben', 'lea'].map((name) =>
    slack.people.add({ name, tz: 'Europe/Madrid' }),
  ) as [Person, Person, Person, Person];
  const numbers = Array.from({ length: QUEUES }, (_, number) => number);
  const help = numbers.map((number) => slack.channels.add({ name: `help-${number}`, members: [uli, ana] }));
  const triage = numbers.map((number) =>
    slack.channels.add({ name: `triage-${number}`, isPrivate: true, members: [ana, ben, lea] }),
  );
  const talk = slack.channels.add({ name: 'talk', members: [uli, ana, ben, lea] });
  return { uli, ana, ben, lea, help, triage, talk };
}

type Person = ReturnType<LocalSlack['people']['add']>;

export function teamYaml(): string {
  const queues = Array.from(
    { length: QUEUES },
    (_, number) => `  - name: q${number}
    triage_channel: "#triage-${number}"
    intake:
      - { channel: "#help-${number}", mode: every_message }
    rotation: ["@ana", "@ben"]
    lead: "@lea"
`,
  );
  return `queues:\n${queues.join('')}`;
}

export async function startWorkspace(
  options: Parameters<typeof startLocalSlack>[0] = {},
): Promise<{ readonly slack: LocalSlack; readonly team: Team }> {
  const slack = await startLocalSlack(options);
  return { slack, team: makeTeam(slack) };
}
