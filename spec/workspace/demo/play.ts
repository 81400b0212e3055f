/** A short play on a small made-up team: the whole life of a request, with times in seconds. */
import type { LocalSlack } from '../local-slack.ts';
import { textOf } from '../text-of.ts';
import type { Message } from '../wire.ts';
import type { Daemon } from './daemon.ts';
import type { Screen } from './screen.ts';

export const PLAY_YAML = `timezone: Europe/Madrid
queues:
  - name: it
    triage_channel: "#triage-it"
    intake:
      - { channel: "#help-it", mode: every_message }
    rotation: ["@ana", "@ben"]
    lead: "@lea"
    escalation: "#managers"
    ladder:
      urgent: [2s, 4s, 6s, 8s]
      high: [3s, 6s, 9s, 12s]
      normal: [3s, 6s, 9s, 12s]
      low: [5s, 10s, 15s, 20s]
    waiting: { nudge: [3s, 1h], notice: 2h, resolve: 3h }
    close_after: 4s
`;

export interface Team {
  readonly uli: { id: string };
  readonly ana: { id: string };
  readonly ben: { id: string };
  readonly lea: { id: string };
  readonly help: { id: string };
  readonly triage: { id: string };
  readonly managers: { id: string };
}

export function makePlayers(slack: LocalSlack): Team {
  const add = (name: string, realName: string) =>
    slack.people.add({
      name,
      realName,
      displayName: realName,
      tz: 'Europe/Madrid',
      email: `${name}@example.com`,
    });
  const [uli, ana, ben, lea] = [add('uli', 'Uli'), add('ana', 'Ana'), add('ben', 'Ben'), add('lea', 'Lea')];
  const help = slack.channels.add({ name: 'help-it', members: [uli, ana, ben, lea] });
  const triage = slack.channels.add({ name: 'triage-it', isPrivate: true, members: [ana, ben, lea] });
  const managers = slack.channels.add({ name: 'managers', members: [lea] });
  return { uli, ana, ben, lea, help, triage, managers };
}

/** Plays it to its end; rejects when something that should happen does not. */
export async function play(slack: LocalSlack, team: Team, daemon: Daemon, screen: Screen): Promise<void> {
  const { uli, ana, ben, lea, help, triage, managers } = team;
  const patienceMs = 60_000;
  const until = <T>(found: () => T | undefined | false, what: string) =>
    slack.waitFor(() => found() || undefined, what, patienceMs);
  const cardOf = (words: string): Promise<Message> =>
    until(
      () =>
        slack
          .messages(triage)
          .find((one) => (one.thread_ts ?? one.ts) === one.ts && textOf(one).includes(words)),
      `the card of "${words}"`,
    );
  const shows = async (card: Message, words: string): Promise<void> => {
    await until(
      () => textOf(slack.world.channel(triage.id).byTs.get(card.ts) ?? card).includes(words),
      `a card that shows "${words}"`,
    );
    screen.look();
  };

  screen.title('A request by DM, and its whole life');
  const asked = slack.dm(uli, 'My monitor stays black since this morning. Can somebody have a look?');
  const card = await cardOf('monitor stays black');
  const at = { channel: triage.id, ts: card.ts };
  await slack.press(ana, at, 'Take it');
  await shows(card, 'in progress');
  slack.say(ana, triage, '🔒 third one of that series this month', { threadTs: card.ts });
  slack.say(ana, triage, 'Does the lamp at its edge light up?', { threadTs: card.ts });
  await until(
    () => slack.thread(slack.dmOf(uli), asked).find((one) => textOf(one).includes('lamp')),
    "Ana's question in Uli's DM",
  );
  await slack.press(ana, at, 'Waiting for asker');
  await shows(card, 'Unhold');
  slack.say(uli, slack.dmOf(uli), 'No, it is dark.', { threadTs: asked });
  await shows(card, 'in progress');
  await slack.press(ana, at, 'Resolve');
  await shows(card, 'resolved');

  screen.title('A message that nobody takes: the ladder, in seconds');
  slack.say(uli, help, 'The printer on floor 2 eats paper');
  const printer = await cardOf('eats paper');
  await until(
    () =>
      slack.messages(slack.dmOf(ana)).some((one) => textOf(one).includes('eats paper')) ||
      slack.messages(slack.dmOf(ben)).some((one) => textOf(one).includes('eats paper')),
    'the person on duty to be asked',
  );

  screen.title('The daemon is killed in the middle of it (SIGKILL), and started again');
  await daemon.kill();
  slack.say(uli, help, 'And the coffee machine is out of order');
  daemon.start();
  await until(
    () => slack.messages(managers).find((one) => one.user === slack.botUserId),
    'the escalation to #managers',
  );
  await cardOf('coffee machine');
  slack.react(ben, { channel: triage.id, ts: printer.ts }, 'eyes');
  await shows(printer, 'in progress');
  await slack.slash(ben, triage, '/triage', `resolve #${numberOf(printer)} new rollers`);
  await shows(printer, 'resolved');

  screen.title('What is left');
  await slack.slash(lea, triage, '/triage', 'list');
  await until(
    () => slack.ephemerals(lea).find((one) => textOf(one).includes('#')),
    "the answer to Lea's list",
  );
  const cards = slack
    .messages(triage)
    .filter(
      (one) => one.user === slack.botUserId && (one.thread_ts ?? one.ts) === one.ts && one.text.includes('#'),
    );
  screen.look();
  screen.line(
    `\n   ${cards.length} requests, ${cards.length} cards; the one that was resolved first closes by itself.`,
  );
}

function numberOf(card: Message): string {
  return /#(\d+)/.exec(textOf(card))?.[1] ?? '';
}
